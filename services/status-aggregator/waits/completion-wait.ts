import { deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Answer, Answerer } from '../answers/answerer.ts';
import { type AgentStatus, situationOfAgent } from '../domain/agent-statuses.ts';
import type { ConfigRef } from '../domain/completion.ts';
import { isReached, type ReadAfter } from '../domain/read-after.ts';
import { type Outcome, outcomeOf, worstOutcome } from '../domain/wait-outcome.ts';
import type { AcceptedAnswer } from '../store/accepted-reader.ts';
import { UnknownConfigError } from './errors.ts';
import type { Subscription, WaitRegistry } from './wait-registry.ts';

/** Kept from the deadline, so that the answer with who blocks arrives before it. */
const ANSWER_MARGIN_MAX_MS = 500;
const ANSWER_MARGIN_FRACTION = 0.1;

export interface WaitRequest {
  /** One for each environment. */
  readonly refs: readonly ConfigRef[];
  /** 0: the current one when the wait begins. */
  readonly generation: number;
  readonly deleted: boolean;
  readonly acceptExceptions: boolean;
  /** Of the only environment. */
  readonly after: ReadAfter | undefined;
  /** Of the only environment: the others do not matter. Undefined: all of them do. */
  readonly agent: string | undefined;
}

export interface WaitLimits {
  /** Its reason is thrown. */
  readonly signal: AbortSignal;
  /** Time for everything, the answer included. */
  readonly remainingMs: number;
}

export interface WaitResult {
  readonly outcome: Outcome | 'TIMED_OUT';
  readonly answers: readonly Answer[];
  /** Of a wait for one agent; undefined: it is no member. */
  readonly agentStatus: AgentStatus | undefined;
}

export interface CompletionWaitDeps {
  answerer: Answerer;
  registry: WaitRegistry;
}

/**
 * Waits until the configs are as asked for, or cannot become so, or the time is over. Listens before
 * it looks. Throws UnknownConfigError for a config known nowhere, TooManyWaitsError, and the signal's
 * reason.
 */
export async function waitForCompletion(
  { answerer, registry }: CompletionWaitDeps,
  request: WaitRequest,
  { signal, remainingMs }: WaitLimits,
): Promise<WaitResult> {
  using subscription = registry.subscribe(request.refs, request.after?.revision);
  using deadline = deadlineSignal(signal, timeToWaitMs(remainingMs));
  const wait = new CompletionWait(answerer, request);
  for (;;) {
    const accepted = await answerer.accepted(request.refs);
    signal.throwIfAborted();
    const outcome = wait.outcome(accepted);
    const isOver = outcome !== undefined || deadline.signal.aborted;
    if (isOver) {
      const agentStatus = wait.agentStatus(accepted);
      const answers = await answerer.answers(request.refs, accepted);
      return { outcome: outcome ?? 'TIMED_OUT', answers, agentStatus };
    }
    // What changes meanwhile is looked at with what MySQL said last; before the end it is asked again.
    await listen(subscription, deadline.signal, () => wait.outcome(accepted) !== undefined);
  }
}

/** Waits until the view shows the write. False: it did not in time. */
export async function waitForWrite(
  { answerer, registry }: CompletionWaitDeps,
  { ref, after }: { ref: ConfigRef; after: ReadAfter },
  { signal, remainingMs }: WaitLimits,
): Promise<boolean> {
  const hasIt = () => isReached(answerer.view, ref, after);
  if (hasIt()) return true;
  using subscription = registry.subscribe([ref], after.revision);
  using deadline = deadlineSignal(signal, timeToWaitMs(remainingMs));
  while (!hasIt() && !deadline.signal.aborted) await listen(subscription, deadline.signal, hasIt);
  signal.throwIfAborted();
  return hasIt();
}

/** The terms of a wait, fixed once each is known. */
class CompletionWait {
  readonly #answerer: Answerer;
  readonly #request: WaitRequest;
  readonly #generations = new Map<string, number>();

  constructor(answerer: Answerer, request: WaitRequest) {
    this.#answerer = answerer;
    this.#request = request;
  }

  outcome(accepted: AcceptedAnswer): Outcome | undefined {
    const { refs, after } = this.#request;
    const [only] = refs;
    if (after && only && !isReached(this.#answerer.view, only, after)) return undefined;
    return worstOutcome(refs.map((ref) => this.#outcomeOf(ref, accepted)));
  }

  #outcomeOf(ref: ConfigRef, accepted: AcceptedAnswer): Outcome | undefined {
    const situation = this.#answerer.situation(ref, accepted);
    if (!situation) throw new UnknownConfigError(ref);
    if (situation.state === 'UNKNOWN') return undefined;
    const { generation: asked, deleted, acceptExceptions, agent } = this.#request;
    const generation = asked || (this.#generations.get(ref.env) ?? situation.generation);
    this.#generations.set(ref.env, generation);
    const about =
      agent === undefined ? situation : situationOfAgent(situation, this.agentStatus(accepted));
    return outcomeOf(about, { deleted, generation, acceptExceptions });
  }

  /** Where the agent that is waited for stands. */
  agentStatus(accepted: AcceptedAnswer): AgentStatus | undefined {
    const { refs, agent } = this.#request;
    const [only] = refs;
    if (agent === undefined || !only) return undefined;
    return this.#answerer.agentStatus(only, accepted, agent);
  }
}

/** Resolves once `isDue` after a change, when a look is due anyway, or when the signal fires. */
async function listen(
  subscription: Subscription,
  signal: AbortSignal,
  isDue: () => boolean,
): Promise<void> {
  using look = deadlineSignal(signal, subscription.lookEveryMs());
  while (!look.signal.aborted) {
    await raceSignal(subscription.changed(), look.signal).catch(() => undefined);
    if (!look.signal.aborted && isDue()) return;
  }
}

function timeToWaitMs(remainingMs: number): number {
  const marginMs = Math.min(ANSWER_MARGIN_MAX_MS, remainingMs * ANSWER_MARGIN_FRACTION);
  return Math.max(0, remainingMs - marginMs);
}
