// One etcd and one MySQL for a test file, started when first asked for.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type EtcdServer, type MysqlServer, type MysqlTls, startEtcd, startMysql } from '#local';

/** An etcd that a test may write to below its prefix. */
export interface TestEtcd extends AsyncDisposable {
  readonly endpoints: string[];
  /** Belongs to this test alone; ends with `/`. */
  readonly prefix: string;
}

/** An empty database. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** The server, to stop it: of a database that was opened on one of its own. */
  readonly server: MysqlServer | undefined;
}

export interface OwnMysqlOptions {
  /** Holds its data, and belongs to the caller; a folder that goes with the server when not given. */
  dir?: string;
  tls?: MysqlTls | undefined;
}

/** An etcd of the test's own, for tests that stop, freeze or wipe it. */
export async function ownEtcd(
  options: { members?: number; quotaBytes?: number } = {},
): Promise<EtcdServer> {
  const { dir, remove } = await temporaryDir();
  const server = await startEtcd({ dir, ...options });
  return withCleanUp(server, remove);
}

/**
 * A MySQL of the test's own, for tests that stop or freeze it, change its settings or give it
 * certificates. When `MYSQL_URL` names a server, it is said that this test does not use it.
 */
export async function ownMysql(options: OwnMysqlOptions = {}): Promise<MysqlServer> {
  if (mysqlUrl() !== undefined) {
    const file = basename(process.argv[1] ?? '');
    process.stderr.write(
      `${file}: MYSQL_URL is not used by tests that stop or set up the server\n`,
    );
  }
  return await startOwnMysql(options);
}

/** A new database on a server as `ownMysql` starts it. */
export async function openOwnDatabase(options: OwnMysqlOptions = {}): Promise<TestDatabase> {
  const server = await ownMysql(options);
  return { ...(await createDatabase(server)), server };
}

/** The etcd of `ETCD_ENDPOINTS`, or one of the test's own. */
export async function openTestEtcd(): Promise<TestEtcd> {
  const prefix = `/test-${randomBytes(6).toString('hex')}/`;
  const existing = process.env['ETCD_ENDPOINTS'];
  if (existing !== undefined && existing !== '') {
    return { endpoints: existing.split(','), prefix, [Symbol.asyncDispose]: async () => undefined };
  }
  const server = await ownEtcd();
  return {
    endpoints: server.endpoints,
    prefix,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}

/** A new database on the server of `MYSQL_URL`, dropped at the end, or on one of the test's own. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const existing = mysqlUrl();
  if (existing === undefined) return await createDatabase(await startOwnMysql());
  const name = databaseName();
  const url = new URL(existing);
  url.pathname = `/${name}`;
  await execute(existing, 'CREATE DATABASE ??', name);
  return {
    url: url.href,
    server: undefined,
    [Symbol.asyncDispose]: async () => await execute(existing, 'DROP DATABASE ??', name),
  };
}

function mysqlUrl(): string | undefined {
  return process.env['MYSQL_URL'] || undefined;
}

async function startOwnMysql({ dir: kept, tls }: OwnMysqlOptions = {}): Promise<MysqlServer> {
  const options = tls ? { tls } : {};
  if (kept !== undefined) return await startMysql({ dir: kept, ...options });
  const { dir, remove } = await temporaryDir();
  return withCleanUp(await startMysql({ dir, ...options }), remove);
}

async function createDatabase(server: MysqlServer): Promise<TestDatabase> {
  return {
    url: await server.createDatabase(databaseName()),
    server: undefined,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}

function databaseName(): string {
  return `rollcall_test_${randomBytes(6).toString('hex')}`;
}

/** Without a database: the one that the URL names need not exist. */
async function execute(url: string, sql: string, name: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/';
  const connection = await createConnection(server.href);
  try {
    await connection.query(sql, [name]);
  } finally {
    await connection.end();
  }
}

async function temporaryDir(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
  const remove = async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  return { dir, remove };
}

/** Replaces the disposal by one that also removes the data. */
function withCleanUp<T extends AsyncDisposable>(server: T, remove: () => Promise<void>): T {
  const dispose = server[Symbol.asyncDispose].bind(server);
  server[Symbol.asyncDispose] = async () => {
    await dispose();
    await remove();
  };
  return server;
}
