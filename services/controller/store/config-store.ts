import { randomUUID } from 'node:crypto';
import {
  type Mysql,
  MysqlBusyError,
  MysqlOutcomeUnknownError,
  MysqlStatementError,
  MysqlUnavailableError,
} from '#libs/mysql';
import { withSpan } from '#libs/telemetry';
import { type ConfigRef, refKey } from '../domain/config-row.ts';
import { BatchQueue } from './batch-queue.ts';
import * as queries from './config-queries.ts';
import type { ConfigRecord } from './config-record.ts';
import { countBelow, highestGeneration, liftRows } from './lift-rows.ts';
import { healRow, markPublished, type PublishedRef } from './publish-records.ts';
import { sweepRequestLog } from './request-log.ts';
import { readSituation, writeBatch } from './write-batch.ts';
import {
  type DeleteCommand,
  planBatch,
  type SetCommand,
  type WriteCommand,
  type WriteResult,
} from './write-plan.ts';

export type { ConfigRecord } from './config-record.ts';
export type { DeleteCommand, SetCommand, WriteResult } from './write-plan.ts';

/** Commands of one transaction: past it a commit is cheap beside the statements. */
const BATCH_MAX = 256;
/** Characters of content of one transaction: doubled by escapes, below MariaDB's 16 MiB a packet. */
const BATCH_CONTENT_MAX = 2 * 1024 * 1024;
/** Commands that wait before a second transaction begins. */
const BESIDE_MIN = 16;
/** Commands waiting: some seconds' worth. */
const WAITING_MAX = 8_192;

interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** The configs in MySQL, always the primary. Every call throws MysqlErrors. */
export class ConfigStore {
  readonly #mysql: Mysql;
  readonly #writes: BatchQueue<WriteCommand, WriteResult>;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#mysql = mysql;
    this.#writes = new BatchQueue({
      run: (commands) => writeBatch(mysql, commands),
      keyOf: (command) => refKey(command),
      sizeOf: (command) => (command.kind === 'set' ? command.content.length : 0),
      batchMax: BATCH_MAX,
      batchSizeMax: BATCH_CONTENT_MAX,
      besideMin: BESIDE_MIN,
      waitingMax: WAITING_MAX,
      fullError: () => new MysqlBusyError('too many writes are waiting'),
      failureOfWaiting: lostServer,
      isOneCommands: (error) => error instanceof MysqlStatementError,
    });
  }

  /**
   * Writes a generation; `ok` means that it is durable. Equal content, policy and labels make none.
   * MysqlOutcomeUnknownError: it may have been written; a repeat is safe with a request id that was given.
   */
  async set(command: SetCommand, { signal }: CallOptions = {}): Promise<WriteResult> {
    return await this.#commit(identified('set', command), signal);
  }

  /** Writes a generation that is a delete; the row stays. Otherwise as `set`. */
  async delete(command: DeleteCommand, { signal }: CallOptions = {}): Promise<WriteResult> {
    return await this.#commit(identified('delete', command), signal);
  }

  /** The span lasts from here to the end of the batch's COMMIT. */
  async #commit(command: WriteCommand, signal: AbortSignal | undefined): Promise<WriteResult> {
    const { env, id } = command;
    const attributes = { 'rollcall.env': env, 'rollcall.id': id };
    return await withSpan('mysql.commit', { attributes }, () =>
      this.#writes.submit(command, signal),
    );
  }

  /** What `set` would answer now. Writes nothing. */
  async preview(command: SetCommand): Promise<WriteResult> {
    const commands = [identified('set', command)];
    const situation = await readSituation(this.#mysql.db, commands, { lock: false });
    const [result] = planBatch(commands, situation).results;
    return result ?? { kind: 'not_found' };
  }

  /** The row, live or deleted. */
  async get(env: string, id: string): Promise<ConfigRecord | undefined> {
    return await queries.getConfig(this.#mysql.db, { env, id });
  }

  /** A page of live rows, ordered by env and id. */
  async list(query: queries.ListQuery): Promise<ConfigRecord[]> {
    return await queries.listConfigs(this.#mysql.db, query);
  }

  /** Rows that are not published in `epoch` or a later one and were written more than `olderThanMs` ago. */
  async dirty(query: queries.DirtyQuery): Promise<ConfigRef[]> {
    return await queries.dirtyConfigs(this.#mysql.db, query);
  }

  /** A page of all rows, live and deleted, ordered by env and id. */
  async scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRecord[]> {
    return await queries.scanConfigs(this.#mysql.db, after, limit);
  }

  /** Number of live rows. */
  async countLive(): Promise<number> {
    return await queries.countLive(this.#mysql.db);
  }

  /** Environments with live configs, members or settings, ordered by name. */
  async environments(): Promise<queries.EnvironmentSummary[]> {
    return await queries.environments(this.#mysql.db);
  }

  /** Records that these generations stand in etcd's `epoch`. What is recorded only goes forward. */
  async markPublished(items: readonly PublishedRef[], epoch: number): Promise<void> {
    await markPublished(this.#mysql, items, epoch);
  }

  /**
   * Lifts a row at or below `aboveGeneration` to the generation above it, with a row of the history
   * by 'rollcall'. Returns the row as it is then; undefined when MySQL never knew the id.
   */
  async heal(env: string, id: string, above: number): Promise<ConfigRecord | undefined> {
    return await healRow(this.#mysql, { env, id }, above);
  }

  /**
   * Lifts at most 200 rows that are at or below `base` above it, each with a row of the history by
   * `actor`; returns how many it found. 0: none is left.
   */
  async liftRows(base: number, actor?: string): Promise<number> {
    return await liftRows(this.#mysql, { base, actor });
  }

  /** Number of rows, live and deleted, at or below `base`. */
  async countBelow(base: number): Promise<number> {
    return await countBelow(this.#mysql.db, base);
  }

  /** The highest generation of any row, history or receipt; 0: there is none. */
  async highestGeneration(): Promise<number> {
    return await highestGeneration(this.#mysql.db);
  }

  /** Deletes answers of calls that are older than 24 h; returns how many. */
  async sweepRequests(): Promise<number> {
    return await sweepRequestLog(this.#mysql.db);
  }
}

function identified<C extends { requestId?: string | undefined }, K extends string>(
  kind: K,
  command: C,
) {
  const { requestId } = command;
  const isRetryable = requestId !== undefined && requestId !== '';
  return { ...command, kind, requestId: isRetryable ? requestId : randomUUID(), isRetryable };
}

/** Commands behind a batch that lost the server fail with it: each would wait as long again. */
function lostServer(error: unknown): Error | undefined {
  if (error instanceof MysqlUnavailableError) return error;
  if (!(error instanceof MysqlOutcomeUnknownError)) return undefined;
  return new MysqlUnavailableError('mysql was lost by the write before', { cause: error });
}
