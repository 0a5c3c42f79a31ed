import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type EtcdClient, openEtcd } from '#libs/etcd';
import { canonicalJson, configKey, digestOf } from '#libs/keyspace';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { EtcdStateStore } from '#services/controller/store/etcd-state-store.ts';
import { MemberStore } from '#services/controller/store/member-store.ts';
import {
  isReady,
  publishedGeneration,
  readMeta,
  runDataPath,
  type TestDataPath,
  tombstoneGeneration,
} from '#test/data-path';
import { eventually } from '#test/eventually';
import { valueOfRow } from '#test/row-value';
import { openTestDatabase, ownEtcd, type TestDatabase } from '#test/servers';

let server: EtcdServer;
let database: TestDatabase;
let mysql: Mysql;
let client: EtcdClient;
let configs: ConfigStore;
const controllers: TestDataPath[] = [];

before(async () => {
  server = await ownEtcd();
  database = await openTestDatabase();
  await migrate(database.url, silentLog);
  mysql = openMysql({ url: database.url }, { log: silentLog });
  client = openEtcd({ endpoints: server.endpoints }, { log: silentLog });
  configs = new ConfigStore({ mysql });
  const stores = {
    configs,
    epochs: new EtcdStateStore({ mysql }),
    members: new MemberStore({ mysql }),
  };
  controllers.push(await runDataPath(server.endpoints, stores));
  controllers.push(await runDataPath(server.endpoints, stores));
});

after(async () => {
  for (const controller of controllers) await controller[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await mysql[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const call = { bodyDigest: 'x', actor: 'test', note: '', traceparent: '' };

async function set(id: string, config: object) {
  const content = canonicalJson(config);
  const digest = digestOf(content, 'APPLIED');
  const result = await configs.set({
    ...call,
    env: 'env1',
    id,
    content,
    digest,
    labels: {},
    completionPolicy: 'APPLIED',
  });
  assert.equal(result.kind, 'ok');
  return result.kind === 'ok' ? result.row : assert.fail();
}

async function isEqual(): Promise<boolean> {
  for (const row of await configs.scan(undefined, 2_000)) {
    const { kvs } = await client.range({ key: configKey(row.env, row.id) });
    const value = valueOfRow(row);
    if (kvs[0]?.value.toString() !== (row.deleted ? undefined : value)) return false;
  }
  return true;
}

test('two controllers on empty servers become READY in epoch 1', async () => {
  await eventually(() => isReady(client), { timeoutMs: 5_000 });
  assert.equal((await readMeta(client)).epoch, 1);
});

test('a committed row is published inline, and recorded', async () => {
  const publisher = controllers[0]?.path.publisher ?? assert.fail();
  const epoch = publisher.currentEpoch();
  const row = await set('inline', { v: 1 });
  const result = await publisher.publish(row, { timeoutMs: 1_000, row, epoch });
  assert.equal(result.state, 'PUBLISHED');
  assert.equal(await publishedGeneration(client, 'env1', 'inline'), 1);
  await eventually(async () => (await configs.get('env1', 'inline'))?.publishedEpoch === 1, {
    timeoutMs: 1_000,
  });
});

test('a delete leaves a tombstone, and creating again clears it', async () => {
  const publisher = controllers[0]?.path.publisher ?? assert.fail();
  await set('again', { v: 1 });
  await configs.delete({ ...call, env: 'env1', id: 'again' });
  await publisher.publish({ env: 'env1', id: 'again' }, { timeoutMs: 1_000 });
  assert.equal(await tombstoneGeneration(client, 'env1', 'again'), 2);
  await set('again', { v: 3 });
  await publisher.publish({ env: 'env1', id: 'again' }, { timeoutMs: 1_000 });
  assert.equal(await publishedGeneration(client, 'env1', 'again'), 3);
  assert.equal(await tombstoneGeneration(client, 'env1', 'again'), undefined);
});

test('etcd wiped under load: nothing acknowledged is lost, 1,000 configs are back in 5 s', async () => {
  const ids = Array.from({ length: 1_000 }, (_, at) => `c${at}`);
  await Promise.all(ids.map((id) => set(id, { id, pad: 'x'.repeat(400) })));
  await server.kill();
  await server.wipe();
  const during = ids.slice(0, 50).map((id) => set(id, { id, changed: true }));
  await server.restart();
  await Promise.all(during);
  const startedAt = performance.now();
  const isRebuilt = async () => (await readMeta(client)).epoch > 1 && (await isReady(client));
  await eventually(isRebuilt, { timeoutMs: 5_000, what: 'READY in a new epoch' });
  assert.ok(performance.now() - startedAt < 5_000);
  assert.equal((await readMeta(client)).epoch, 2);
  await eventually(isEqual, { timeoutMs: 5_000, what: 'etcd equal to MySQL' });
  assert.equal((await new EtcdStateStore({ mysql }).read()).state, 'READY');
});
