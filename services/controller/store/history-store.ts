import type { CompletionPolicy } from '#libs/keyspace';
import type { Mysql } from '#libs/mysql';
import type { ConfigRef } from '../domain/config-row.ts';

/** A generation as it was accepted. */
export interface GenerationRecord extends ConfigRef {
  readonly generation: number;
  /** Canonical JSON; of a delete: the content before it. Undefined when it was not asked for. */
  readonly content: string | undefined;
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly completionPolicy: CompletionPolicy;
  readonly actor: string;
  readonly note: string;
  readonly acceptedAt: Date;
  readonly deleted: boolean;
  /** Empty: made by the controllers themselves, or before requests were recorded. */
  readonly requestId: string;
}

export interface GenerationQuery extends ConfigRef {
  /** Only generations below it. */
  readonly below?: number | undefined;
  readonly withContent: boolean;
  readonly limit: number;
}

/** The history in MySQL, always the primary. Every call throws MysqlErrors. */
export class HistoryStore {
  readonly #mysql: Mysql;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#mysql = mysql;
  }

  /** Generations of a config, the newest first. */
  async list({ env, id, below, withContent, limit }: GenerationQuery): Promise<GenerationRecord[]> {
    let rows = this.#generations({ env, id }).orderBy('generation', 'desc').limit(limit);
    if (below !== undefined) rows = rows.where('generation', '<', below);
    const found = withContent ? rows.select('content') : rows;
    return (await found.execute()).map(generationFromRow);
  }

  /** One generation with its content. */
  async find(ref: ConfigRef, generation: number): Promise<GenerationRecord | undefined> {
    const row = await this.#generations(ref)
      .select('content')
      .where('generation', '=', generation)
      .executeTakeFirst();
    return row && generationFromRow(row);
  }

  #generations({ env, id }: ConfigRef) {
    return this.#mysql.db
      .selectFrom('ingress_config_generation')
      .select(generationColumns)
      .where('env', '=', env)
      .where('id', '=', id);
  }
}

/** What a record needs, but for the content. */
export const generationColumns = [
  ...(['env', 'id', 'generation', 'digest', 'labels', 'completion_policy'] as const),
  ...(['actor', 'note', 'accepted_at', 'deleted', 'request_id'] as const),
] as const;

interface HistoryRow extends ConfigRef {
  generation: number;
  content?: string;
  digest: string;
  labels: string;
  completion_policy: CompletionPolicy;
  actor: string;
  note: string;
  accepted_at: Date;
  deleted: number;
  request_id: string;
}

/** A record from its row. */
export function generationFromRow(row: HistoryRow): GenerationRecord {
  const { env, id, generation, digest, actor, note } = row;
  return {
    ...{ env, id, generation, digest, actor, note },
    content: row.content,
    labels: JSON.parse(row.labels) as Record<string, string>,
    completionPolicy: row.completion_policy,
    acceptedAt: row.accepted_at,
    deleted: row.deleted !== 0,
    requestId: row.request_id,
  };
}
