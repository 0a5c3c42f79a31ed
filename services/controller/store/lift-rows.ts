import { type Kysely, sql } from 'kysely';
import type { Mysql, RollcallSchema } from '#libs/mysql';
import type { ConfigRef } from '../domain/config-row.ts';
import { countChange } from './change-counter.ts';

type Db = Kysely<RollcallSchema>;

/** Who lifts when no operator does: a pass that goes on with a rebase. */
const LIFTER = 'rollcall';
/** Rows of one transaction: short locks, and at most 50 MB of history at 256 KiB a config. */
const LIFT_BATCH = 200;

export interface Lift {
  /** Rows at or below it are lifted to the generation above it. */
  readonly base: number;
  /** 'rollcall' by default. */
  readonly actor?: string | undefined;
}

/**
 * Lifts at most 200 rows, live and deleted, each with a row of the history; returns how many it
 * found. 0: none is left.
 */
export async function liftRows(mysql: Mysql, lift: Lift): Promise<number> {
  // Found without locks: those of every row that is passed over would stand in the writers' way.
  const refs = await mysql.db
    .selectFrom('ingress_config')
    .select(['env', 'id'])
    .where('generation', '<=', lift.base)
    .orderBy('env')
    .orderBy('id')
    .limit(LIFT_BATCH)
    .execute();
  if (refs.length > 0) await mysql.transaction((trx) => liftBatch(trx, refs, lift));
  return refs.length;
}

/** Number of rows at or below `base`. */
export async function countBelow(db: Db, base: number): Promise<number> {
  const { count } = await db
    .selectFrom('ingress_config')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('generation', '<=', base)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * The highest generation that MySQL shows anywhere: a history or receipts that are newer than the
 * configs tell of a restore that was not of all tables.
 */
export async function highestGeneration(db: Db): Promise<number> {
  const { rows } = await sql<{ highest: number | null }>`
    select max(highest) as highest from (
      select max(generation) as highest from ingress_config
      union all select max(highest) from (
        select max(generation) as highest from ingress_config_generation group by env, id
      ) as history
      union all select max(highest) from (
        select max(generation) as highest from completion_receipt group by env, id
      ) as receipts
    ) as everywhere`.execute(db);
  return rows[0]?.highest ?? 0;
}

async function liftBatch(trx: Db, found: readonly ConfigRef[], lift: Lift): Promise<void> {
  const refs = await trx
    .selectFrom('ingress_config')
    .select(['env', 'id', sql<Date>`UTC_TIMESTAMP(3)`.as('now')])
    .where(isOneOf(found))
    // Others may have lifted, or written, some of them meanwhile.
    .where('generation', '<=', lift.base)
    .forUpdate()
    .execute();
  const [first] = refs;
  if (!first) return;
  const { actor = LIFTER } = lift;
  const note = `lifted above generation ${lift.base}`;
  // A delete keeps its time: it does not become a recent one, which would count as a row lost since.
  const acceptedAt = sql`case when deleted_at is null then ${first.now} else accepted_at end`;
  const sequence = await countChange(trx);
  await sql`
    insert into ingress_config_generation (env, id, generation, content, digest, labels,
      completion_policy, actor, note, accepted_at, deleted, sequence)
    select config.env, config.id, greatest(${lift.base}, coalesce(history.newest, 0)) + 1,
      content, digest, labels, completion_policy, ${actor}, ${note}, ${acceptedAt},
      deleted_at is not null, ${sequence}
    from ingress_config as config left join (
      select env, id, max(generation) as newest from ingress_config_generation
      where ${isOneOf(refs)} group by env, id
    ) as history on history.env = config.env and history.id = config.id
    where ${isOneOf(refs, 'config')}`.execute(trx);
  const wasClean = sql`deleted_at is not null and published_generation >= generation`;
  // Assigned in this order. What is marked as never published is left to a pass, which compares with
  // etcd: as dirty rows, deletes of years would all get their tombstones again.
  await sql`
    update ingress_config set
      published_epoch = case when ${wasClean} then 0 else published_epoch end,
      published_generation =
        case when ${wasClean} then ${newestInHistory} else published_generation end,
      accepted_at = ${acceptedAt},
      generation = ${newestInHistory}, actor = ${actor}, note = ${note}
    where ${isOneOf(refs)}`.execute(trx);
}

/** The generation that a row has just got in its history: above all that its id ever had there. */
const newestInHistory = sql`(
  select max(history.generation) from ingress_config_generation as history
  where history.env = ingress_config.env and history.id = ingress_config.id)`;

/** Looked up by the primary key. */
function isOneOf(refs: readonly ConfigRef[], table?: string) {
  const tuples = refs.map(({ env, id }) => sql`(${env}, ${id})`);
  const prefix = table === undefined ? '' : `${table}.`;
  const key = sql`(${sql.ref(`${prefix}env`)}, ${sql.ref(`${prefix}id`)})`;
  return sql<boolean>`${key} in (${sql.join(tuples)})`;
}
