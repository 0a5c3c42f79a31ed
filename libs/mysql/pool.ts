// The driver's pool with a bound on every wait. What it adds, and the trap behind each:
// - an acquire time-out: the driver's queue waits for ever;
// - a deadline for statements and for the reset after a use that did not end well (session.ts);
// - generations: after a time-out or a read-only answer the server behind the other connections is
//   doubtful too, so that those set up before are not used again.

import { createPool, type Pool as DriverPool, type PoolConnection, type PoolOptions } from 'mysql2';
import { MysqlBusyError, MysqlUnavailableError, translateError } from './errors.ts';
import { Session } from './session.ts';

/** Longest wait for a connection, new or pooled. */
const ACQUIRE_TIMEOUT_MS = 1_000;
/** No answer to anybody for this long, with callers waiting: the server is away, not full. */
const SILENCE_MS = ACQUIRE_TIMEOUT_MS / 2;
/** Time that connections get to say goodbye. */
const END_TIMEOUT_MS = 500;

export interface PoolSettings {
  options: PoolOptions;
  /** Deadline of one statement. */
  queryTimeoutMs: number;
}

/** A pool whose every wait is bounded. */
export class Pool {
  readonly #pool: DriverPool;
  readonly #queryTimeoutMs: number;
  readonly #sessions = new Map<PoolConnection, Session>();
  #generation = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor({ options, queryTimeoutMs }: PoolSettings) {
    this.#pool = createPool(options);
    this.#queryTimeoutMs = queryTimeoutMs;
  }

  /** A connection within a second. Throws MysqlBusyError or MysqlUnavailableError. */
  async acquire(): Promise<Session> {
    const acquired = this.#acquireFresh();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(this.#acquireTimeout());
    }, ACQUIRE_TIMEOUT_MS);
    // A connection that comes after its caller gave up goes straight back.
    const returned = acquired.then(
      (session) => (late ? this.release(session) : undefined),
      () => undefined,
    );
    try {
      return await Promise.race([acquired, tooLate]);
    } finally {
      clearTimeout(timer);
      if (late) void returned;
    }
  }

  /** Takes a connection back. One that is not clean is reset behind the caller's back. */
  async release(session: Session): Promise<void> {
    if (session.broken) return;
    try {
      if (session.generation !== this.#generation) return session.destroy();
      if (!session.isClean) {
        await session.reset();
        await session.setUp(this.#generation);
      }
      session.release();
    } catch {
      session.destroy();
    }
  }

  /** The server is another one than it was, or no primary any more: open connections are not reused. */
  distrust(): void {
    this.#generation += 1;
  }

  /** Closes every connection, at the latest after half a second. */
  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, END_TIMEOUT_MS);
    this.#pool.end(() => resolve());
    await promise;
    clearTimeout(timer);
    for (const session of this.#sessions.values()) session.destroy();
  }

  async #acquireFresh(): Promise<Session> {
    for (;;) {
      const session = await this.#acquireAny();
      if (session.generation === this.#generation) return session;
      if (session.generation >= 0) {
        session.destroy();
        continue;
      }
      try {
        await session.setUp(this.#generation);
        return session;
      } catch (error) {
        session.destroy();
        throw error;
      }
    }
  }

  async #acquireAny(): Promise<Session> {
    const raw = await new Promise<PoolConnection>((resolve, reject) => {
      this.#pool.getConnection((error, raw) =>
        error ? reject(acquireError(error)) : resolve(raw),
      );
    });
    return this.#sessions.get(raw) ?? this.#open(raw);
  }

  #open(raw: PoolConnection): Session {
    const observer = {
      answered: () => {
        this.#answeredAt = performance.now();
      },
      timedOut: () => this.distrust(),
      closed: () => this.#sessions.delete(raw),
    };
    const session = new Session(raw, { queryTimeoutMs: this.#queryTimeoutMs, observer });
    this.#sessions.set(raw, session);
    return session;
  }

  /** Whether others got answers lately tells a full pool from a server that has fallen silent. */
  #acquireTimeout(): Error {
    return performance.now() - this.#answeredAt < SILENCE_MS
      ? new MysqlBusyError('no connection became free in time')
      : new MysqlUnavailableError('mysql did not answer in time');
  }
}

function acquireError(error: NodeJS.ErrnoException): Error {
  return error.code === undefined && error.message.startsWith('Queue limit')
    ? new MysqlBusyError('too many callers wait for a connection')
    : translateError(error);
}
