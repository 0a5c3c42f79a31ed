import { jittered } from '#libs/lifecycle';
import { runEvery } from '#libs/reconcile';
import type { Logger } from '#libs/telemetry';

const SWEEP_MS = 10 * 60_000;
const JITTER = 0.5;

export interface RequestSweepDeps {
  store: { sweepRequests(): Promise<number> };
  log: Logger;
}

/** Deletes stored answers that are older than they are promised to be kept, every ten minutes or so. */
export async function runRequestSweep(
  signal: AbortSignal,
  { store, log }: RequestSweepDeps,
): Promise<void> {
  await runEvery(
    signal,
    () => jittered(SWEEP_MS, JITTER),
    async () => {
      const rows = await store.sweepRequests();
      if (rows > 0) log.debug({ rows }, 'old answers deleted');
    },
    (error) => log.warn({ err: error }, 'old answers not deleted'),
  );
}
