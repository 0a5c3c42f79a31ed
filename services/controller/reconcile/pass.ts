import type { EtcdKv } from '#libs/etcd';
import { counter, type Logger } from '#libs/telemetry';
import { setAside } from '../domain/reconcile-plan.ts';
import { planLoss } from '../domain/row-loss.ts';
import type { Publisher } from '../publish/publisher.ts';
import { settleEpoch } from './epoch-step.ts';
import { listEtcd } from './etcd-listing.ts';
import { finishPass, startPass } from './finish-step.ts';
import type { EpochState, EpochStore, MemberSource, RowSource } from './reconcile-ports.ts';
import type { RevisionWatermark } from './revision-watermark.ts';
import { restoreRoster } from './roster-restore.ts';
import { passRows, publishRows, type RowPassResult } from './row-pass.ts';

export interface PassDeps {
  etcd: Pick<EtcdKv, 'list'>;
  watermark: RevisionWatermark;
  rows: RowSource;
  epochs: EpochStore;
  members: MemberSource;
  publisher: Pick<Publisher, 'publishAll' | 'noteStanding' | 'recorded'>;
  log: Logger;
  nowMs: () => number;
}

export type PassOutcome =
  /** etcd equals MySQL; `counted` unless another controller's pass overlapped. */
  | { kind: 'clean'; epoch: number; counted: boolean; published: number; setAside: number }
  /** Another controller is giving etcd an epoch, or has: look again soon. */
  | { kind: 'moved' }
  /** Some rows could not be published. */
  | { kind: 'pending'; epoch: number; pending: number }
  /** MySQL looks emptied: nothing was deleted or announced. */
  | { kind: 'stopped'; epoch: number };

const restored = counter('rollcall_roster_restored', 'Roster keys put back from MySQL');
const safetyStops = counter(
  'rollcall_safety_stops',
  'Passes that stopped because MySQL seems to have lost its rows',
);

/**
 * One full comparison of etcd with MySQL, which makes etcd equal. Safe when any number of controllers
 * run it at once. Rejects when etcd or MySQL cannot be reached.
 */
export async function runPass(deps: PassDeps, signal: AbortSignal): Promise<PassOutcome> {
  const { etcd, watermark, publisher, epochs, log } = deps;
  const settled = await settleEpoch(deps, signal);
  if (!settled) return { kind: 'moved' };
  const { epoch, known } = settled;
  await liftRows(deps, known.generationBase, signal);
  const restoring = { list: etcd.list.bind(etcd), txn: watermark.txn.bind(watermark) };
  const back = await restoreRoster(restoring, deps.members, epoch, signal);
  if (back === undefined) return { kind: 'moved' };
  if (back > 0) {
    restored(back);
    log.warn({ epoch, count: back }, 'roster restored from mysql');
  }
  const start = await startPass(watermark, epoch, signal);
  if (!start) return { kind: 'moved' };
  const { listed, foreignKeys } = await listEtcd(etcd, start.revision, signal);
  const result = await passRows(deps, epoch, listed, signal);
  const configs = [...listed.values()].filter(({ config }) => config !== undefined).length;
  if (await isStopped(deps, { epoch, known, result, configs })) return { kind: 'stopped', epoch };
  await publishRows(publisher, result.deletes, result, { epoch, signal, intoEmpty: false });
  await publisher.recorded();
  if (result.pending > 0) return { kind: 'pending', epoch, pending: result.pending };
  // Another controller may have allocated the next epoch without having put it yet.
  if ((await epochs.read()).epoch !== epoch) return { kind: 'moved' };
  const finished = await finishPass(watermark, epoch, start, signal);
  if (!finished) return { kind: 'moved' };
  const { live } = result.counts;
  await epochs.markReady({ epoch, highWaterRevision: finished.revision, liveRows: live });
  return {
    kind: 'clean',
    epoch,
    counted: finished.counted,
    published: result.published,
    setAside: setAside(listed, result.known).length + foreignKeys.length,
  };
}

/** Goes on with a rebase: rows that a writer or an interrupted call left below the base. */
async function liftRows(
  { rows, log }: Pick<PassDeps, 'rows' | 'log'>,
  base: number,
  signal: AbortSignal,
): Promise<void> {
  if (base === 0) return;
  let lifted = 0;
  for (let count = 1; count > 0; lifted += count) {
    signal.throwIfAborted();
    count = await rows.liftRows(base);
  }
  if (lifted > 0) log.warn({ base, count: lifted }, 'generations lifted above the base');
}

interface Counted {
  epoch: number;
  known: EpochState;
  result: RowPassResult;
  configs: number;
}

/** Whether the pass ends here, because MySQL seems to have lost its rows. */
async function isStopped(
  { epochs, log }: Pick<PassDeps, 'epochs' | 'log'>,
  { epoch, known, result, configs }: Counted,
): Promise<boolean> {
  const { liveRows: liveRowsBefore, stop } = known;
  const confirmed =
    stop?.confirmedLiveRows === undefined
      ? undefined
      : { liveRows: stop.confirmedLiveRows, liveRowsBefore: stop.liveRowsBefore };
  const plan = planLoss(result.counts, liveRowsBefore, configs, confirmed);
  if (plan === 'none') return false;
  const facts = { epoch, ...result.counts, liveRowsBefore, configs };
  if (plan === 'accepted') {
    log.warn(facts, 'mysql has lost rows, as an operator confirmed: going on');
    return false;
  }
  safetyStops();
  log.error(
    facts,
    'mysql seems to have lost its rows: nothing is deleted until an operator confirms',
  );
  await epochs.markStopped({
    liveRows: result.counts.live,
    liveRowsBefore,
    configsInEtcd: configs,
  });
  return true;
}
