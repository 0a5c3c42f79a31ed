import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '#libs/keyspace';
import type { RollcallSchema } from '#libs/mysql';
import type { ConfigRef } from '../domain/config-row.ts';
import { type ConfigRecord, recordFromRow } from './config-record.ts';

type Db = Kysely<RollcallSchema>;

/** Tombstones of deletes older than this are not published again in a new epoch. */
const TOMBSTONE_RESTORED_DAYS = 7;

export interface ListQuery {
  /** Undefined: all environments. */
  env?: string | undefined;
  /** Only rows that carry all of these. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Only rows whose id or note contains it. */
  text?: string | undefined;
  /** Only rows whose generation is published in `epoch`, or is not. */
  published?: { epoch: number; is: boolean } | undefined;
  /** Only rows after this one. */
  after?: ConfigRef | undefined;
  limit: number;
}

export interface DirtyQuery {
  epoch: number;
  olderThanMs: number;
  limit: number;
}

export interface EnvironmentSummary {
  env: string;
  configCount: number;
  minAgents: number;
}

export async function getConfig(db: Db, ref: ConfigRef): Promise<ConfigRecord | undefined> {
  const row = await db
    .selectFrom('ingress_config')
    .selectAll()
    .where('env', '=', ref.env)
    .where('id', '=', ref.id)
    .executeTakeFirst();
  return row && recordFromRow(row);
}

export async function listConfigs(db: Db, query: ListQuery): Promise<ConfigRecord[]> {
  const { env, labels = {}, text = '', published } = query;
  let rows = page(db, query.after, query.limit).where('deleted_at', 'is', null);
  if (env !== undefined) rows = rows.where('env', '=', env);
  if (Object.keys(labels).length > 0) {
    rows = rows.where(sql<boolean>`json_contains(labels, ${canonicalJson(labels)})`);
  }
  if (text !== '') {
    const like = `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
    rows = rows.where(sql<boolean>`(id like ${like} escape '!' or note like ${like} escape '!')`);
  }
  if (published) {
    const condition = sql<boolean>`(published_epoch = ${published.epoch} and dirty = 0)`;
    rows = rows.where(published.is ? condition : sql<boolean>`not ${condition}`);
  }
  return (await rows.execute()).map(recordFromRow);
}

export async function scanConfigs(
  db: Db,
  after: ConfigRef | undefined,
  limit: number,
): Promise<ConfigRecord[]> {
  return (await page(db, after, limit).execute()).map(recordFromRow);
}

export async function dirtyConfigs(db: Db, query: DirtyQuery): Promise<ConfigRef[]> {
  const { epoch, limit } = query;
  const old = sql`accepted_at <= UTC_TIMESTAMP(3) - interval ${query.olderThanMs * 1_000} microsecond`;
  const inOlderEpoch = sql`published_epoch < ${epoch} and ${old}`;
  const recent = sql`UTC_TIMESTAMP(3) - interval ${sql.lit(TOMBSTONE_RESTORED_DAYS)} day`;
  // One branch an index; each is bounded by itself, because a new epoch makes every row dirty.
  const { rows } = await sql<ConfigRef>`
    (select env, id from ingress_config where dirty = 1 and ${old} limit ${limit})
    union
    (select env, id from ingress_config where deleted_at is null and ${inOlderEpoch} limit ${limit})
    union
    (select env, id from ingress_config where deleted_at > ${recent} and ${inOlderEpoch} limit ${limit})
    limit ${limit}`.execute(db);
  return rows;
}

export async function countLive(db: Db): Promise<number> {
  const { live } = await db
    .selectFrom('ingress_config')
    .select(({ fn }) => fn.countAll<number>().as('live'))
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return live;
}

export async function environments(db: Db): Promise<EnvironmentSummary[]> {
  const { rows } = await sql<EnvironmentSummary>`
    select named.env, coalesce(counted.configs, 0) as configCount,
      coalesce(environment.min_agents, 1) as minAgents
    from (
      select distinct env from ingress_config where deleted_at is null
      union select env from agent_member where left_at is null
      union select env from environment
    ) as named
    left join (
      select env, count(*) as configs from ingress_config where deleted_at is null group by env
    ) as counted on counted.env = named.env
    left join environment on environment.env = named.env
    order by named.env`.execute(db);
  return rows;
}

function page(db: Db, after: ConfigRef | undefined, limit: number) {
  const rows = db
    .selectFrom('ingress_config')
    .selectAll()
    .orderBy('env')
    .orderBy('id')
    .limit(limit);
  if (!after) return rows;
  const { env, id } = after;
  return rows.where((eb) =>
    eb.or([eb('env', '>', env), eb.and([eb('env', '=', env), eb('id', '>', id)])]),
  );
}
