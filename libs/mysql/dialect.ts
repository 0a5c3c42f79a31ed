import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from 'kysely';
import { MysqlReadOnlyError, unknownOutcome } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Session } from './session.ts';

/** Kysely on our pool. Every error that leaves it is a MysqlError. */
export class PoolDialect implements Dialect {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  createDriver(): Driver {
    return new PoolDriver(this.#pool);
  }

  createQueryCompiler(): MysqlQueryCompiler {
    return new MysqlQueryCompiler();
  }

  createAdapter(): MysqlAdapter {
    return new MysqlAdapter();
  }

  createIntrospector(db: Kysely<unknown>): MysqlIntrospector {
    return new MysqlIntrospector(db);
  }
}

class PoolDriver implements Driver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SessionConnection> {
    return new SessionConnection(await this.#pool.acquire(), this.#pool);
  }

  async beginTransaction(connection: SessionConnection): Promise<void> {
    await connection.watched((session) => session.begin());
  }

  async commitTransaction(connection: SessionConnection): Promise<void> {
    try {
      await connection.watched((session) => session.commit());
    } catch (error) {
      throw unknownOutcome(error);
    }
  }

  async rollbackTransaction(connection: SessionConnection): Promise<void> {
    // What ended the transaction is the error to report; a closed connection is rolled back anyway.
    await connection.session.query('rollback').catch(() => connection.session.destroy());
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    void this.#pool.release(connection.session);
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class SessionConnection implements DatabaseConnection {
  readonly session: Session;
  readonly #pool: Pool;

  constructor(session: Session, pool: Pool) {
    this.session = session;
    this.#pool = pool;
  }

  /** Does something with the session, and looks at how it failed. */
  async watched<T>(act: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await act(this.session);
    } catch (error) {
      // After a fail-over the old primary answers so: look for the new one.
      if (error instanceof MysqlReadOnlyError) this.#pool.distrust();
      throw error;
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.watched((session) => session.query(sql, parameters));
    if (Array.isArray(result)) return { rows: result as R[] };
    const { affectedRows, changedRows, insertId } = result;
    return {
      rows: [],
      numAffectedRows: BigInt(affectedRows),
      insertId: BigInt(insertId),
      ...(changedRows === undefined ? {} : { numChangedRows: BigInt(changedRows) }),
    };
  }

  streamQuery(): never {
    throw new Error('streaming is not offered');
  }
}
