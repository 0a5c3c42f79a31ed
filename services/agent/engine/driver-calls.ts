import { deadlineSignal, raceSignal } from '#libs/lifecycle';

/** How long one call of a driver may take. */
export const DRIVER_TIMEOUT_MS = 10_000;

/**
 * Calls of a driver, each under a deadline, one at a time for each config. A call that was given up may
 * still put its version in force: the next one about the same config waits until it has really ended.
 */
export class DriverCalls {
  readonly #running = new Map<string, Promise<void>>();

  /** Throws what the driver throws, or a TimeoutError, even when the driver ignores its signal. */
  async run<T>(
    id: string,
    signal: AbortSignal,
    call: (limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    using limit = deadlineSignal(signal, DRIVER_TIMEOUT_MS);
    const before = this.#running.get(id);
    if (before) await raceSignal(before, limit.signal);
    const calling = call(limit.signal);
    const ended = calling
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (this.#running.get(id) === ended) this.#running.delete(id);
      });
    this.#running.set(id, ended);
    return await raceSignal(calling, limit.signal);
  }
}
