import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { checkSchema, migrate, openMysql, SchemaError } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { eventually } from '#test/eventually';
import { openTestDatabase, type TestDatabase } from '#test/servers';

let database: TestDatabase;

before(async () => {
  database = await openTestDatabase();
});
after(async () => {
  await database[Symbol.asyncDispose]();
});

function missingDatabase(): string {
  const url = new URL(database.url);
  url.pathname += `_${process.hrtime.bigint()}`;
  return url.href;
}

async function drop(url: string): Promise<void> {
  await using mysql = openMysql({ url }, { log });
  const name = sql.id(new URL(url).pathname.slice(1));
  // MariaDB refuses at times while it still closes files.
  await eventually(async () => await sql`drop database if exists ${name}`.execute(mysql.db), {
    timeoutMs: 5_000,
  });
}

const ALL = [
  ...['0001-configs', '0002-etcd-state', '0003-members', '0004-receipts'],
  ...['0005-safety-stop', '0006-creation-time', '0007-history-requests', '0008-change-order'],
];

test('creates a missing database, bytewise, and says so only once', async () => {
  const url = missingDatabase();
  const names = await migrate(url, log);
  assert.deepEqual(names, ALL);
  assert.deepEqual(await migrate({ url }, log), []);
  await using mysql = openMysql({ url }, { log });
  await checkSchema(mysql);
  const { rows } = await sql<{ c: string }>`select @@collation_database as c`.execute(mysql.db);
  assert.equal(rows[0]?.c, 'utf8mb4_bin');
  await drop(url);
});

test('migrates once when two migrators start at once', async () => {
  const url = missingDatabase();
  const runs = await Promise.all([migrate(url, log), migrate(url, log)]);
  assert.equal(runs.flat().length, ALL.length);
  await drop(url);
});

test('refuses a schema that was not migrated', async () => {
  await using mysql = openMysql({ url: database.url }, { log });
  await assert.rejects(checkSchema(mysql), SchemaError);
  await migrate(database.url, log);
  await sql`delete from kysely_migration where name = '0004-receipts'`.execute(mysql.db);
  await assert.rejects(checkSchema(mysql), /0004-receipts.*rollcall migrate/);
});

test('runs a migration again that was cut short', async () => {
  const url = missingDatabase();
  await migrate(url, log);
  {
    await using mysql = openMysql({ url }, { log });
    await sql`delete from kysely_migration where name >= '0002'`.execute(mysql.db);
  }
  assert.deepEqual(await migrate(url, log), ALL.slice(1));
  await drop(url);
});

test('sessions are in UTC and strict, whatever the server is set to', async () => {
  await using mysql = openMysql({ url: database.url, connectionsMax: 1 }, { log });
  const read = async () => {
    const zone = sql<{ zone: string; mode: string }>`
      select @@session.time_zone as zone, @@session.sql_mode as mode`;
    return (await zone.execute(mysql.db)).rows[0];
  };
  assert.equal((await read())?.zone, '+00:00');
  // What one user leaves behind does not reach the next one on the same connection.
  await sql`set time_zone = '+05:00'`.execute(mysql.db);
  await sql`set @left = 1`.execute(mysql.db);
  assert.equal((await read())?.zone, '+00:00');
  assert.match((await read())?.mode ?? '', /STRICT_ALL_TABLES/);
  const { rows } = await sql<{ v: unknown }>`select @left as v`.execute(mysql.db);
  assert.equal(rows[0]?.v, null);
});
