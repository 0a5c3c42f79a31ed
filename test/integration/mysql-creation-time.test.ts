// When a config was created, in MySQL: what changes it, and how it is found for rows from before.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { setCommand } from '#test/config-commands';
import { openTestDatabase, type TestDatabase } from '#test/servers';

let database: TestDatabase;
let mysql: Mysql;
let configs: ConfigStore;

before(async () => {
  database = await openTestDatabase();
  await migrate(database.url, log);
  mysql = openMysql({ url: database.url }, { log });
  configs = new ConfigStore({ mysql });
});
after(async () => {
  await mysql?.[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function timesOf(id: string): Promise<{ createdAt: Date; acceptedAt: Date }> {
  const row = await configs.get('1', id);
  assert(row, id);
  return row;
}

/** Times are kept in milliseconds: what follows is later in them, too. */
async function nextMillisecond(): Promise<void> {
  await sql`select sleep(0.003)`.execute(mysql.db);
}

/** Brings a config through `steps`; returns when its last creation was. */
async function live(id: string, steps: readonly string[]): Promise<Date> {
  let createdAt = new Date(0);
  for (const [at, step] of steps.entries()) {
    await nextMillisecond();
    if (step === 'set') await configs.set(setCommand(id, at));
    if (step === 'delete') await configs.delete(setCommand(id, at));
    if (step === 'lift') await configs.liftRows(50 * (at + 1));
    if (step === 'heal') await configs.heal('1', id, 50 * (at + 1));
    const isCreation = step === 'set' && (at === 0 || steps[at - 1] === 'delete');
    if (isCreation) createdAt = (await timesOf(id)).acceptedAt;
  }
  return createdAt;
}

const histories: Record<string, readonly string[]> = {
  new: ['set'],
  updated: ['set', 'set', 'set'],
  deleted: ['set', 'set', 'delete'],
  recreated: ['set', 'delete', 'set', 'set'],
  'deleted-again': ['set', 'delete', 'set', 'set', 'delete'],
  lifted: ['set', 'lift', 'set'],
  'lifted-as-deleted': ['set', 'delete', 'set', 'delete', 'lift', 'lift'],
  healed: ['set', 'set', 'heal', 'set'],
};
const createdAt = new Map<string, number>();

for (const [id, steps] of Object.entries(histories)) {
  test(`the creation of one that went through ${steps.join(', ')} is its last one`, async () => {
    const last = await live(id, steps);
    createdAt.set(id, last.getTime());
    assert.equal((await timesOf(id)).createdAt.getTime(), last.getTime());
  });
}

test('a replayed answer tells the creation of then', async () => {
  const command = setCommand('replayed', 1, { requestId: 'replayed' });
  await configs.set(command);
  const { createdAt: first } = await timesOf('replayed');
  await configs.delete(setCommand('replayed', 1));
  await nextMillisecond();
  await configs.set(setCommand('replayed', 2));
  const again = await configs.set(command);
  assert(again.kind === 'ok' && again.replayed);
  assert.deepEqual(again.row.createdAt, first);
  assert((await timesOf('replayed')).createdAt > first);
});

test('rows from before get their creation from the history, else when they were accepted', async () => {
  await configs.set(setCommand('no-history', 1));
  const { acceptedAt } = await timesOf('no-history');
  await mysql.db.deleteFrom('ingress_config_generation').where('id', '=', 'no-history').execute();
  await sql`alter table ingress_config drop column created_at`.execute(mysql.db);
  await sql`delete from kysely_migration where name >= '0006'`.execute(mysql.db);
  const [first, ...later] = await migrate(database.url, log);
  assert.equal(first, '0006-creation-time');
  assert(later.every((name) => name > '0006'));
  assert.equal((await timesOf('no-history')).createdAt.getTime(), acceptedAt.getTime());
  for (const [id, expected] of createdAt) {
    assert.equal((await timesOf(id)).createdAt.getTime(), expected, id);
  }
});

test('a controller that does not know the column yet goes on creating configs', async () => {
  await sql`insert into ingress_config (env, id, generation, content, digest, labels,
      completion_policy, actor, note, accepted_at, traceparent)
    values ('1', 'older', 1, '{}', 'd', '{}', 'APPLIED', 'me', '', UTC_TIMESTAMP(3), '')
  `.execute(mysql.db);
  const times = await timesOf('older');
  assert(Math.abs(times.createdAt.getTime() - times.acceptedAt.getTime()) < 1_000);
});
