import { sleep } from '#libs/lifecycle';
import { type Child, logTail } from './child.ts';
import { StartError } from './errors.ts';

/** Between two looks: short, because every start in every test waits for it. */
const POLL_MS = 25;

/** A busy machine may take long to load a server; one that needs more than this is stuck. */
export const startTimeoutMs = 60_000;

/**
 * Asks `probe` until it answers something. Throws StartError when the process ends first or after
 * a minute; what a probe throws counts as "not yet".
 */
export async function untilReady<T>(
  what: string,
  child: Child,
  logFile: string,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const giveUpAt = performance.now() + startTimeoutMs;
  let why = 'no answer';
  while (!child.hasExited()) {
    try {
      const ready = await probe();
      if (ready !== undefined) return ready;
    } catch (error) {
      why = (error as Error).message;
    }
    if (performance.now() > giveUpAt) {
      await child.kill();
      throw new StartError(what, `not ready after ${startTimeoutMs} ms: ${why}`, logTail(logFile));
    }
    await sleep(POLL_MS);
  }
  const exit = await child.exited;
  throw new StartError(what, `ended with ${exit.signal ?? exit.code}`, logTail(logFile));
}
