import { type Selectable, sql } from 'kysely';
import type { AgentMemberTable, Mysql } from '#libs/mysql';
import type { Member } from '../domain/roster-plan.ts';

/** Agents write these as they like; the columns hold this much. */
const TEXT_MAX = 255;

/**
 * `agent_member`, the roster's mirror, on the primary. Every write is idempotent, touches one row and
 * takes its times from the database. Every call throws MysqlErrors.
 */
export class MemberStore {
  readonly #mysql: Mysql;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#mysql = mysql;
  }

  /** Members of an environment or of all, those that left too, ordered by env and name. */
  async list(env?: string): Promise<Member[]> {
    const all = this.#select().orderBy('env').orderBy('name');
    const rows = env === undefined ? all : all.where('env', '=', env);
    return (await rows.execute()).map(memberFromRow);
  }

  /** One member, whether or not it has left; undefined: never heard of. */
  async find(env: string, name: string): Promise<Member | undefined> {
    const [row] = await this.#select().where('env', '=', env).where('name', '=', name).execute();
    return row && memberFromRow(row);
  }

  /**
   * The member is there, as this instance. Another instance than before is not lost any more. True:
   * this call has changed it, as for every write here.
   */
  async joined(member: {
    env: string;
    name: string;
    instance: string;
    joinedAt: string;
  }): Promise<boolean> {
    const { env, name } = member;
    const now = {
      instance: member.instance.slice(0, TEXT_MAX),
      joined_at: member.joinedAt.slice(0, TEXT_MAX),
    };
    const inserted = await this.#mysql.db
      .insertInto('agent_member')
      .ignore()
      .values({ env, name, ...now })
      .executeTakeFirst();
    if (isAny(inserted.numInsertedOrUpdatedRows)) return true;
    const { numUpdatedRows } = await this.#row(env, name)
      .set({ ...now, lost_since: null, left_at: null, forgotten: 0 })
      .where((eb) =>
        eb.or([
          eb('left_at', 'is not', null),
          eb('instance', '!=', now.instance),
          eb('joined_at', '!=', now.joined_at),
        ]),
      )
      .executeTakeFirst();
    return isAny(numUpdatedRows);
  }

  /** It left by a clean exit, at `leftAt` or now; the first time stands. */
  async left(env: string, name: string, leftAt?: Date): Promise<boolean> {
    const { numUpdatedRows } = await this.#row(env, name)
      .set('left_at', sql<Date>`coalesce(left_at, ${leftAt ?? sql`UTC_TIMESTAMP(3)`})`)
      .set({ lost_since: null, forgotten: 0 })
      .where((eb) => eb.or([eb('left_at', 'is', null), eb('forgotten', '=', 1)]))
      .executeTakeFirst();
    return isAny(numUpdatedRows);
  }

  /** It was taken off the roster at `at`, because it was lost for too long. */
  async forgotten(env: string, name: string, at: Date): Promise<boolean> {
    const { numUpdatedRows } = await this.#row(env, name)
      .set({ left_at: at, lost_since: null, forgotten: 1 })
      .where((eb) => eb.or([eb('left_at', 'is', null), eb('forgotten', '=', 0)]))
      .executeTakeFirst();
    return isAny(numUpdatedRows);
  }

  /** It has no registration. The first such call records since when, and returns it. */
  async lost(env: string, name: string): Promise<Date | undefined> {
    const { numUpdatedRows } = await this.#row(env, name)
      .set('lost_since', sql<Date>`UTC_TIMESTAMP(3)`)
      .where('lost_since', 'is', null)
      .where('left_at', 'is', null)
      .executeTakeFirst();
    if (!isAny(numUpdatedRows)) return undefined;
    return (await this.find(env, name))?.lostSince ?? undefined;
  }

  /** It has a registration again. */
  async back(env: string, name: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#row(env, name)
      .set('lost_since', null)
      .where('lost_since', 'is not', null)
      .executeTakeFirst();
    return isAny(numUpdatedRows);
  }

  #select() {
    return this.#mysql.db
      .selectFrom('agent_member')
      .selectAll()
      .select(sql<Date>`UTC_TIMESTAMP(3)`.as('read_at'));
  }

  #row(env: string, name: string) {
    return this.#mysql.db
      .updateTable('agent_member')
      .where('env', '=', env)
      .where('name', '=', name);
  }
}

function memberFromRow(row: Selectable<AgentMemberTable> & { read_at: Date }): Member {
  return {
    env: row.env,
    name: row.name,
    instance: row.instance,
    joinedAt: row.joined_at,
    lostSince: row.lost_since,
    leftAt: row.left_at,
    forgotten: row.forgotten === 1,
    readAt: row.read_at,
  };
}

function isAny(rows: bigint | undefined): boolean {
  return rows !== undefined && rows > 0n;
}
