import { sql } from 'kysely';
import type { Mysql } from '#libs/mysql';
import type { ConfigRef } from '../domain/completion.ts';
import type { Accepted } from '../domain/facts.ts';

/** Rows of one answer: what is not published in time is rare, and lists are paged. */
export const ROWS_MAX = 10_000;
/** Controllers restore younger tombstones in etcd; older ones may be gone with their lease. */
const TOMBSTONE_KEPT_DAYS = 7;

/** A row of `ingress_config` as far as it matters here. */
export interface AcceptedRow extends ConfigRef, Accepted {}

/** The rows that a list needs beside what is in the view. */
export interface RowsQuery {
  /** Undefined: all. */
  readonly env?: string | undefined;
  readonly id?: string | undefined;
  /** Begin after this one. */
  readonly after?: ConfigRef | undefined;
  /** Whether the rows that etcd was given, and that are not deleted, are wanted, too. */
  readonly published: boolean;
}

/** Reads of MySQL. Every call throws MysqlErrors. */
export class AcceptedStore {
  readonly #mysql: Pick<Mysql, 'db'>;

  constructor({ mysql }: { mysql: Pick<Mysql, 'db'> }) {
    this.#mysql = mysql;
  }

  /** The rows of these configs, in no order; a missing one was never accepted. */
  async configs(refs: readonly ConfigRef[]): Promise<AcceptedRow[]> {
    const byEnv = Map.groupBy(refs, ({ env }) => env);
    if (byEnv.size === 0) return [];
    const rows = await this.#rows()
      .where((eb) =>
        eb.or(
          [...byEnv].map(([env, of]) =>
            eb.and([
              eb('env', '=', env),
              eb(
                'id',
                'in',
                of.map(({ id }) => id),
              ),
            ]),
          ),
        ),
      )
      .execute();
    return rows.map(acceptedFromRow);
  }

  /** Rows of which etcd was never given the newest generation, or more; in order, at most ROWS_MAX. */
  async rows({ env, id, after, published }: RowsQuery): Promise<AcceptedRow[]> {
    let rows = this.#rows().orderBy('env').orderBy('id').limit(ROWS_MAX);
    if (!published) rows = rows.where('dirty', '=', 1);
    else rows = rows.where((eb) => eb.or([eb('deleted_at', 'is', null), eb('dirty', '=', 1)]));
    if (env !== undefined) rows = rows.where('env', '=', env);
    if (id !== undefined) rows = rows.where('id', '=', id);
    if (after) {
      rows = rows.where((eb) =>
        eb.or([
          eb('env', '>', after.env),
          eb.and([eb('env', '=', after.env), eb('id', '>', after.id)]),
        ]),
      );
    }
    return (await rows.execute()).map(acceptedFromRow);
  }

  /** Environments in which `id` is not deleted. */
  async envsWith(id: string): Promise<string[]> {
    const rows = await this.#mysql.db
      .selectFrom('ingress_config')
      .select('env')
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .execute();
    return rows.map(({ env }) => env);
  }

  /** `min_agents` of the environments that have a setting. */
  async minAgents(envs: readonly string[] | undefined): Promise<Map<string, number>> {
    if (envs?.length === 0) return new Map();
    let rows = this.#mysql.db.selectFrom('environment').select(['env', 'min_agents']);
    if (envs) rows = rows.where('env', 'in', envs);
    return new Map((await rows.execute()).map((row) => [row.env, row.min_agents]));
  }

  /** Since when these members are lost, for those that are. */
  async lostSince(env: string, names: readonly string[]): Promise<Map<string, Date>> {
    if (names.length === 0) return new Map();
    const rows = await this.#mysql.db
      .selectFrom('agent_member')
      .select(['name', 'lost_since'])
      .where('env', '=', env)
      .where('name', 'in', names)
      .where('left_at', 'is', null)
      .execute();
    return new Map(rows.flatMap((row) => (row.lost_since ? [[row.name, row.lost_since]] : [])));
  }

  #rows() {
    return this.#mysql.db
      .selectFrom('ingress_config')
      .select(['env', 'id', 'generation', 'published_generation', 'digest'])
      .select(['accepted_at', 'deleted_at'])
      .select(
        sql<number>`deleted_at is not null and
          deleted_at < UTC_TIMESTAMP(3) - interval ${sql.lit(TOMBSTONE_KEPT_DAYS)} day`.as(
          'expired',
        ),
      );
  }
}

interface Row {
  env: string;
  id: string;
  generation: number;
  published_generation: number;
  digest: string;
  accepted_at: Date;
  deleted_at: Date | null;
  expired: number;
}

function acceptedFromRow(row: Row): AcceptedRow {
  const { env, id, generation, digest } = row;
  return {
    env,
    id,
    generation,
    digest,
    deleted: row.deleted_at !== null,
    acceptedAtMs: (row.deleted_at ?? row.accepted_at).getTime(),
    published: row.published_generation >= generation,
    tombstoneExpired: row.expired === 1,
  };
}
