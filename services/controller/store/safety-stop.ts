import { type Kysely, sql } from 'kysely';
import type { RollcallSchema } from '#libs/mysql';
import { type ConfirmPlan, planConfirm } from '../domain/row-loss.ts';
import { countLive } from './config-queries.ts';

type Db = Kysely<RollcallSchema>;

/** MySQL seems to have lost rows, and no pass has completed since. */
export interface SafetyStop {
  readonly stoppedAt: Date;
  /** Live rows that the last pass counted, and those of the last clean pass. */
  readonly liveRows: number;
  readonly liveRowsBefore: number;
  readonly configsInEtcd: number;
  /** What an operator accepted. */
  readonly confirmedLiveRows: number | undefined;
  readonly confirmedBy: string;
}

/** What a pass found when it stopped. */
export type FoundLoss = Pick<SafetyStop, 'liveRows' | 'liveRowsBefore' | 'configsInEtcd'>;

export async function readStop(db: Db): Promise<SafetyStop | undefined> {
  const row = await db.selectFrom('safety_stop').selectAll().where('id', '=', 1).executeTakeFirst();
  return (
    row && {
      stoppedAt: row.stopped_at,
      liveRows: row.live_rows,
      liveRowsBefore: row.live_rows_before,
      configsInEtcd: row.configs_in_etcd,
      confirmedLiveRows: row.confirmed_live_rows ?? undefined,
      confirmedBy: row.confirmed_by,
    }
  );
}

/** Records a stop; its beginning and a confirmation stay. Nothing when a pass completed meanwhile. */
export async function recordStop(db: Db, found: FoundLoss): Promise<void> {
  const { liveRows, liveRowsBefore, configsInEtcd } = found;
  await sql`
    insert into safety_stop (id, stopped_at, live_rows, live_rows_before, configs_in_etcd)
    select 1, UTC_TIMESTAMP(3), ${liveRows}, ${liveRowsBefore}, ${configsInEtcd}
    from etcd_state where etcd_state.id = 1 and etcd_state.live_rows = ${liveRowsBefore}
    on duplicate key update live_rows = values(live_rows),
      live_rows_before = values(live_rows_before), configs_in_etcd = values(configs_in_etcd)
  `.execute(db);
}

export async function clearStop(db: Db): Promise<void> {
  await db.deleteFrom('safety_stop').where('id', '=', 1).execute();
}

/** Confirms the stop that stands, in the caller's transaction. */
export async function confirmStop(
  trx: Db,
  accepted: number,
  actor: string,
): Promise<{ plan: ConfirmPlan; liveRows: number }> {
  const row = await trx
    .selectFrom('etcd_state')
    .leftJoin('safety_stop', 'safety_stop.id', 'etcd_state.id')
    .select(['etcd_state.live_rows as before', 'live_rows_before', 'confirmed_live_rows'])
    .where('etcd_state.id', '=', 1)
    .executeTakeFirstOrThrow();
  const liveRows = await countLive(trx);
  const { before: liveRowsBefore, live_rows_before: stopped } = row;
  const stop =
    stopped === null
      ? undefined
      : { liveRowsBefore: stopped, confirmedLiveRows: row.confirmed_live_rows ?? undefined };
  const plan = planConfirm({ accepted, liveRows, liveRowsBefore, stop });
  if (plan.kind === 'confirm') {
    await trx
      .updateTable('safety_stop')
      .set({ confirmed_live_rows: accepted, confirmed_by: actor, live_rows: liveRows })
      .where('id', '=', 1)
      .execute();
  }
  return { plan, liveRows };
}
