import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type EtcdClient, openEtcd, prefixEnd } from '#libs/etcd';
import {
  CONFIG_PREFIX,
  configKey,
  EPOCH_KEY,
  encodeConfig,
  TOMBSTONE_PREFIX,
} from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import type { ConfigRef, ConfigRow } from '#services/controller/domain/config-row.ts';
import {
  isReady,
  publishedGeneration,
  readMeta,
  runDataPath,
  type TestDataPath,
  tombstoneGeneration,
} from '#test/data-path';
import { eventually } from '#test/eventually';
import { MemoryStore } from '#test/memory-store';
import { valueOfRow } from '#test/row-value';
import { ownEtcd } from '#test/servers';

let server: EtcdServer;
let client: EtcdClient;
let store: MemoryStore;
let controllers: TestDataPath[] = [];

before(async () => {
  server = await ownEtcd();
  client = openEtcd({ endpoints: server.endpoints }, { log: silentLog });
});

after(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await server.kill();
  await server.wipe();
  await server.restart();
  store = new MemoryStore();
});

afterEach(async () => {
  await Promise.all(controllers.map(async (controller) => await controller[Symbol.asyncDispose]()));
  controllers = [];
});

async function start(count = 1, mysql = store): Promise<void> {
  const stores = { configs: mysql, epochs: mysql.epochs, members: mysql.members };
  for (let at = 0; at < count; at += 1) {
    controllers.push(await runDataPath(server.endpoints, stores));
  }
}

async function untilReady(epoch: number, timeoutMs = 5_000): Promise<void> {
  const look = async () => (await isReady(client)) && (await readMeta(client)).epoch === epoch;
  await eventually(look, { timeoutMs, what: `READY in epoch ${epoch}` });
}

/** etcd equals MySQL's live rows, byte for byte, and every delete has its tombstone. */
async function assertEqual(): Promise<void> {
  const found = new Map<string, string>();
  for (const prefix of [CONFIG_PREFIX, TOMBSTONE_PREFIX]) {
    for await (const { kvs } of client.list(prefix)) {
      for (const { key, value } of kvs) found.set(key, value.toString());
    }
  }
  for (const row of store.rows.values()) {
    const value = found.get(configKey(row.env, row.id));
    if (row.deleted) assert.equal(value, undefined, row.id);
    else assert.equal(value, valueOfRow(row));
    const tombstone = await tombstoneGeneration(client, row.env, row.id);
    assert.equal(tombstone, row.deleted ? row.generation : undefined, row.id);
  }
}

test('a first start becomes READY in epoch 1 within a second', async () => {
  await start();
  await untilReady(1, 1_000);
  assert.deepEqual(await readMeta(client), { epoch: 1, ready: 1, pass: 1 });
});

test('a wiped etcd gets a new epoch and everything back: 1,000 configs in 5 s', async () => {
  for (let at = 0; at < 1_000; at += 1) store.set('env1', `c${at}`, { at, pad: 'x'.repeat(500) });
  store.set('env1', 'c7', undefined);
  store.set('env1', 'c8', undefined);
  await start();
  await untilReady(1);
  await assertEqual();
  await server.kill();
  await server.wipe();
  await server.restart();
  const startedAt = performance.now();
  await untilReady(2, 5_000);
  const tookMs = performance.now() - startedAt;
  await assertEqual();
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
});

test('until an etcd is READY its rows are left to the pass, save those that nobody has published yet', async () => {
  const rebuilt = new HeldStore();
  store = rebuilt;
  for (let at = 0; at < 20; at += 1) store.set('env1', `c${at}`, { at });
  await start();
  await untilReady(1);
  const aWhileAgo = new Date(Date.now() - 60_000);
  for (const row of store.rows.values()) row.acceptedAt = aWhileAgo;
  const held = rebuilt.holdScan();
  await server.etcdctl('del', '--prefix', '/ingress/');
  await held.reached;
  // As a controller leaves it that crashes behind its commit.
  store.set('env1', 'orphan', { v: 1 });
  const isPublished = async () => (await publishedGeneration(client, 'env1', 'orphan')) === 1;
  await eventually(isPublished, { timeoutMs: 5_000, what: 'the orphan in etcd' });
  const range = { key: CONFIG_PREFIX, rangeEnd: prefixEnd(CONFIG_PREFIX), countOnly: true };
  assert.equal((await client.range(range)).count, 1);
  held.release();
  await untilReady(2);
  await assertEqual();
});

/** Whose pages come when they are released. */
class HeldStore extends MemoryStore {
  #scan: { reached: () => void; released: Promise<void> } | undefined;

  holdScan(): { reached: Promise<void>; release: () => void } {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#scan = { reached: reached.resolve, released: released.promise };
    return { reached: reached.promise, release: released.resolve };
  }

  override async scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRow[]> {
    this.#scan?.reached();
    await this.#scan?.released;
    return await super.scan(after, limit);
  }
}

test('del --prefix /ingress/ by hand: everything comes back in a new epoch', async () => {
  for (let at = 0; at < 20; at += 1) store.set('env1', `c${at}`, { at });
  store.set('env1', 'c3', undefined);
  await start(2);
  await untilReady(1);
  await server.etcdctl('del', '--prefix', '/ingress/');
  await untilReady(2);
  await assertEqual();
});

test('three controllers on a wiped etcd: one epoch wins', async () => {
  for (let at = 0; at < 300; at += 1) store.set('env1', `c${at}`, { at });
  await start(3);
  await untilReady(1);
  await assertEqual();
  await server.kill();
  await server.wipe();
  await server.restart();
  await untilReady(2);
  await assertEqual();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.equal((await readMeta(client)).epoch, 2);
  assert.equal(store.epochs.epoch, 2);
});

test('an epoch that was allocated but never put is not put later', async () => {
  store.set('env1', 'a', { v: 1 });
  store.epochs.epoch = 7;
  await start();
  await untilReady(8);
  assert.equal(await publishedGeneration(client, 'env1', 'a'), 1);
});

test('a foreign epoch is replaced', async () => {
  await client.txn({ compare: [], success: [{ put: { key: EPOCH_KEY, value: 'zzz' } }] });
  await start();
  await untilReady(1);
});

test('an etcd restored to an older state of the same epoch gets a new one', async () => {
  store.set('env1', 'a', { v: 1 });
  await start();
  await untilReady(1);
  store.set('env1', 'a', { v: 2 });
  await eventually(async () => (await publishedGeneration(client, 'env1', 'a')) === 2, {
    timeoutMs: 3_000,
  });
  // What a snapshot would bring back: the same epoch at a lower revision.
  await server.kill();
  await server.wipe();
  await server.restart();
  const old = store.rows.get('env1/a');
  assert.ok(old);
  const value = valueOfRow({ ...old, generation: 1 });
  const put = (key: string, text: string) => ({ put: { key, value: text } });
  await client.txn({
    compare: [{ key: EPOCH_KEY, target: 'create', op: '=', value: 0n }],
    success: [put(EPOCH_KEY, '00000000000000000001'), put(configKey('env1', 'a'), value)],
  });
  await eventually(async () => (await readMeta(client)).epoch > 1 && (await isReady(client)), {
    timeoutMs: 5_000,
  });
  await assertEqual();
});

test('keys that MySQL has never known stay, foreign values go', async () => {
  store.set('env1', 'a', { v: 1 });
  const stray = encodeConfig({
    generation: 3,
    digest: 'x',
    completionPolicy: 'APPLIED',
    labels: {},
    acceptedAt: '',
    traceparent: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    content: '{}',
  });
  const put = (key: string, value: string) => ({ put: { key, value } });
  await client.txn({
    compare: [],
    success: [put(configKey('env1', 'stray'), stray), put(configKey('env1', 'a'), 'garbage')],
  });
  await start();
  await untilReady(1);
  assert.equal(await publishedGeneration(client, 'env1', 'a'), 1);
  assert.equal(await publishedGeneration(client, 'env1', 'stray'), stray);
});

test('a value from before configs had a time of creation stands until the next generation', async () => {
  const row = store.set('env1', 'a', { v: 1 });
  const key = configKey('env1', 'a');
  const older = valueOfRow(row).replace(/"created_at":"[^"]*",/, '');
  await client.txn({ compare: [], success: [{ put: { key, value: older } }] });
  const read = async () => (await client.range({ key })).kvs[0]?.value.toString();
  await start();
  await untilReady(1);
  assert.equal(await read(), older);
  const next = store.set('env1', 'a', { v: 2 });
  await controllers[0]?.path.publisher.publish({ env: 'env1', id: 'a' }, { timeoutMs: 5_000 });
  assert.equal(await read(), valueOfRow(next));
});

test('an emptied MySQL deletes nothing and announces nothing', async () => {
  for (let at = 0; at < 5; at += 1) store.set('env1', `c${at}`, { at });
  await start();
  await untilReady(1);
  await controllers.pop()?.[Symbol.asyncDispose]();
  const meta = await readMeta(client);
  await start(1, new MemoryStore());
  await eventually(async () => (await readMeta(client)).epoch === 2, { timeoutMs: 3_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.deepEqual(await readMeta(client), { ...meta, epoch: 2 });
  assert.equal(await publishedGeneration(client, 'env1', 'c0'), 1);
});
