import type { PoolConnection, QueryResult } from 'mysql2';
import { MysqlUnavailableError, translateError } from './errors.ts';

/**
 * What every session is set to. Time in UTC; locks are given up before the statement's deadline; strict
 * on every server. READ COMMITTED, because gap locks on missing rows make concurrent creations
 * deadlock: whatever is read to be changed is read FOR UPDATE. The character set again, because on
 * MySQL a reset forgets that of the handshake.
 */
const SET_UP = [
  `SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', innodb_lock_wait_timeout = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/** Statements that change nothing of the session they run in. */
const SESSION_SAFE = /^\s*(select|insert|update|delete|begin|commit)\b/i;

/** Told what a session's statements say about the server. */
export interface SessionObserver {
  answered(): void;
  timedOut(): void;
  /** The connection cannot be used any more. May be told twice. */
  closed(): void;
}

/** One connection. Statements have a deadline; a connection that missed one is destroyed. */
export class Session {
  readonly #raw: PoolConnection;
  readonly #queryTimeoutMs: number;
  readonly #observer: SessionObserver;
  /** The pool's generation that it was set up in. */
  generation = -1;
  #broken = false;
  #isClean = true;

  constructor(raw: PoolConnection, options: { queryTimeoutMs: number; observer: SessionObserver }) {
    this.#raw = raw;
    this.#queryTimeoutMs = options.queryTimeoutMs;
    this.#observer = options.observer;
    raw.once('end', () => this.#close());
    // An idle connection that breaks is nobody's failure: the pool drops it.
    raw.on('error', () => this.#close());
  }

  /** True once nothing can be asked of it any more. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether its last use has left nothing behind: no open transaction, setting or failure. */
  get isClean(): boolean {
    return this.#isClean;
  }

  /** Begins a transaction; until it is committed the session is not clean. Throws a MysqlError. */
  async begin(): Promise<void> {
    this.#isClean = false;
    await this.query('begin');
  }

  /** Throws a MysqlError. */
  async commit(): Promise<void> {
    await this.query('commit');
    this.#isClean = true;
  }

  /** Runs one statement. Throws a MysqlError. */
  async query(sql: string, values: readonly unknown[] = []): Promise<QueryResult> {
    if (!SESSION_SAFE.test(sql)) this.#isClean = false;
    return await new Promise((resolve, reject) => {
      const options = { sql, values: [...values], timeout: this.#queryTimeoutMs };
      this.#raw.query(options, (error, result) => {
        if (!error) {
          this.#observer.answered();
          return resolve(result);
        }
        this.#isClean = false;
        const timedOut = error.code === 'PROTOCOL_SEQUENCE_TIMEOUT';
        if (timedOut) this.#observer.timedOut();
        // After a missed deadline its answer may still come, as if it were the next statement's.
        if (timedOut || error.fatal) this.destroy();
        return reject(translateError(error));
      });
    });
  }

  /** Makes a new connection ready for use. Throws a MysqlError. */
  async setUp(generation: number): Promise<void> {
    for (const sql of SET_UP) await this.query(sql);
    this.generation = generation;
    this.#isClean = true;
  }

  /** Undoes transactions, locks and settings of the last use. Throws a MysqlError. */
  async reset(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // The driver's reset has no deadline: a hung server would keep the connection for ever.
    const late = () => reject(new MysqlUnavailableError('mysql did not answer in time'));
    const timer = setTimeout(late, this.#queryTimeoutMs);
    this.#raw.reset((error) => (error ? reject(translateError(error)) : resolve()));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives a clean connection back to the driver's pool. */
  release(): void {
    this.#raw.release();
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.#close();
    this.#raw.destroy();
  }

  #close(): void {
    this.#broken = true;
    this.#observer.closed();
  }
}
