import { Kysely, sql, type Transaction } from 'kysely';
import { raceSignal, sleep } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { PoolDialect } from './dialect.ts';
import { MysqlBusyError, MysqlLockError } from './errors.ts';
import { Pool } from './pool.ts';
import type { RollcallSchema } from './schema.ts';
import { type MysqlSettings, poolOptions } from './settings.ts';

/** Deadline of one statement. */
const QUERY_TIMEOUT_MS = 1_500;
/** Attempts of one transaction that loses its locks. */
const ATTEMPTS_MAX = 5;
/** Longest wait before the second attempt; it doubles with each. */
const RETRY_WAIT_MS = 20;

export interface TransactionOptions {
  /** Ends the attempts: none begins after it fired. */
  signal?: AbortSignal;
  attemptsMax?: number;
  /** More errors after which the whole transaction is tried again; locks lost always are. */
  isRetryable?: (error: unknown) => boolean;
}

/** MySQL as the services use it. Disposal closes its connections, at the latest after half a second. */
export interface Mysql extends AsyncDisposable {
  /** For single statements. Each waits at most 1 s for a connection and 1.5 s for its answer. */
  readonly db: Kysely<RollcallSchema>;
  /**
   * Runs `fn` in a transaction (READ COMMITTED), and again from its beginning when it lost its locks:
   * `fn` must have no other effects. Throws MysqlOutcomeUnknownError when the connection was lost in
   * COMMIT, MysqlBusyError when the locks were lost each time.
   */
  transaction<T>(
    fn: (trx: Transaction<RollcallSchema>) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /**
   * Runs one statement that is a transaction of its own, and again when it lost its locks. Throws
   * MysqlBusyError when they were lost each time; an error of the connection leaves its outcome open.
   */
  statement<T>(fn: (db: Kysely<RollcallSchema>) => Promise<T>): Promise<T>;
  /** Resolves when MySQL answers; throws a MysqlError or the signal's reason. */
  ping(signal?: AbortSignal): Promise<void>;
}

export interface MysqlDeps {
  log: Logger;
  random?: () => number;
}

/** Opens a pool; connections are made when they are needed. The caller disposes it. */
export function openMysql(settings: MysqlSettings, deps: MysqlDeps): Mysql {
  const pool = new Pool({ options: poolOptions(settings), queryTimeoutMs: QUERY_TIMEOUT_MS });
  return new PooledMysql(new Kysely({ dialect: new PoolDialect(pool) }), deps);
}

class PooledMysql implements Mysql {
  readonly db: Kysely<RollcallSchema>;
  readonly #log: Logger;
  readonly #random: () => number;

  constructor(db: Kysely<RollcallSchema>, { log, random = Math.random }: MysqlDeps) {
    this.db = db;
    this.#log = log;
    this.#random = random;
  }

  async transaction<T>(
    fn: (trx: Transaction<RollcallSchema>) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return await this.#repeated(() => this.db.transaction().execute(fn), options);
  }

  async statement<T>(fn: (db: Kysely<RollcallSchema>) => Promise<T>): Promise<T> {
    return await this.#repeated(() => fn(this.db), {});
  }

  async ping(signal?: AbortSignal): Promise<void> {
    const answer = sql`select 1`.execute(this.db);
    await (signal ? raceSignal(answer, signal) : answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.db.destroy();
  }

  async #repeated<T>(
    once: () => Promise<T>,
    { signal, attemptsMax = ATTEMPTS_MAX, isRetryable }: TransactionOptions,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      try {
        return await once();
      } catch (error) {
        const lost = error instanceof MysqlLockError;
        if (!lost && !isRetryable?.(error)) throw error;
        if (attempt >= attemptsMax) {
          throw lost ? new MysqlBusyError('locks were lost each time', { cause: error }) : error;
        }
        this.#log.debug({ err: error, attempt }, 'transaction repeated');
        await sleep(RETRY_WAIT_MS * 2 ** (attempt - 1) * this.#random(), signal);
      }
    }
  }
}
