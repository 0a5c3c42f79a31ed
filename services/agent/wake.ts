import { deadlineSignal, sleepUntilAborted } from '#libs/lifecycle';

/** Lets one loop sleep until somebody has work for it. Calls before the wait are not lost. */
export class Wake {
  #asked = false;
  #resolve: () => void = () => undefined;

  /** Ends the wait under way, or the next one at once. */
  wake(): void {
    this.#asked = true;
    this.#resolve();
  }

  /** Resolves when it is woken, after `ms`, or when the signal fires. */
  async wait(signal: AbortSignal, ms: number): Promise<void> {
    if (!this.#asked && !signal.aborted) {
      using limit = deadlineSignal(signal, ms);
      this.#resolve = () => limit.abort();
      await sleepUntilAborted(ms, limit.signal);
      this.#resolve = () => undefined;
    }
    this.#asked = false;
  }
}
