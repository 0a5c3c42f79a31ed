// What operators' calls do in MySQL.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { EtcdStateStore } from '#services/controller/store/etcd-state-store.ts';
import { setCommand } from '#test/config-commands';
import { openTestDatabase, type TestDatabase } from '#test/servers';

let database: TestDatabase;
let mysql: Mysql;
let configs: ConfigStore;
let state: EtcdStateStore;

before(async () => {
  database = await openTestDatabase();
  await migrate(database.url, log);
  mysql = openMysql({ url: database.url }, { log });
  state = new EtcdStateStore({ mysql });
});
after(async () => {
  await mysql?.[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  configs = new ConfigStore({ mysql });
  for (const table of ['ingress_config', 'ingress_config_generation', 'safety_stop'] as const) {
    await mysql.db.deleteFrom(table).execute();
  }
  await mysql.db.updateTable('etcd_state').set({ epoch: 1, live_rows: 0 }).execute();
});

async function deleted(id: string): Promise<void> {
  await configs.set(setCommand(id, 1));
  await configs.delete(setCommand(id, 1));
}

const day = (days: number) => sql<Date>`UTC_TIMESTAMP(3) - interval ${sql.lit(days)} day`;

test('lifting brings live rows and deletes above the base, in batches, once', async () => {
  for (let at = 0; at < 250; at += 1) await configs.set(setCommand(`c${at}`, 1));
  await deleted('gone');
  assert.equal(await configs.countBelow(50), 251);
  assert.equal(await configs.liftRows(50, 'me'), 200);
  assert.equal(await configs.liftRows(50, 'me'), 51);
  assert.equal(await configs.liftRows(50, 'me'), 0);
  assert.equal(await configs.countBelow(50), 0);
  const gone = await configs.get('1', 'gone');
  assert.deepEqual([gone?.generation, gone?.deleted, gone?.actor], [51, true, 'me']);
  const history = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['generation', 'deleted', 'note'])
    .where('id', '=', 'gone')
    .orderBy('generation', 'desc')
    .executeTakeFirst();
  assert.deepEqual(history, { generation: 51, deleted: 1, note: 'lifted above generation 50' });
  assert.equal(await configs.highestGeneration(), 51);
});

test('two who lift at once lift each row once', async () => {
  for (let at = 0; at < 60; at += 1) await configs.set(setCommand(`c${at}`, 1));
  await Promise.all([configs.liftRows(50), configs.liftRows(50), configs.liftRows(50)]);
  assert.equal(await configs.countBelow(51), 60);
  assert.equal(await configs.countBelow(50), 0);
});

test('an old delete that was published stays as old and is no dirty row; a live row is dirty', async () => {
  await deleted('old');
  await deleted('unpublished');
  await configs.set(setCommand('live', 1));
  const marks = [
    { env: '1', id: 'old', generation: 2 },
    { env: '1', id: 'live', generation: 1 },
  ];
  await configs.markPublished(marks, 1);
  await mysql.db
    .updateTable('ingress_config')
    .set({ accepted_at: day(30), deleted_at: day(30) })
    .where('id', '=', 'old')
    .execute();
  await configs.liftRows(50);
  const old = await configs.get('1', 'old');
  assert.deepEqual([old?.generation, old?.publishedEpoch], [51, 0]);
  assert.ok(Date.now() - (old?.acceptedAt.getTime() ?? 0) > 29 * 24 * 3_600_000);
  const dirty = await configs.dirty({ epoch: 1, olderThanMs: 0, limit: 9 });
  assert.deepEqual(dirty.map(({ id }) => id).toSorted(), ['live', 'unpublished']);
  await configs.markPublished([{ env: '1', id: 'old', generation: 51 }], 1);
  assert.equal((await configs.get('1', 'old'))?.publishedEpoch, 1);
});

test('a row that was restored alone goes above its own history', async () => {
  await configs.set(setCommand('a', 1));
  await configs.liftRows(50);
  await configs.set(setCommand('a', 2));
  await mysql.db.updateTable('ingress_config').set({ generation: 1 }).execute();
  assert.equal(await configs.highestGeneration(), 52);
  assert.equal(await configs.liftRows(50), 1);
  assert.equal((await configs.get('1', 'a'))?.generation, 53);
});

test('the generation base never goes down', async () => {
  await state.raiseGenerationBase(80);
  await state.raiseGenerationBase(70);
  assert.equal((await state.read()).generationBase, 80);
  await mysql.db.updateTable('etcd_state').set({ generation_base: 0 }).execute();
});

const found = { liveRows: 1, liveRowsBefore: 0, configsInEtcd: 9 };

test('a stop keeps its beginning and its confirmation, until a pass completes', async () => {
  await configs.set(setCommand('a', 1));
  await state.markStopped(found);
  const { stop: first } = await state.read();
  assert.partialDeepStrictEqual(first, { ...found, confirmedLiveRows: undefined });
  const { plan } = await state.confirmLoss(1, 'me');
  assert.deepEqual(plan, { kind: 'confirm' });
  await state.markStopped(found);
  const { stop } = await state.read();
  assert.deepEqual(stop?.stoppedAt, first?.stoppedAt);
  assert.deepEqual([stop?.confirmedLiveRows, stop?.confirmedBy], [1, 'me']);
  await state.markReady({ epoch: 1, highWaterRevision: 5n, liveRows: 1 });
  assert.equal((await state.read()).stop, undefined);
  assert.deepEqual(await state.confirmLoss(1, 'me'), { plan: { kind: 'known' }, liveRows: 1 });
});

test('a pass that began before another one completed records no stop', async () => {
  await state.markReady({ epoch: 1, highWaterRevision: 5n, liveRows: 4 });
  await state.markStopped(found);
  assert.equal((await state.read()).stop, undefined);
});

test('a confirmation of other rows than there are is refused, and stores nothing', async () => {
  await configs.set(setCommand('a', 1));
  await state.markStopped(found);
  const other = await state.confirmLoss(0, 'me');
  assert.deepEqual(other, { plan: { kind: 'other' }, liveRows: 1 });
  assert.equal((await state.read()).stop?.confirmedLiveRows, undefined);
});
