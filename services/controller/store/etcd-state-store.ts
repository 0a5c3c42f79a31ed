import { type Kysely, sql } from 'kysely';
import type { Mysql, RollcallSchema } from '#libs/mysql';
import type { ConfirmPlan } from '../domain/row-loss.ts';
import {
  clearStop,
  confirmStop,
  type FoundLoss,
  readStop,
  recordStop,
  type SafetyStop,
} from './safety-stop.ts';

/** An allocation younger than this is left to the controller that made it. */
const YOUNG_MS = 2_000;

/** What MySQL knows of etcd's incarnation. */
export interface EtcdState {
  /** 0: none was ever allocated. */
  readonly epoch: number;
  /** By the database's clock; Infinity: never. */
  readonly allocatedAgoMs: number;
  readonly highWaterRevision: bigint;
  readonly state: 'READY' | 'REBUILDING';
  /** Live rows at the last clean pass. */
  readonly liveRows: number;
  /** Every new generation is above it. */
  readonly generationBase: number;
}

/** The row of `etcd_state` and the safety stop, on the primary. Every call throws MysqlErrors. */
export class EtcdStateStore {
  readonly #mysql: Mysql;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#mysql = mysql;
  }

  async read(): Promise<EtcdState & { readonly stop: SafetyStop | undefined }> {
    const { db } = this.#mysql;
    const [state, stop] = await Promise.all([this.#read(db), readStop(db)]);
    return { ...state, stop };
  }

  /**
   * Allocates the epoch above `above` and above every one before. `young`: another controller has
   * allocated one less than 2 s ago, and puts it. MysqlOutcomeUnknownError: do not put it.
   */
  async allocate(above: number): Promise<{ allocated: number } | { young: true }> {
    return await this.#mysql.transaction(async (trx) => {
      const { epoch, allocatedAgoMs } = await this.#read(trx, { lock: true });
      // A statement's time is that of its start: one that waited for the lock sees an allocation made
      // meanwhile in its future. Further off it is a clock that went back: that must not keep everybody
      // waiting for a day.
      if (Math.abs(allocatedAgoMs) < YOUNG_MS) return { young: true };
      const allocated = Math.max(epoch, above) + 1;
      await trx
        .updateTable('etcd_state')
        .set({ epoch: allocated, state: 'REBUILDING', high_water_revision: 0 })
        .set('allocated_at', sql<Date>`UTC_TIMESTAMP(3)`)
        .where('id', '=', 1)
        .execute();
      return { allocated };
    });
  }

  /**
   * Records a clean pass, if `epoch` still is the newest; the high water only rises. It ends a safety
   * stop, and its confirmation with it.
   */
  async markReady(pass: {
    epoch: number;
    highWaterRevision: bigint;
    liveRows: number;
  }): Promise<void> {
    const revision = Number(pass.highWaterRevision);
    await this.#mysql.db
      .updateTable('etcd_state')
      .set({ state: 'READY', live_rows: pass.liveRows })
      .set('high_water_revision', sql<number>`greatest(high_water_revision, ${revision})`)
      .where('id', '=', 1)
      .where('epoch', '=', pass.epoch)
      .execute();
    await clearStop(this.#mysql.db);
  }

  /** Records that a pass stopped because MySQL seems to have lost rows. */
  async markStopped(found: FoundLoss): Promise<void> {
    await recordStop(this.#mysql.db, found);
  }

  /** Accepts the loss of rows that stopped the passes, if `accepted` is the number of live rows now. */
  async confirmLoss(
    accepted: number,
    actor: string,
  ): Promise<{ plan: ConfirmPlan; liveRows: number }> {
    return await this.#mysql.transaction((trx) => confirmStop(trx, accepted, actor));
  }

  /** Raises the generation base; it never goes down. */
  async raiseGenerationBase(base: number): Promise<void> {
    await this.#mysql.db
      .updateTable('etcd_state')
      .set('generation_base', sql<number>`greatest(generation_base, ${base})`)
      .where('id', '=', 1)
      .execute();
  }

  async #read(db: Kysely<RollcallSchema>, { lock = false } = {}): Promise<EtcdState> {
    const age = sql<number | null>`timestampdiff(microsecond, allocated_at, UTC_TIMESTAMP(3))`;
    const found = db
      .selectFrom('etcd_state')
      .select(['epoch', 'high_water_revision', 'state', 'live_rows'])
      .select(['generation_base', age.as('age_us')])
      .where('id', '=', 1);
    const row = await (lock ? found.forUpdate() : found).executeTakeFirstOrThrow(
      () => new Error('etcd_state has no row'),
    );
    return {
      epoch: row.epoch,
      allocatedAgoMs: row.age_us === null ? Number.POSITIVE_INFINITY : row.age_us / 1_000,
      highWaterRevision: BigInt(row.high_water_revision),
      state: row.state,
      liveRows: row.live_rows,
      generationBase: row.generation_base,
    };
  }
}
