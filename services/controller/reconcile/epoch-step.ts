import type { EtcdKv, Op, Revision } from '#libs/etcd';
import { EPOCH_KEY, fixed20FromValue, toFixed20 } from '#libs/keyspace';
import type { Logger } from '#libs/telemetry';
import { type ObservedEpoch, planEpoch } from '../domain/epoch-plan.ts';
import type { EpochState, EpochStore } from './reconcile-ports.ts';
import type { RevisionWatermark } from './revision-watermark.ts';

/** Deadline of one call. */
export const CALL_TIMEOUT_MS = 1_000;

export interface EpochStepDeps {
  watermark: RevisionWatermark;
  epochs: EpochStore;
  log: Logger;
}

/**
 * The first step of a pass: the epoch that etcd is in, after giving it one when it was wiped or rolled
 * back, and what MySQL knew before. Undefined while another controller is at it: look again.
 */
export async function settleEpoch(
  { watermark, epochs, log }: EpochStepDeps,
  signal: AbortSignal,
): Promise<{ epoch: number; known: EpochState } | undefined> {
  // MySQL first: reversed, another controller's pass in between would look like a rollback.
  const known = await epochs.read();
  const { seen } = watermark;
  const observed = await observe(watermark, signal);
  const plan = planEpoch(known, observed, seen);
  if (plan.kind === 'keep') {
    if (watermark.seen?.epoch !== plan.epoch) watermark.enter(plan.epoch, observed.revision);
    return { epoch: plan.epoch, known };
  }
  const { reason, above } = plan;
  // Another controller may have dealt with it since the first read.
  if ((await epochs.read()).epoch !== known.epoch) return undefined;
  const allocation = await epochs.allocate(above);
  if ('young' in allocation) return undefined;
  const epoch = allocation.allocated;
  log.warn({ epoch, reason, revision: observed.revision.toString() }, 'etcd gets a new epoch');
  const revision = await putEpochOnce(watermark, epoch, observed, signal);
  if (revision === undefined) return undefined;
  watermark.enter(epoch, revision);
  return { epoch, known };
}

interface ObservedKey extends ObservedEpoch {
  /** Set when the key holds something that is not a counter. */
  readonly foreignMod?: Revision;
}

async function observe(etcd: Pick<EtcdKv, 'range'>, signal: AbortSignal): Promise<ObservedKey> {
  const request = { key: EPOCH_KEY };
  const { revision, kvs } = await etcd.range(request, { signal, timeoutMs: CALL_TIMEOUT_MS });
  const [kv] = kvs;
  if (!kv) return { revision };
  const epoch = fixed20FromValue(kv.value);
  return epoch === undefined ? { revision, foreignMod: kv.modRevision } : { revision, epoch };
}

/**
 * Puts an allocated epoch where there is none or a lower one. Called once for each epoch and never
 * repeated, whatever came of it: a second put could land in a later incarnation of etcd.
 */
async function putEpochOnce(
  etcd: Pick<EtcdKv, 'txn'>,
  epoch: number,
  observed: ObservedKey,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const put: Op = { put: { key: EPOCH_KEY, value: toFixed20(epoch) } };
  const { foreignMod } = observed;
  const request =
    foreignMod === undefined
      ? {
          // A missing key makes every value compare false: "not at or above" is "missing or lower".
          compare: [
            { key: EPOCH_KEY, target: 'value', op: '>', value: toFixed20(epoch - 1) } as const,
          ],
          success: [],
          failure: [put],
        }
      : {
          compare: [{ key: EPOCH_KEY, target: 'mod', op: '=', value: foreignMod } as const],
          success: [put],
        };
  const result = await etcd.txn(request, { signal, timeoutMs: CALL_TIMEOUT_MS });
  const isPut = foreignMod === undefined ? !result.succeeded : result.succeeded;
  return isPut ? result.revision : undefined;
}
