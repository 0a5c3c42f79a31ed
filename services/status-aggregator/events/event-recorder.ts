import { type Logger, traceEvent } from '#libs/telemetry';
import type { View } from '../domain/view.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { EventSource } from './event-source.ts';
import { History } from './history.ts';
import type { HistoryEvent, HistoryEventType, Observed } from './history-event.ts';
import { StateCheck, type StateCheckDeps } from './state-check.ts';

/** Longest message that is kept, in characters. */
const MESSAGE_LENGTH_MAX = 256;
/** One for each config on each agent: too many for a log that is read. */
const ROUTINE: ReadonlySet<HistoryEventType> = new Set(['APPLIED', 'REMOVED'] as const);

export interface EventRecorderDeps extends Pick<StateCheckDeps, 'reader'> {
  now: () => number;
  /** Whether what the view shows is not to be trusted: then no state is told. */
  isInDoubt: (view: View) => boolean;
  /** The traceparent of a config's generation in the view; empty: not known. */
  traceparentOf: (env: string, id: string, generation: number) => string;
  log: Logger;
}

/** Each event becomes a line of the log, a span with an event, and part of the history. */
export class EventRecorder {
  readonly history = new History();
  /** Sees the changes of the view. */
  readonly source: EventSource;
  /** To be run: states are told once they are checked. */
  readonly check: StateCheck;
  readonly #deps: EventRecorderDeps;

  constructor(deps: EventRecorderDeps) {
    this.#deps = deps;
    const { isInDoubt, now } = deps;
    const sink = (observed: Observed) => this.#observe(observed);
    this.source = new EventSource({ sink, isInDoubt, now });
    this.check = new StateCheck({
      reader: deps.reader,
      record: (event, { traceparent, sequence }) => this.#record(event, traceparent, sequence),
    });
  }

  /** A receipt is in MySQL, by this process. */
  onReceipt({ env, id, generation, kind, late, members, revision, epoch }: Receipt): void {
    const reason = late ? 'LATE' : kind;
    const message = `${kind} by ${members} members`;
    const event: HistoryEvent = {
      ...{ type: 'RECEIPT', env, id, agent: undefined, atMs: this.#deps.now() },
      ...{ revision, epoch, generation, reason, message },
    };
    this.#record(event, this.#deps.traceparentOf(env, id, generation));
  }

  #observe(observed: Observed): void {
    const { event, traceparent, settled } = observed;
    const sequence = this.history.next();
    if (settled) this.check.add({ observed: { ...observed, settled }, sequence });
    else this.#record(event, traceparent, sequence);
  }

  #record(event: HistoryEvent, traceparent: string, sequence?: number): void {
    const kept = { ...event, message: event.message.slice(0, MESSAGE_LENGTH_MAX) };
    this.history.record(kept, sequence);
    const { log } = this.#deps;
    const { type, env, id, agent, generation, revision, epoch, reason, message } = kept;
    const fields = { event: type, env, id, agent, generation, revision, epoch, reason, message };
    log[ROUTINE.has(type) ? 'debug' : 'info'](fields, 'observed');
    const attributes = withoutUndefined(fields);
    traceEvent(`aggregator.${type.toLowerCase()}`, attributes, traceparent ? [traceparent] : []);
  }
}

function withoutUndefined(fields: Record<string, string | number | undefined>) {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[`rollcall.${name}`, value] as const],
    ),
  );
}
