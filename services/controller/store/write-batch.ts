import { type Kysely, sql } from 'kysely';
import { deadlineSignal, raceSignal } from '#libs/lifecycle';
import {
  type Mysql,
  MysqlDuplicateError,
  MysqlOutcomeUnknownError,
  type RollcallSchema,
} from '#libs/mysql';
import { type ConfigRef, refKey } from '../domain/config-row.ts';
import { countChange } from './change-counter.ts';
import {
  type ConfigRecord,
  historyFromRecord,
  recordFromRow,
  rowFromRecord,
} from './config-record.ts';
import { insertRows } from './insert-rows.ts';
import { hasAnswers, keepAnswers, readRequestLog } from './request-log.ts';
import {
  type BatchPlan,
  planBatch,
  type Situation,
  type WriteCommand,
  type WriteResult,
} from './write-plan.ts';

type Db = Kysely<RollcallSchema>;

/** Runs of a batch of which each was lost in COMMIT, and proven not to be applied. */
const RUNS_MAX = 2;
/** Budget of finding out how a COMMIT ended: with the statement's own deadline below 3 s. */
const OUTCOME_TIMEOUT_MS = 1_000;

/**
 * Writes a batch in one transaction, in a fixed number of statements. The rows are locked before the
 * request log is read: of two calls with one request id the later sees the earlier's answer. A new
 * row, or a request id, that another transaction made meanwhile repeats the whole batch.
 */
export async function writeBatch(
  mysql: Mysql,
  commands: readonly WriteCommand[],
): Promise<WriteResult[]> {
  for (let run = 1; ; run += 1) {
    let plan: BatchPlan | undefined;
    try {
      await mysql.transaction(
        async (trx) => {
          const situation = await readSituation(trx, commands, { lock: true });
          plan = planBatch(commands, situation);
          await apply(trx, plan, situation);
        },
        { isRetryable: (error) => error instanceof MysqlDuplicateError },
      );
    } catch (error) {
      if (!(plan && error instanceof MysqlOutcomeUnknownError)) throw error;
      if (!(await isApplied(mysql, plan, error))) {
        if (run === RUNS_MAX) throw error;
        plan = undefined;
      }
    }
    if (plan) return plan.results;
  }
}

/** What a batch is decided on; with the rows' locks, or without for a preview. */
export async function readSituation(
  db: Db,
  commands: readonly WriteCommand[],
  { lock }: { lock: boolean },
): Promise<Situation> {
  const found = db.selectFrom('ingress_config').selectAll().where(anyOf(commands));
  const rows = await (lock ? found.forUpdate() : found).execute();
  const log = await readRequestLog(
    db,
    commands.filter(({ isRetryable }) => isRetryable).map(({ requestId }) => requestId),
  );
  return { ...log, rows: new Map(rows.map((row) => [refKey(row), recordFromRow(row)])) };
}

/** The condition that a row is one of `refs`: looked up by the primary key, in its order. */
function anyOf(refs: readonly ConfigRef[]) {
  const tuples = refs.map(({ env, id }) => sql`(${env}, ${id})`);
  return sql<boolean>`(env, id) in (${sql.join(tuples)})`;
}

async function apply(trx: Db, plan: BatchPlan, situation: Situation): Promise<void> {
  if (plan.generations.length > 0) {
    const last = new Map(plan.generations.map((record) => [refKey(record), record]));
    const isKnown = (record: ConfigRecord) => situation.rows.has(refKey(record));
    const created = [...last.values()].filter((record) => !isKnown(record));
    const changed = [...last.values()].filter(isKnown);
    if (created.length > 0) await insertRows(trx, 'ingress_config', created.map(rowFromRecord));
    if (changed.length > 0) await update(trx, changed);
  }
  await keepAnswers(trx, plan.answers, situation.now);
  if (plan.generations.length > 0) {
    const sequence = await countChange(trx);
    const history = plan.generations.map((made) =>
      historyFromRecord(made, sequence, made.requestId),
    );
    await insertRows(trx, 'ingress_config_generation', history);
  }
}

/** Changes rows that this transaction has locked: their keys are there, so that all are updates. */
async function update(trx: Db, records: readonly ConfigRecord[]): Promise<void> {
  const columns = [
    ...(['generation', 'content', 'digest', 'labels', 'completion_policy', 'actor'] as const),
    ...(['note', 'accepted_at', 'created_at', 'traceparent', 'deleted_at'] as const),
  ];
  const assigned = columns.map((name) => sql`${sql.ref(name)} = values(${sql.ref(name)})`);
  const change = sql`on duplicate key update ${sql.join(assigned)}`;
  await insertRows(trx, 'ingress_config', records.map(rowFromRecord), change);
}

/**
 * Whether a batch whose COMMIT was lost is there; throws `unknown` when nobody can tell. It is when all of
 * it is: a part may be another controller's, for a caller who asked there, too.
 */
async function isApplied(
  mysql: Mysql,
  { generations, answers }: BatchPlan,
  unknown: MysqlOutcomeUnknownError,
): Promise<boolean> {
  // Nothing was written, so nothing can have been lost.
  if (generations.length === 0 && answers.size === 0) return true;
  using deadline = deadlineSignal(undefined, OUTCOME_TIMEOUT_MS);
  // Waits for a transaction that is still open, so that "no" is final.
  const look = mysql.transaction(
    async (trx) => (await hasGenerations(trx, generations)) && (await hasAnswers(trx, answers)),
    { attemptsMax: 1 },
  );
  try {
    return await raceSignal(look, deadline.signal);
  } catch {
    throw unknown;
  }
}

/** Whether the history has all these generations, as these requests made them. Waits for their locks. */
export async function hasGenerations(
  trx: Db,
  made: readonly (ConfigRef & { generation: number; requestId: string; digest: string })[],
): Promise<boolean> {
  if (made.length === 0) return true;
  const keys = made.map(({ env, id, generation }) => sql`(${env}, ${id}, ${generation})`);
  const rows = await trx
    .selectFrom('ingress_config_generation')
    .select(['env', 'id', 'generation', 'request_id', 'digest'])
    .where(sql<boolean>`(env, id, generation) in (${sql.join(keys)})`)
    .forUpdate()
    .execute();
  const found = new Map(rows.map((row) => [`${refKey(row)} ${row.generation}`, row]));
  return made.every((one) => {
    const row = found.get(`${refKey(one)} ${one.generation}`);
    return row?.request_id === one.requestId && row.digest === one.digest;
  });
}
