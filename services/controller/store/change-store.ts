import { type Kysely, sql } from 'kysely';
import type { Mysql, RollcallSchema } from '#libs/mysql';
import type { ConfigRef } from '../domain/config-row.ts';
import { type GenerationRecord, generationColumns, generationFromRow } from './history-store.ts';

/** A generation's place among all, in the order of commits. */
export interface ChangePlace extends ConfigRef {
  readonly sequence: number;
  readonly generation: number;
  /** Milliseconds since 1970: tells a generation from another one with its number. */
  readonly acceptedAtMs: number;
}

/** A generation with its place. */
export interface Change {
  readonly record: GenerationRecord;
  readonly place: ChangePlace;
}

export interface ChangeQuery {
  /** Undefined: all environments. */
  readonly env: string | undefined;
  /** Only what was committed behind it; undefined: all. */
  readonly after: ChangePlace | undefined;
  /** Only transactions up to this one's. */
  readonly until: ChangePlace;
  readonly withContent: boolean;
  readonly limit: number;
}

/** The history in the order of commits, always from the primary. Every call throws MysqlErrors. */
export class ChangeStore {
  readonly #db: Kysely<RollcallSchema>;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#db = mysql.db;
  }

  /** The last generation that was committed; undefined: there was none since they are counted. */
  async newest(): Promise<ChangePlace | undefined> {
    const row = await this.#db
      .selectFrom('ingress_config_generation')
      .select(['env', 'id', 'generation', 'sequence', 'accepted_at'])
      .where('sequence', '>', 0)
      .orderBy('sequence', 'desc')
      .orderBy('env', 'desc')
      .orderBy('id', 'desc')
      .orderBy('generation', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && placeOf(row);
  }

  /** Whether this very generation is still there, at this place. */
  async has({ env, id, generation, sequence, acceptedAtMs }: ChangePlace): Promise<boolean> {
    const row = await this.#db
      .selectFrom('ingress_config_generation')
      .select(['sequence', 'accepted_at'])
      .where('env', '=', env)
      .where('id', '=', id)
      .where('generation', '=', generation)
      .executeTakeFirst();
    return row?.sequence === sequence && row.accepted_at.getTime() === acceptedAtMs;
  }

  /** Generations in the order of commits. */
  async list({ env, after, until, withContent, limit }: ChangeQuery): Promise<Change[]> {
    let rows = this.#db
      .selectFrom('ingress_config_generation')
      .select([...generationColumns, 'sequence'])
      .where('sequence', '>=', Math.max(after?.sequence ?? 0, 1))
      .where('sequence', '<=', until.sequence)
      .orderBy('sequence')
      .orderBy('env')
      .orderBy('id')
      .orderBy('generation')
      .limit(limit);
    if (env !== undefined) rows = rows.where('env', '=', env);
    if (after) {
      const { sequence } = after;
      const place = sql`(${after.env}, ${after.id}, ${after.generation})`;
      rows = rows.where(sql<boolean>`(sequence > ${sequence} or (env, id, generation) > ${place})`);
    }
    const found = await (withContent ? rows.select('content') : rows).execute();
    return found.map((row) => ({ record: generationFromRow(row), place: placeOf(row) }));
  }
}

interface PlaceRow extends ConfigRef {
  generation: number;
  sequence: number;
  accepted_at: Date;
}

function placeOf({ env, id, generation, sequence, accepted_at }: PlaceRow): ChangePlace {
  return { env, id, generation, sequence, acceptedAtMs: accepted_at.getTime() };
}
