import { type Clock, deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';

/** What an answer may wait for MySQL: past it the answer goes without. */
const PATIENCE_MS = 300;
/** How long nobody asks after a failure: an outage costs each caller nothing, and ends soon. */
const OPEN_MS = 1_000;

export interface BreakerDeps {
  clock: Pick<Clock, 'monotonicMs'>;
  log: Logger;
}

/** Asks MySQL in bounded time, and for a moment not at all after it has failed. */
export class Breaker {
  readonly #deps: BreakerDeps;
  #openUntilMs = 0;
  #isFailing = false;

  constructor(deps: BreakerDeps) {
    this.#deps = deps;
  }

  /** What `call` resolves with; undefined when it failed, was too slow, or was not made. */
  async ask<T>(call: () => Promise<T>): Promise<T | undefined> {
    const { clock, log } = this.#deps;
    if (clock.monotonicMs() < this.#openUntilMs) return undefined;
    using patience = deadlineSignal(undefined, PATIENCE_MS);
    try {
      const answer = await raceSignal(call(), patience.signal);
      if (this.#isFailing) log.info({}, 'mysql answers again');
      this.#isFailing = false;
      return answer;
    } catch (error) {
      this.#openUntilMs = clock.monotonicMs() + OPEN_MS;
      if (!this.#isFailing) log.warn({ err: error }, 'mysql does not answer, going on without');
      this.#isFailing = true;
      return undefined;
    }
  }
}
