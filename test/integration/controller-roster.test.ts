import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type EtcdClient, openEtcd } from '#libs/etcd';
import {
  agentKey,
  controllerKey,
  decodeRoster,
  encodeAgentRegistration,
  encodeRoster,
  rosterKey,
} from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import { createRegistration } from '#services/controller/membership/registration.ts';
import type { RosterChange } from '#services/controller/membership/roster-change.ts';
import { isReady, readMeta, runDataPath, type TestDataPath } from '#test/data-path';
import { eventually } from '#test/eventually';
import { MemoryStore } from '#test/memory-store';
import { ownEtcd } from '#test/servers';

const SOON = { timeoutMs: 3_000 };
const JOINED_AT = '2026-11-23T09:00:00.000Z';

let server: EtcdServer;
let client: EtcdClient;
let store: MemoryStore;
let controller: TestDataPath;

before(async () => {
  server = await ownEtcd();
  client = openEtcd({ endpoints: server.endpoints }, { log: silentLog });
  store = new MemoryStore();
  const { epochs, members } = store;
  controller = await runDataPath(server.endpoints, { configs: store, epochs, members });
  await eventually(() => isReady(client), SOON);
});

after(async () => {
  await controller[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const registrationOf = (name: string, instance: string) =>
  encodeAgentRegistration({
    name,
    ip: '127.0.0.1',
    grpc_port: 1,
    instance,
    version: '0',
    started_at: JOINED_AT,
    env_uuid: '',
    driver: 'noop',
    synced: null,
  });

async function register(env: string, name: string, instance = 'i1'): Promise<void> {
  const roster = encodeRoster({ instance, joined_at: JOINED_AT });
  const value = registrationOf(name, instance);
  await client.txn({
    compare: [],
    success: [
      { put: { key: agentKey(env, name), value } },
      { put: { key: rosterKey(env, name), value: roster } },
    ],
  });
}

async function crash(env: string, name: string): Promise<void> {
  await client.txn({ compare: [], success: [{ delete: { key: agentKey(env, name) } }] });
}

async function leave(env: string, name: string): Promise<void> {
  const value = encodeRoster({ left_at: JOINED_AT });
  await client.txn({
    compare: [],
    success: [
      { delete: { key: agentKey(env, name) } },
      { put: { key: rosterKey(env, name), value } },
    ],
  });
}

const member = (env: string, name: string) => store.members.rows.get(`${env}/${name}`);
const roster = async (env: string, name: string) => {
  const { kvs } = await client.range({ key: rosterKey(env, name) });
  return kvs[0] && decodeRoster(kvs[0].value);
};

test('joining, being lost and coming back are recorded', async () => {
  await register('env1', 'a');
  await eventually(() => member('env1', 'a')?.instance === 'i1', SOON);
  await crash('env1', 'a');
  const lost = await eventually(() => member('env1', 'a')?.lostSince ?? false, SOON);
  assert.ok(lost instanceof Date);
  assert.equal(controller.path.view.agents('env1').find(({ name }) => name === 'a')?.live, false);
  await register('env1', 'a', 'i2');
  await eventually(() => {
    const row = member('env1', 'a');
    return row?.instance === 'i2' && !row.lostSince;
  }, SOON);
});

test('a clean exit is recorded, then its roster key goes', async () => {
  await register('env1', 'leaver');
  await eventually(() => member('env1', 'leaver') !== undefined, SOON);
  await leave('env1', 'leaver');
  await eventually(async () => (await roster('env1', 'leaver')) === undefined, SOON);
  assert.ok(member('env1', 'leaver')?.leftAt);
});

test('environments and names that begin alike stay apart', async () => {
  await register('env1', 'x');
  await register('env10', 'x');
  await register('env1', 'xy');
  const { view } = controller.path;
  await eventually(() => view.agents('env1').length === 3, SOON);
  assert.deepEqual(
    view.agents('env1').map(({ name }) => name),
    ['a', 'x', 'xy'],
  );
  assert.deepEqual(
    view.agents('env10').map(({ name }) => name),
    ['x'],
  );
});

test('garbage in the membership folders harms nobody', async () => {
  const put = (key: string, value: string) => ({ put: { key, value } });
  await client.txn({
    compare: [],
    success: [
      put('/ingress/agent/env1/UPPER', 'x'),
      put('/ingress/roster/env1/a/b', 'x'),
      put(agentKey('env3', 'garbled'), 'not json'),
      put(rosterKey('env3', 'garbled'), 'not json'),
      put(controllerKey('garbled'), 'not json'),
    ],
  });
  await eventually(() => controller.path.view.agents('env3').length === 1, SOON);
  const [agent] = controller.path.view.agents('env3');
  assert.deepEqual([agent?.name, agent?.live, agent?.registration], ['garbled', true, undefined]);
});

test('subscribers see a snapshot and then every change', async () => {
  const seen: string[] = [];
  const describe = (change: RosterChange) => {
    if (change.kind === 'agent') seen.push(`${change.agent.name} ${change.agent.live}`);
    if (change.kind === 'left') seen.push(`${change.name} left`);
  };
  const unsubscribe = controller.path.view.subscribe(describe);
  const shown = () => controller.path.view.agents('env4').find(({ name }) => name === 's');
  // Each is awaited: changes that come in one message are told as one.
  await register('env4', 's');
  await eventually(() => shown()?.live === true && shown()?.roster !== undefined, SOON);
  await crash('env4', 's');
  await eventually(() => shown()?.live === false, SOON);
  await leave('env4', 's');
  await eventually(() => seen.includes('s left'), SOON);
  unsubscribe();
  // Registration and roster key may be told one after the other, in either order: a member without a
  // registration is not live yet.
  const sinceLive = seen.slice(seen.indexOf('s true'));
  assert.deepEqual([...new Set(sinceLive)], ['s true', 's false', 's left']);
});

test('a roster key removed by hand comes back, a left one does not', async () => {
  await eventually(() => member('env1', 'x') !== undefined, SOON);
  await client.txn({ compare: [], success: [{ delete: { key: rosterKey('env1', 'x') } }] });
  controller.path.reconciler.trigger();
  await eventually(async () => (await roster('env1', 'x')) !== undefined, SOON);
  assert.deepEqual(await roster('env1', 'x'), { instance: 'i1', joined_at: JOINED_AT });
  assert.equal(await roster('env1', 'leaver'), undefined);
});

test('a wiped etcd gets its roster back before READY, and nobody counts as having left', async () => {
  await eventually(() => member('env10', 'x') !== undefined, SOON);
  const before = [...store.members.rows.values()].filter(({ leftAt }) => !leftAt).length;
  const { epoch } = await readMeta(client);
  await server.kill();
  await server.wipe();
  await server.restart();
  await eventually(async () => (await readMeta(client)).epoch > epoch && (await isReady(client)), {
    timeoutMs: 6_000,
  });
  const { count } = await client.range({
    key: '/ingress/roster/',
    rangeEnd: '/ingress/roster0',
    countOnly: true,
  });
  assert.equal(count, before);
  await eventually(() => controller.path.view.agents().length === before, SOON);
  await eventually(() => Boolean(member('env10', 'x')?.lostSince), SOON);
  assert.equal(member('env10', 'x')?.leftAt, undefined);
});

test('a controller shows itself, comes back when removed, and goes at its end', async () => {
  const stop = new AbortController();
  const registration = {
    name: 'controller-1',
    ip: '127.0.0.1',
    grpc_port: 1,
    instance: 'c1',
    version: '0',
    started_at: JOINED_AT,
  };
  const run = createRegistration({
    client,
    registration,
    ttlSeconds: 5,
    heartbeatMs: 2_000,
    log: silentLog,
  });
  const running = run(stop.signal);
  const isShown = () =>
    controller.path.view.controllers().some(({ name }) => name === 'controller-1');
  await eventually(isShown, SOON);
  const key = controllerKey('controller-1');
  await client.txn({ compare: [], success: [{ delete: { key } }] });
  const isThere = async () => (await client.range({ key })).kvs.length === 1;
  await eventually(isThere, SOON);
  const [kv] = (await client.range({ key })).kvs;
  await client.leaseRevoke(kv?.lease ?? '');
  await eventually(async () => !(await isThere()), SOON).catch(() => undefined);
  await eventually(isThere, { timeoutMs: 4_000, what: 'a new registration after the lost lease' });
  stop.abort();
  await running;
  assert.equal(await isThere(), false);
  await eventually(() => !isShown(), SOON);
});

test('a member that was lost for too long is forgotten by one of two controllers, but not the last', async () => {
  await using etcd = await ownEtcd();
  await using own = openEtcd({ endpoints: etcd.endpoints }, { log: silentLog });
  const memory = new MemoryStore();
  const parts = { configs: memory, epochs: memory.epochs, members: memory.members };
  const options = { forgetAfterMs: 1_500 };
  await using _one = await runDataPath(etcd.endpoints, parts, options);
  await using _two = await runDataPath(etcd.endpoints, parts, options);
  await eventually(() => isReady(own), SOON);
  const put = async (name: string, isLive: boolean) => {
    const puts = [
      { key: rosterKey('1', name), value: encodeRoster({ instance: name, joined_at: JOINED_AT }) },
      ...(isLive ? [{ key: agentKey('1', name), value: registrationOf(name, name) }] : []),
    ];
    await own.txn({ compare: [], success: puts.map((kv) => ({ put: kv })) });
  };
  const rosterOf = async (name: string) => {
    const { kvs } = await own.range({ key: rosterKey('1', name) });
    return kvs[0] && decodeRoster(kvs[0].value);
  };
  await put('lost', false);
  await put('live', true);
  const forgotten = await eventually(
    async () => {
      const value = await rosterOf('lost');
      return value !== undefined && 'left_at' in value ? value : false;
    },
    { timeoutMs: 15_000 },
  );
  assert.equal(forgotten.forgotten, true);
  await eventually(() => memory.members.rows.get('1/lost')?.forgotten === true, SOON);
  assert.deepEqual(await rosterOf('live'), { instance: 'live', joined_at: JOINED_AT });

  // The other one dies, too: whoever is last stays, however long it is lost.
  await own.txn({ compare: [], success: [{ delete: { key: agentKey('1', 'live') } }] });
  await eventually(() => Boolean(memory.members.rows.get('1/live')?.lostSince), SOON);
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  assert.deepEqual(await rosterOf('live'), { instance: 'live', joined_at: JOINED_AT });

  // Back under the old name: a member again.
  await put('lost', true);
  await eventually(() => memory.members.rows.get('1/lost')?.forgotten !== true, SOON);
});
