import { deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Driver } from '../drivers/driver.ts';

/** How long one call may take of a driver that names no limit of its own. */
const DRIVER_TIMEOUT_MS = 10_000;

/**
 * Calls of a driver, each under a deadline, one at a time for each config. A call that was given up may
 * still put its version in force: the next one about the same config waits until it has really ended.
 */
export class DriverCalls {
  /** The deadline of each call. */
  readonly timeoutMs: number;
  readonly #running = new Map<string, Promise<void>>();

  constructor({ callTimeoutMs = DRIVER_TIMEOUT_MS }: Pick<Driver, 'callTimeoutMs'> = {}) {
    this.timeoutMs = callTimeoutMs;
  }

  /** Throws what the driver throws, or a TimeoutError, even when the driver ignores its signal. */
  async run<T>(
    id: string,
    signal: AbortSignal,
    call: (limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    using limit = deadlineSignal(signal, this.timeoutMs);
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
