import { deriveSignal, type Run, sleepUntilAborted } from '#libs/lifecycle';
import { counter } from '#libs/telemetry';
import type { Accepted } from '../domain/facts.ts';
import type { AcceptedReader } from '../store/accepted-reader.ts';
import type { HistoryEvent, HistoryEventType, Observed, Settled } from './history-event.ts';

/** Events checked with one question. */
const BATCH_MAX = 500;
/** Events that wait for MySQL; the oldest are dropped. */
const QUEUE_MAX = 20_000;
/** A wake-up is never missed; this only bounds the wait. */
const IDLE_MS = 60_000;

const dropped = counter('rollcall_events_dropped', 'events of states that could not be checked');

/** An observed event with its place in the history. */
export interface Placed {
  readonly observed: Observed & { readonly settled: Settled };
  readonly sequence: number;
}

export interface StateCheckDeps {
  reader: Pick<AcceptedReader, 'read'>;
  /** Takes what stood the check, as it is to be told. */
  record: (event: HistoryEvent, about: { traceparent: string; sequence: number }) => void;
}

/**
 * Asks MySQL about states before they are told: whether the members were enough, and the content one
 * that was accepted. While MySQL is away its last known word counts, as in the answers.
 */
export class StateCheck {
  readonly #deps: StateCheckDeps;
  #queue: Placed[] = [];
  #wake: (() => void) | undefined;

  constructor(deps: StateCheckDeps) {
    this.#deps = deps;
  }

  add(placed: Placed): void {
    this.#queue.push(placed);
    if (this.#queue.length > QUEUE_MAX) {
      this.#queue.shift();
      dropped(1);
    }
    this.#wake?.();
  }

  readonly run: Run = async (signal) => {
    while (!signal.aborted) {
      if (this.#queue.length === 0) await this.#pause(signal);
      await this.#checkBatch();
    }
  };

  async #checkBatch(): Promise<void> {
    const batch = this.#queue.splice(0, BATCH_MAX);
    if (batch.length === 0) return;
    const refs = batch.map(({ observed: { event } }) => ({ env: event.env, id: event.id ?? '' }));
    const accepted = await this.#deps.reader.read(refs);
    for (const [index, { observed, sequence }] of batch.entries()) {
      const ref = refs[index];
      if (!ref) continue;
      const facts = { accepted: accepted.accepted(ref), minAgents: accepted.minAgents(ref.env) };
      const event = checkedEvent(observed.event, observed.settled, facts);
      const { traceparent } = observed;
      if (event) this.#deps.record(event, { traceparent, sequence });
    }
  }

  /** Until there is something to check. */
  async #pause(signal: AbortSignal): Promise<void> {
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(IDLE_MS, wake.signal);
    this.#wake = undefined;
  }
}

const WITHOUT_EXCEPTIONS: Partial<Record<HistoryEventType, HistoryEventType>> = {
  COMPLETE_WITH_EXCEPTIONS: 'COMPLETE',
  DELETED_WITH_EXCEPTIONS: 'DELETED',
};

/** The event as MySQL lets it stand; undefined: the state was none. */
export function checkedEvent(
  event: HistoryEvent,
  { digest, counts, forgottenAtMs }: Settled,
  { accepted, minAgents }: { accepted: Accepted | undefined; minAgents: number },
): HistoryEvent | undefined {
  if (counts.expected < minAgents) return undefined;
  if (accepted?.generation !== event.generation) return event;
  // A generation of which MySQL knows another content is pending, whatever etcd holds.
  const isDelete = digest === '';
  if (accepted.deleted !== isDelete || (!isDelete && accepted.digest !== digest)) return undefined;
  const type = WITHOUT_EXCEPTIONS[event.type];
  if (!isDelete || !type || counts.lost > 0) return event;
  const isBefore = (atMs: number) => atMs < accepted.acceptedAtMs;
  if (!forgottenAtMs.every(isBefore)) return event;
  return { ...event, type, message: `${counts.done} of ${counts.expected} members` };
}
