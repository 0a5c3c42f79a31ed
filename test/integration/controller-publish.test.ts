import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Etcd3 } from 'etcd3';
import { openEtcd } from '#libs/etcd';
import { configKey, tombstoneKey } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, freePort } from '#local';
import { Publisher } from '#services/controller/publish/publisher.ts';
import {
  isReady,
  publishedGeneration,
  runDataPath,
  type TestDataPath,
  tombstoneGeneration,
} from '#test/data-path';
import { eventually } from '#test/eventually';
import { MemoryStore } from '#test/memory-store';
import { ownEtcd } from '#test/servers';

const BUDGET = { timeoutMs: 5_000 };

let server: EtcdServer;
/** Writes what the product would not. */
let stranger: Etcd3;
let store: MemoryStore;
let controller: TestDataPath;

before(async () => {
  server = await ownEtcd();
  stranger = new Etcd3({ hosts: server.endpoints });
  store = new MemoryStore();
  controller = await runDataPath(server.endpoints, {
    configs: store,
    epochs: store.epochs,
    members: store.members,
  });
  await eventually(() => isReady(controller.client), { timeoutMs: 5_000, what: 'READY' });
});

after(async () => {
  stranger.close();
  await controller[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const publish = async (env: string, id: string) =>
  await controller.path.publisher.publish({ env, id }, BUDGET);
const generationOf = async (env: string, id: string) =>
  await publishedGeneration(controller.client, env, id);
const tombstoneOf = async (env: string, id: string) =>
  await tombstoneGeneration(controller.client, env, id);
const put = async (key: string, value: string | Buffer) => {
  await stranger.put(key).value(value);
};

test('a stale publisher is refused and the newer generation stays', async () => {
  const epoch = controller.path.publisher.currentEpoch();
  const old = store.set('env1', 'stale', { v: 1 });
  store.set('env1', 'stale', { v: 2 });
  assert.equal((await publish('env1', 'stale')).state, 'PUBLISHED');
  const late = await controller.path.publisher.publish(old, { ...BUDGET, row: old, epoch });
  assert.equal(late.state, 'PUBLISHED');
  assert.equal(await generationOf('env1', 'stale'), 2);
  assert.equal(store.heals, 0);
});

test('publishing what stands writes nothing', async () => {
  store.set('env1', 'same', { v: 1 });
  await publish('env1', 'same');
  const [before] = (await controller.client.range({ key: configKey('env1', 'same') })).kvs;
  assert.equal((await publish('env1', 'same')).state, 'PUBLISHED');
  const [after] = (await controller.client.range({ key: configKey('env1', 'same') })).kvs;
  assert.equal(after?.modRevision, before?.modRevision);
});

test('a delete leaves a tombstone under a lease, and creating again clears it', async () => {
  store.set('env1', 'gone', { v: 1 });
  await publish('env1', 'gone');
  const deleted = store.set('env1', 'gone', undefined);
  assert.equal((await publish('env1', 'gone')).state, 'PUBLISHED');
  assert.equal(await generationOf('env1', 'gone'), undefined);
  assert.equal(await tombstoneOf('env1', 'gone'), deleted.generation);
  const [tombstone] = (await controller.client.range({ key: tombstoneKey('env1', 'gone') })).kvs;
  assert.notEqual(tombstone?.lease, '0');
  store.set('env1', 'gone', { v: 3 });
  await publish('env1', 'gone');
  assert.equal(await generationOf('env1', 'gone'), 3);
  assert.equal(await tombstoneOf('env1', 'gone'), undefined);
});

test('a late publication of what was deleted is refused', async () => {
  const epoch = controller.path.publisher.currentEpoch();
  const old = store.set('env1', 'zombie', { v: 1 });
  store.set('env1', 'zombie', undefined);
  await publish('env1', 'zombie');
  await controller.path.publisher.publish(old, { ...BUDGET, row: old, epoch });
  assert.equal(await generationOf('env1', 'zombie'), undefined);
  assert.equal(await tombstoneOf('env1', 'zombie'), 2);
});

test('a lost tombstone lease is replaced', async () => {
  store.set('env1', 'leased', { v: 1 });
  await publish('env1', 'leased');
  store.set('env1', 'leased', undefined);
  await publish('env1', 'leased');
  const [tombstone] = (await controller.client.range({ key: tombstoneKey('env1', 'leased') })).kvs;
  await controller.client.leaseRevoke(tombstone?.lease ?? '');
  store.set('env1', 'leased-2', { v: 1 });
  store.set('env1', 'leased-2', undefined);
  assert.equal((await publish('env1', 'leased-2')).state, 'PUBLISHED');
  assert.equal(await tombstoneOf('env1', 'leased-2'), 2);
});

test('foreign values are replaced, whatever their bytes', async () => {
  for (const [id, value] of [
    ['foreign-high', 'zzz'],
    ['foreign-low', '!'],
    ['foreign-20', '{"generation":"99999999999999999999","digest":"x"}'],
    ['foreign-empty', ''],
    ['foreign-long', `}${'x'.repeat(1_000)}`],
    ['foreign-byte', Buffer.from([0xff])],
    ['foreign-bytes', Buffer.alloc(1_000, 0xff)],
  ] as const) {
    store.set('env1', id, { v: 1 });
    await put(configKey('env1', id), value);
    await put(tombstoneKey('env1', id), 'zzz');
    assert.equal((await publish('env1', id)).state, 'PUBLISHED', id);
    await put(tombstoneKey('env1', id), value);
    assert.equal((await publish('env1', id)).state, 'PUBLISHED', id);
    assert.equal(await generationOf('env1', id), 1, id);
    assert.equal(await tombstoneOf('env1', id), undefined, id);
  }
  assert.equal(store.heals, 0);
});

test('a MySQL that lost commits is lifted above what was published', async () => {
  store.set('env1', 'healed', { v: 1 });
  store.set('env1', 'healed', { v: 2 });
  store.set('env1', 'healed', { v: 3 });
  await publish('env1', 'healed');
  store.rows.delete('env1/healed');
  store.set('env1', 'healed', { v: 'after the loss' });
  const heals = store.heals;
  assert.equal((await publish('env1', 'healed')).state, 'PUBLISHED');
  assert.equal(store.heals, heals + 1);
  assert.equal(store.rows.get('env1/healed')?.generation, 4);
  assert.equal(await generationOf('env1', 'healed'), 4);
});

test('concurrent publications share transactions, each guarded by itself', async () => {
  const ids = Array.from({ length: 500 }, (_, at) => `many-${at}`);
  for (const id of ids) store.set('env2', id, { id });
  const { revision: from } = await controller.client.range({ key: 'none' });
  const results = await Promise.all(ids.map((id) => publish('env2', id)));
  assert.ok(results.every(({ state }) => state === 'PUBLISHED'));
  const { revision: to } = await controller.client.range({ key: 'none' });
  assert.ok(to - from < 20n, `${to - from} transactions`);
  assert.equal(await generationOf('env2', 'many-499'), 1);
});

test('rows that another controller has brought cost one look together', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => store.set('env3', `both-${at}`, { at }));
  const epoch = controller.path.publisher.currentEpoch() ?? 0;
  const { signal } = new AbortController();
  const options = { epoch, signal, timeoutMs: 5_000, intoEmpty: false };
  assert.equal(await controller.path.publisher.publishAll(rows, options), 100);
  const { client } = controller;
  let txns = 0;
  const counting = {
    range: client.range.bind(client),
    leaseGrant: client.leaseGrant.bind(client),
    txn: (...args: Parameters<typeof client.txn>) => {
      txns += 1;
      return client.txn(...args);
    },
  };
  await using other = new Publisher({ etcd: counting, store, log: silentLog });
  assert.equal(await other.publishAll(rows, options), 100);
  assert.equal(txns, 1);
});

test('why rows that were handed over together stay pending is in the log', async () => {
  const port = await freePort();
  await using away = openEtcd({ endpoints: [`127.0.0.1:${port}`] }, { log: silentLog });
  const said: object[] = [];
  const log = { ...silentLog, debug: (fields: object) => void said.push(fields) };
  await using publisher = new Publisher({ etcd: away, store, log });
  const rows = [store.set('env3', 'away-1', {}), store.set('env3', 'away-2', {})];
  const { signal } = new AbortController();
  const options = { epoch: 1, signal, timeoutMs: 5_000, intoEmpty: true };
  assert.equal(await publisher.publishAll(rows, options), 0);
  assert.equal(said.length, 1);
  assert.match(String((said[0] as { err?: unknown }).err), /Unavailable|ECONNREFUSED/);
});

test('large configs are split over transactions', async () => {
  const ids = Array.from({ length: 9 }, (_, at) => `large-${at}`);
  for (const id of ids) store.set('env2', id, { text: 'x'.repeat(250 * 1024) });
  const results = await Promise.all(ids.map((id) => publish('env2', id)));
  assert.deepEqual(new Set(results.map(({ state }) => state)), new Set(['PUBLISHED']));
});

test('what its writer did not publish arrives all the same', async () => {
  store.set('env1', 'orphan', { v: 1 });
  await eventually(async () => (await generationOf('env1', 'orphan')) === 1, { timeoutMs: 3_000 });
  const row = () => store.rows.get('env1/orphan');
  await eventually(() => row()?.publishedGeneration === 1, { timeoutMs: 1_000 });
});

test('etcd killed: PENDING at once, published within 2 s of its return', async () => {
  await server.kill();
  store.set('env1', 'outage', { v: 1 });
  const startedAt = performance.now();
  const result = await controller.path.publisher.publish(
    { env: 'env1', id: 'outage' },
    { timeoutMs: 1_000 },
  );
  assert.equal(result.state, 'PENDING');
  assert.ok(performance.now() - startedAt < 1_200);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.restart();
  await eventually(async () => (await generationOf('env1', 'outage')) === 1, {
    timeoutMs: 2_000,
    what: 'the publication',
  });
});
