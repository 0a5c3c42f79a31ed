import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on. */
  timeoutMs: number;
  /** Between two looks. */
  everyMs?: number;
  /** What is waited for, for the message. */
  what?: string;
}

/**
 * Calls `look` until it neither throws nor returns false, and returns what it returned. Throws the
 * last failure when the time is over.
 */
export async function eventually<T>(
  look: () => Promise<T | false> | T | false,
  { timeoutMs, everyMs = 50, what = 'the expected state' }: EventuallyOptions,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await look();
      if (value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await delay(everyMs);
  } while (performance.now() < end);
  throw new Error(`${what} did not come within ${timeoutMs} ms`, { cause: last });
}
