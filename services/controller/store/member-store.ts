import { sql } from 'kysely';
import type { Mysql } from '#libs/mysql';
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
    let rows = this.#mysql.db
      .selectFrom('agent_member')
      .selectAll()
      .select(sql<Date>`UTC_TIMESTAMP(3)`.as('read_at'))
      .orderBy('env')
      .orderBy('name');
    if (env !== undefined) rows = rows.where('env', '=', env);
    return (await rows.execute()).map((row) => ({
      env: row.env,
      name: row.name,
      instance: row.instance,
      joinedAt: row.joined_at,
      lostSince: row.lost_since,
      leftAt: row.left_at,
      forgotten: row.forgotten === 1,
      readAt: row.read_at,
    }));
  }

  /** One member, whether or not it has left; undefined: never heard of. */
  async find(env: string, name: string): Promise<Member | undefined> {
    return (await this.list(env)).find((member) => member.name === name);
  }

  /** The member is there, as this instance. Another instance than before is not lost any more. */
  async joined(member: {
    env: string;
    name: string;
    instance: string;
    joinedAt: string;
  }): Promise<void> {
    const { env, name } = member;
    const instance = member.instance.slice(0, TEXT_MAX);
    const joinedAt = member.joinedAt.slice(0, TEXT_MAX);
    // Assignments run from left to right: `lost_since` is decided on the values before.
    await sql`
      insert into agent_member (env, name, instance, joined_at)
      values (${env}, ${name}, ${instance}, ${joinedAt})
      on duplicate key update
        lost_since = case
          when left_at is null and instance = values(instance) and joined_at = values(joined_at)
          then lost_since end,
        instance = values(instance), joined_at = values(joined_at), left_at = null, forgotten = 0
    `.execute(this.#mysql.db);
  }

  /** It left by a clean exit, at `leftAt` or now; the first time stands. */
  async left(env: string, name: string, leftAt?: Date): Promise<void> {
    await this.#row(env, name)
      .set('left_at', sql<Date>`coalesce(left_at, ${leftAt ?? sql`UTC_TIMESTAMP(3)`})`)
      .set('lost_since', null)
      .set('forgotten', 0)
      .execute();
  }

  /** It was taken off the roster at `at`, because it was lost for too long. */
  async forgotten(env: string, name: string, at: Date): Promise<void> {
    await this.#row(env, name).set({ left_at: at, lost_since: null, forgotten: 1 }).execute();
  }

  /** It has no registration; the first such call says since when. */
  async lost(env: string, name: string): Promise<void> {
    await this.#row(env, name)
      .set('lost_since', sql<Date>`UTC_TIMESTAMP(3)`)
      .where('lost_since', 'is', null)
      .where('left_at', 'is', null)
      .execute();
  }

  /** It has a registration again. */
  async back(env: string, name: string): Promise<void> {
    await this.#row(env, name).set('lost_since', null).execute();
  }

  #row(env: string, name: string) {
    return this.#mysql.db
      .updateTable('agent_member')
      .where('env', '=', env)
      .where('name', '=', name);
  }
}
