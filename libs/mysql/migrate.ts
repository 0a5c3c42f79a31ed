import { Kysely, type Migration, Migrator, sql } from 'kysely';
import { createConnection } from 'mysql2/promise';
import type { Logger } from '#libs/telemetry';
import { PoolDialect } from './dialect.ts';
import { MysqlStatementError, SchemaError, translateError } from './errors.ts';
import { migrations } from './migrations.ts';
import type { Mysql } from './mysql.ts';
import { Pool } from './pool.ts';
import { databaseOf, type MysqlSettings, poolOptions } from './settings.ts';

/** A table of millions of rows may be rebuilt, and another migrator may be waited for. */
const STATEMENT_TIMEOUT_MS = 600_000;
/** MySQL's name of "unknown database". */
const ER_BAD_DB = 1049;

/**
 * Brings the schema up to date, creating the database when it is missing; returns the names of the
 * migrations that were run. Safe to run twice, also at once. Throws a MysqlError.
 */
export async function migrate(target: MysqlSettings | string, log: Logger): Promise<string[]> {
  const settings = typeof target === 'string' ? { url: target } : target;
  await createDatabase(settings);
  const pool = new Pool({
    options: poolOptions(settings),
    queryTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  await using db = new Kysely<unknown>({ dialect: new PoolDialect(pool) });
  const provider = { getMigrations: async (): Promise<Record<string, Migration>> => migrations };
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  const names = (results ?? [])
    .filter(({ status }) => status === 'Success')
    .map(({ migrationName }) => migrationName);
  for (const name of names) log.info({ migration: name }, 'migration run');
  if (error) throw error instanceof Error ? error : new MysqlStatementError('migration failed');
  return names;
}

/** Throws SchemaError when a migration that this program knows was not run. */
export async function checkSchema(mysql: Mysql): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(mysql.db);
  const run = new Set(rows.map(({ name }) => name));
  const missing = Object.keys(migrations).filter((name) => !run.has(name));
  if (missing.length > 0) {
    throw new SchemaError(`migrations were not run: ${missing.join(', ')}; run rollcall migrate`);
  }
}

async function createDatabase(settings: MysqlSettings): Promise<void> {
  try {
    const existing = await createConnection(poolOptions(settings));
    await existing.end();
  } catch (error) {
    if ((error as { errno?: number }).errno !== ER_BAD_DB) throw translateError(error);
    await createMissing(settings);
  }
}

async function createMissing(settings: MysqlSettings): Promise<void> {
  try {
    const connection = await createConnection(poolOptions(settings, null));
    const name = `\`${databaseOf(settings).replaceAll('`', '``')}\``;
    const collation = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} ${collation}`);
    await connection.end();
  } catch (error) {
    throw translateError(error);
  }
}
