import { EtcdError } from '#libs/etcd';
import { isAbortError } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { RevisionWatermark } from './revision-watermark.ts';

/** Deadline of one call. */
const CALL_TIMEOUT_MS = 1_000;

export interface RewindCheckDeps {
  watermark: Pick<RevisionWatermark, 'hasLostWrites'>;
  /** The epoch that the view shows. */
  epoch: () => number | undefined;
  onRewind: (epoch: number) => void;
  log: Logger;
}

/**
 * Looks, each time that the connection is back, whether etcd still has what this process wrote last. A
 * look that fails is not repeated: the next pass compares every row anyway.
 */
export function createRewindCheck({ watermark, epoch, onRewind, log }: RewindCheckDeps) {
  return {
    run: async (): Promise<void> => {
      const seen = epoch();
      try {
        const isLost = await watermark.hasLostWrites({ timeoutMs: CALL_TIMEOUT_MS });
        if (!isLost || seen === undefined) return;
        log.warn({ epoch: seen }, 'etcd has lost a write');
        onRewind(seen);
      } catch (error) {
        // Nobody waits for a look, so a stop in the middle of one must not end the process.
        if (!(error instanceof EtcdError) && !isAbortError(error)) throw error;
        log.debug({ err: error }, 'whether etcd was restored is not known');
      }
    },
  };
}
