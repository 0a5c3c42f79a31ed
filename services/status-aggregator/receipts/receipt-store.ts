import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { CompletionReceiptTable, Mysql, RollcallSchema } from '#libs/mysql';
import type { ConfigRef } from '../domain/completion.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';

const exceptions = z.array(z.object({ agent: z.string(), reason: z.string() }));

/** Receipts of one question. */
const FIND_MAX = 500;

/** The primary key. */
export type ReceiptKey = Pick<Receipt, 'env' | 'id' | 'generation' | 'digest' | 'kind'>;

/** The newest of what it is about; 0 and undefined stand for any. */
export interface ReceiptQuery extends ConfigRef {
  readonly generation: number;
  readonly kind: ReceiptKind | undefined;
}

export interface ReceiptListQuery {
  /** Undefined: all. */
  readonly env: string | undefined;
  readonly id: string | undefined;
  /** Begin after this one. */
  readonly after: ReceiptPosition | undefined;
  readonly limit: number;
}

/** Where a receipt stands in the list. */
export interface ReceiptPosition {
  readonly env: string;
  readonly id: string;
  readonly generation: number;
  readonly digest: string;
  readonly kind: string;
}

/** `completion_receipt`: written once, never changed. Every call throws MysqlErrors. */
export class ReceiptStore {
  readonly #mysql: Pick<Mysql, 'db'>;

  constructor({ mysql }: { mysql: Pick<Mysql, 'db'> }) {
    this.#mysql = mysql;
  }

  /** Writes receipts; one that is there already stays as it is. */
  async insert(receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    await this.#mysql.db
      .insertInto('completion_receipt')
      .values(
        receipts.map(({ exceptions: list, ...receipt }) => ({
          ...{ env: receipt.env, id: receipt.id, generation: receipt.generation },
          ...{ digest: receipt.digest, kind: receipt.kind, members: receipt.members },
          ...{ members_digest: receipt.membersDigest, exceptions: JSON.stringify(list) },
          ...{ proof: receipt.proof, epoch: receipt.epoch, revision: receipt.revision },
          late: receipt.late ? 1 : 0,
          accepted_at: receipt.acceptedAt ?? null,
          published_at: receipt.publishedAt ?? null,
          first_applied_at: receipt.firstAppliedAt ?? null,
          last_applied_at: receipt.lastAppliedAt ?? null,
          ...{ completed_at: receipt.completedAt, written_by: receipt.writtenBy },
          created_at: sql<Date>`UTC_TIMESTAMP(3)`,
        })),
      )
      // Not "insert ignore", which would also swallow values that do not fit.
      .onDuplicateKeyUpdate({ env: sql<string>`completion_receipt.env` })
      .execute();
  }

  /** Who wrote these receipts, by key; a missing one is not there. */
  async authors(keys: readonly ReceiptKey[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#mysql.db
      .selectFrom('completion_receipt')
      .select(['env', 'id', 'generation', 'digest', 'kind', 'written_by'])
      .where((eb) => oneOf(eb, keys))
      .execute();
    return new Map(rows.map((row) => [keyOfReceipt(row), row.written_by]));
  }

  /** Those of these receipts that are there, by key. */
  async findAll(keys: readonly ReceiptKey[]): Promise<ReadonlyMap<string, Receipt>> {
    const found = new Map<string, Receipt>();
    for (let from = 0; from < keys.length; from += FIND_MAX) {
      const rows = await this.#mysql.db
        .selectFrom('completion_receipt')
        .selectAll()
        .where((eb) => oneOf(eb, keys.slice(from, from + FIND_MAX)))
        .execute();
      for (const row of rows) found.set(keyOfReceipt(row), receiptFromRow(row));
    }
    return found;
  }

  /** The newest that fits. */
  async find({ env, id, generation, kind }: ReceiptQuery): Promise<Receipt | undefined> {
    let rows = this.#mysql.db
      .selectFrom('completion_receipt')
      .selectAll()
      .where('env', '=', env)
      .where('id', '=', id);
    if (generation > 0) rows = rows.where('generation', '=', generation);
    if (kind) rows = rows.where('kind', '=', kind);
    const row = await rows
      .orderBy('generation', 'desc')
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && receiptFromRow(row);
  }

  /** Ordered by env and id, of each config the newest generation first. */
  async list({ env, id, after, limit }: ReceiptListQuery): Promise<Receipt[]> {
    let rows = this.#mysql.db.selectFrom('completion_receipt').selectAll();
    if (env !== undefined) rows = rows.where('env', '=', env);
    if (id !== undefined) rows = rows.where('id', '=', id);
    if (after) rows = rows.where((eb) => isAfter(eb, after));
    const found = await rows
      .orderBy('env')
      .orderBy('id')
      .orderBy('generation', 'desc')
      .orderBy('kind')
      .orderBy('digest')
      .limit(limit)
      .execute();
    return found.map(receiptFromRow);
  }
}

/** The primary key as one text. */
export function keyOfReceipt({ env, id, generation, digest, kind }: ReceiptKey): string {
  return `${env}/${id}/${generation}/${digest}/${kind}`;
}

type Builder = ExpressionBuilder<RollcallSchema, 'completion_receipt'>;

function oneOf(eb: Builder, keys: readonly ReceiptKey[]) {
  return eb.or(
    keys.map(({ env, id, generation, digest, kind }) =>
      eb.and({ env, id, generation, digest, kind }),
    ),
  );
}

/** What comes behind it in the order of the list. */
function isAfter(eb: Builder, { env, id, generation, digest, kind }: ReceiptPosition) {
  const sameConfig = eb.and([eb('env', '=', env), eb('id', '=', id)]);
  const sameGeneration = eb.and([sameConfig, eb('generation', '=', generation)]);
  const of = kind as ReceiptKind;
  return eb.or([
    eb('env', '>', env),
    eb.and([eb('env', '=', env), eb('id', '>', id)]),
    eb.and([sameConfig, eb('generation', '<', generation)]),
    eb.and([sameGeneration, eb('kind', '>', of)]),
    eb.and([sameGeneration, eb('kind', '=', of), eb('digest', '>', digest)]),
  ]);
}

function receiptFromRow(row: Selectable<CompletionReceiptTable>): Receipt {
  return {
    ...{ env: row.env, id: row.id, generation: row.generation, digest: row.digest },
    ...{ kind: row.kind, members: row.members, membersDigest: row.members_digest },
    exceptions: exceptions.parse(JSON.parse(row.exceptions)),
    ...{ proof: row.proof, epoch: row.epoch, revision: row.revision, late: row.late === 1 },
    acceptedAt: row.accepted_at ?? undefined,
    publishedAt: row.published_at ?? undefined,
    firstAppliedAt: row.first_applied_at ?? undefined,
    lastAppliedAt: row.last_applied_at ?? undefined,
    completedAt: row.completed_at,
    writtenBy: row.written_by,
  };
}
