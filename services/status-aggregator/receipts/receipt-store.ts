import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { CompletionReceiptTable, Mysql } from '#libs/mysql';
import type { ConfigRef } from '../domain/completion.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';

const exceptions = z.array(z.object({ agent: z.string(), reason: z.string() }));

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

  /** Which of these receipts are there, by key. */
  async present(receipts: readonly Receipt[]): Promise<ReadonlySet<string>> {
    const byEnv = Map.groupBy(receipts, ({ env }) => env);
    const found = new Set<string>();
    for (const [env, of] of byEnv) {
      const rows = await this.#mysql.db
        .selectFrom('completion_receipt')
        .select(['env', 'id', 'generation', 'digest', 'kind'])
        .where('env', '=', env)
        .where(
          'id',
          'in',
          of.map(({ id }) => id),
        )
        .where('generation', '>=', Math.min(...of.map(({ generation }) => generation)))
        .execute();
      for (const row of rows) found.add(keyOfReceipt(row));
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
    if (after) {
      rows = rows.where((eb) =>
        eb.or([
          eb('env', '>', after.env),
          eb.and([eb('env', '=', after.env), eb('id', '>', after.id)]),
          eb.and([
            eb('env', '=', after.env),
            eb('id', '=', after.id),
            eb.or([
              eb('generation', '<', after.generation),
              eb.and([
                eb('generation', '=', after.generation),
                eb('kind', '>', after.kind as ReceiptKind),
              ]),
            ]),
          ]),
        ]),
      );
    }
    const found = await rows
      .orderBy('env')
      .orderBy('id')
      .orderBy('generation', 'desc')
      .orderBy('kind')
      .limit(limit)
      .execute();
    return found.map(receiptFromRow);
  }
}

/** The primary key as one text. */
export function keyOfReceipt({
  env,
  id,
  generation,
  digest,
  kind,
}: Pick<Receipt, 'env' | 'id' | 'generation' | 'digest' | 'kind'>): string {
  return `${env}/${id}/${generation}/${digest}/${kind}`;
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
