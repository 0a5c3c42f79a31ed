// One etcd and one MySQL for a test file, started when first asked for.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type EtcdServer, type MysqlServer, startEtcd, startMysql } from '#local';

/** An etcd that a test may write to below its prefix. */
export interface TestEtcd extends AsyncDisposable {
  readonly endpoints: string[];
  /** Belongs to this test alone; ends with `/`. */
  readonly prefix: string;
}

/** An empty database. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** An etcd of the test's own, for tests that stop, freeze or wipe it. */
export async function ownEtcd(
  options: { members?: number; quotaBytes?: number } = {},
): Promise<EtcdServer> {
  const { dir, remove } = await temporaryDir();
  const server = await startEtcd({ dir, ...options });
  return withCleanUp(server, remove);
}

/** A MySQL of the test's own, for tests that stop or freeze it. */
export async function ownMysql(): Promise<MysqlServer> {
  const { dir, remove } = await temporaryDir();
  const server = await startMysql({ dir });
  return withCleanUp(server, remove);
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
  const name = `rollcall_test_${randomBytes(6).toString('hex')}`;
  const existing = process.env['MYSQL_URL'];
  if (existing === undefined || existing === '') {
    const server = await ownMysql();
    return {
      url: await server.createDatabase(name),
      [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
    };
  }
  const url = new URL(existing);
  url.pathname = `/${name}`;
  await execute(existing, 'CREATE DATABASE ??', name);
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => await execute(existing, 'DROP DATABASE ??', name),
  };
}

async function execute(uri: string, sql: string, name: string): Promise<void> {
  const connection = await createConnection(uri);
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
