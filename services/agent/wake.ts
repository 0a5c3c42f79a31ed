import { openNap } from '#libs/lifecycle';

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
      const nap = openNap(ms, signal);
      this.#resolve = nap.end;
      await nap.over;
      this.#resolve = () => undefined;
    }
    this.#asked = false;
  }
}
