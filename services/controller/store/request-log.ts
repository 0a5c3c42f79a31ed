import { type Kysely, sql } from 'kysely';
import type { RollcallSchema } from '#libs/mysql';
import { refKey } from '../domain/config-row.ts';
import type { ConfigRecord } from './config-record.ts';
import { insertRows } from './insert-rows.ts';
import type { Answer, Situation } from './write-plan.ts';

type Db = Kysely<RollcallSchema>;
/** What an answer keeps: the content stands in the history. */
type KeptRow = Omit<ConfigRecord, 'content' | 'acceptedAt' | 'createdAt'> & {
  acceptedAt: string;
  /** Missing in an answer from before configs had one. */
  createdAt?: string;
};

/** Rows of one DELETE of the sweep: short locks. */
const SWEEP_BATCH = 1_000;
/** Batches of one sweep: an hour of 1,000 writes a second takes a few sweeps. */
const SWEEP_BATCHES_MAX = 200;

interface LogRow {
  now: Date;
  generation_base: number;
  request_id: Buffer | null;
  body_digest: string;
  answer: string;
}

/** The answers kept for `requestIds`, with the database's time. Reads locked rows' latest versions. */
export async function readRequestLog(
  db: Db,
  requestIds: readonly string[],
): Promise<Pick<Situation, 'now' | 'generationBase' | 'answers'>> {
  // No id matches NULL.
  const ids = sql.join(requestIds.length > 0 ? requestIds.map((id) => Buffer.from(id)) : [null]);
  const { rows } = await sql<LogRow>`
    select UTC_TIMESTAMP(3) as now, state.generation_base, log.request_id, log.body_digest, log.answer
    from etcd_state as state left join request_log as log on log.request_id in (${ids})
    where state.id = 1`.execute(db);
  const [first] = rows;
  if (!first) throw new Error('etcd_state has no row');
  const kept = rows.filter((row) => row.request_id !== null);
  const answers = new Map<string, Answer>();
  for (const row of kept) answers.set(String(row.request_id), await answerFromRow(db, row));
  return { now: first.now, generationBase: first.generation_base, answers };
}

/** Keeps answers. Throws MysqlDuplicateError when another transaction used one of the ids. */
export async function keepAnswers(
  db: Db,
  answers: ReadonlyMap<string, Answer>,
  now: Date,
): Promise<void> {
  if (answers.size === 0) return;
  const rows = [...answers].map(([requestId, { bodyDigest, row, changed }]) => {
    const { content: _, ...kept } = row;
    return {
      request_id: Buffer.from(requestId),
      body_digest: bodyDigest,
      answer: JSON.stringify({ changed, row: kept }),
      created_at: now,
    };
  });
  await insertRows(db, 'request_log', rows);
}

/** Whether all these answers are kept, of these requests. Waits for the locks of their rows. */
export async function hasAnswers(
  trx: Db,
  answers: ReadonlyMap<string, Pick<Answer, 'bodyDigest'>>,
): Promise<boolean> {
  if (answers.size === 0) return true;
  const rows = await trx
    .selectFrom('request_log')
    .select(['request_id', 'body_digest'])
    .where(
      'request_id',
      'in',
      [...answers.keys()].map((id) => Buffer.from(id)),
    )
    .forUpdate()
    .execute();
  const kept = rows.filter((row) => {
    return answers.get(String(row.request_id))?.bodyDigest === row.body_digest;
  });
  return kept.length === answers.size;
}

/** Deletes answers older than 24 h, in bounded batches; returns how many. */
export async function sweepRequestLog(db: Db): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < SWEEP_BATCHES_MAX; batch += 1) {
    const { numAffectedRows = 0n } = await sql`
      delete from request_log where created_at < UTC_TIMESTAMP(3) - interval 24 hour
      order by created_at limit ${sql.lit(SWEEP_BATCH)}`.execute(db);
    deleted += Number(numAffectedRows);
    if (numAffectedRows < SWEEP_BATCH) break;
  }
  return deleted;
}

async function answerFromRow(db: Db, log: LogRow): Promise<Answer> {
  const { changed, row } = JSON.parse(log.answer) as { changed: boolean; row: KeptRow };
  const { content } = await db
    .selectFrom('ingress_config_generation')
    .select('content')
    .where('env', '=', row.env)
    .where('id', '=', row.id)
    .where('generation', '=', row.generation)
    .executeTakeFirstOrThrow(() => new Error(`no history of ${refKey(row)}`));
  // What is published meanwhile is newer than the answer.
  const published = await db
    .selectFrom('ingress_config')
    .select(['published_epoch as publishedEpoch', 'published_generation as publishedGeneration'])
    .where('env', '=', row.env)
    .where('id', '=', row.id)
    .executeTakeFirst();
  const acceptedAt = new Date(row.acceptedAt);
  const createdAt = new Date(row.createdAt ?? row.acceptedAt);
  return {
    bodyDigest: log.body_digest,
    changed,
    row: { ...row, ...published, acceptedAt, createdAt, content },
  };
}
