import { type Kysely, sql } from 'kysely';
import { COUNTER_MAX } from '#libs/keyspace';
import type { Mysql, RollcallSchema } from '#libs/mysql';
import { type ConfigRef, refKey } from '../domain/config-row.ts';
import { countChange } from './change-counter.ts';
import {
  type ConfigRecord,
  historyFromRecord,
  recordFromRow,
  rowFromRecord,
} from './config-record.ts';

/** Rows of one statement. */
const MARK_BATCH = 500;
/** Who heals. */
const HEALER = 'rollcall';

export interface PublishedRef extends ConfigRef {
  readonly generation: number;
}

/**
 * Records publications in `epoch`. `published_generation` is always one of `published_epoch`: within
 * an epoch it only rises, a newer epoch begins anew, an older one is ignored.
 */
export async function markPublished(
  mysql: Mysql,
  items: readonly PublishedRef[],
  epoch: number,
): Promise<void> {
  const sorted = items.toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1));
  for (let start = 0; start < sorted.length; start += MARK_BATCH) {
    const batch = sorted.slice(start, start + MARK_BATCH);
    await mysql.statement((db) => markBatch(db, batch, epoch));
  }
}

/** One statement that is its own transaction: marks come as often as batches of writes. */
async function markBatch(
  db: Kysely<RollcallSchema>,
  items: readonly PublishedRef[],
  epoch: number,
): Promise<void> {
  const marks = sql.join(
    items.map(
      ({ env, id, generation }) =>
        sql`select ${env} as env, ${id} as id, ${generation} as generation`,
    ),
    sql` union all `,
  );
  // What is assigned depends on no column that is assigned: a joined UPDATE has no order.
  await sql`
    update ingress_config as config join (${marks}) as mark
      on config.env = mark.env and config.id = mark.id
    set config.published_generation = mark.generation, config.published_epoch = ${epoch}
    where config.published_epoch < ${epoch}
      or (config.published_epoch = ${epoch} and config.published_generation < mark.generation)
  `.execute(db);
}

/** Lifts a row to `above` + 1 if it is at or below `above`; returns it as it is then. */
export async function healRow(
  mysql: Mysql,
  ref: ConfigRef,
  above: number,
): Promise<ConfigRecord | undefined> {
  if (above >= COUNTER_MAX) throw new RangeError('no generation is left above the healed one');
  return await mysql.transaction(async (trx) => {
    const row = await trx
      .selectFrom('ingress_config')
      .selectAll()
      .select(sql<Date>`UTC_TIMESTAMP(3)`.as('now'))
      .where('env', '=', ref.env)
      .where('id', '=', ref.id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return undefined;
    const record = recordFromRow(row);
    if (record.generation > above) return record;
    const note = `generation ${record.generation} was behind what was published`;
    const written = { generation: above + 1, actor: HEALER, note, acceptedAt: row.now };
    const healed: ConfigRecord = { ...record, ...written };
    const { env, id, ...columns } = rowFromRecord(healed);
    await trx
      .updateTable('ingress_config')
      .set(columns)
      .where('env', '=', env)
      .where('id', '=', id)
      .execute();
    const made = historyFromRecord(healed, await countChange(trx));
    await trx.insertInto('ingress_config_generation').values(made).execute();
    return healed;
  });
}
