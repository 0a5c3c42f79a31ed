import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EtcdClient,
  EtcdUnavailableError,
  LeaseLostError,
  ListWatch,
  openEtcd,
  openLease,
  put,
} from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import { readEtcdMetrics } from '#test/etcd-metrics';
import { eventually } from '#test/eventually';
import { RecordingSink } from '#test/recording-sink';
import { ownEtcd } from '#test/servers';
import { type SharedEtcd, shareEtcd } from '#test/shared-etcd';
import { openTcpProxy, type TcpProxy } from '#test/tcp-proxy';

const log = silentLog;
const USERS = 20;

let etcd: EtcdServer;
let proxy: TcpProxy;
/** Past the proxy. */
let direct: EtcdClient;
/** Through the proxy. */
let shared: SharedEtcd;
let tests = 0;
let prefix: string;

before(async () => {
  etcd = await ownEtcd();
  proxy = await openTcpProxy(etcd.endpoints[0] ?? '');
  direct = openEtcd({ endpoints: etcd.endpoints }, { log });
});

beforeEach(() => {
  tests += 1;
  prefix = `/shared/${tests}/`;
  shared = shareEtcd();
});

afterEach(async () => {
  await shared[Symbol.asyncDispose]();
  proxy.resume();
  await eventually(() => proxy.open === 0, { timeoutMs: 5_000, what: 'closed connections' });
});

after(async () => {
  await direct[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const openUser = () => shared.open({ endpoints: [proxy.address] }, { log });
const openUsers = () => Array.from({ length: USERS }, openUser);
const own = (index: number) => `${prefix}${index}/`;

/** What each user sees of a range of its own and of one that all watch. */
function watching(users: readonly EtcdClient[], ranges = (index: number) => [own(index)]) {
  const stop = new AbortController();
  const watches = users.map((client, index) => {
    const sink = new RecordingSink();
    const listWatch = new ListWatch({ client, name: 't', ranges: ranges(index), sink, log });
    return { sink, running: listWatch.run(stop.signal) };
  });
  const sinks = watches.map(({ sink }) => sink);
  return {
    sinks,
    up: async () => {
      const areUp = () => sinks.every(({ links }) => links.at(-1) === true);
      await eventually(areUp, { timeoutMs: 10_000, what: 'every watch' });
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(watches.map(({ running }) => running));
    },
  };
}

/** A lease for each user, kept alive until disposal. */
async function leasesOf(users: readonly EtcdClient[], ttlSeconds: number, heartbeatMs: number) {
  await using stack = new AsyncDisposableStack();
  const open = async (client: EtcdClient) =>
    stack.use(await openLease(client, { ttlSeconds, heartbeatMs, log }));
  const all = await Promise.all(users.map(open));
  const opened = stack.move();
  return { all, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function write(key: string, value = 'x'): Promise<void> {
  await direct.txn({ compare: [], success: [put(key, value)] });
}

/** Sent by all clients of etcd so far. */
async function messagesOfWatches(): Promise<number> {
  const metrics = await readEtcdMetrics(etcd.endpoints[0] ?? '');
  const name = 'grpc_server_msg_received_total';
  const labels = 'grpc_method="Watch",grpc_service="etcdserverpb.Watch",grpc_type="bidi_stream"';
  return metrics.get(`${name}{${labels}}`) ?? 0;
}

test("an event reaches those who watch its key, and an agent's own reach it alone", async () => {
  await using watch = watching(openUsers(), (index) => [own(index), `${prefix}all/`]);
  await watch.up();
  for (let index = 0; index < USERS; index += 1) await write(`${own(index)}k`, String(index));
  await write(`${prefix}all/k`);
  const look = () => {
    for (const [index, { content }] of watch.sinks.entries()) {
      const expected = { [`${own(index)}k`]: String(index), [`${prefix}all/k`]: 'x' };
      assert.deepEqual(Object.fromEntries(content), expected);
    }
  };
  await eventually(look, { timeoutMs: 5_000 });
});

test('any number of agents needs four connections', async () => {
  const users = openUsers();
  await using watch = watching(users);
  await watch.up();
  await using _leases = await leasesOf(users, 2, 100);
  await delay(500);
  assert.equal(proxy.open, 4, 'calls, leases, watches and beats');
});

test('a cut connection breaks every watch, and all come back without losing an event', async () => {
  await using watch = watching(openUsers());
  await watch.up();
  for (let round = 0; round < 5; round += 1) {
    proxy.cut();
    for (let index = 0; index < USERS; index += 1) await write(`${own(index)}${round}`);
  }
  const areWhole = () => watch.sinks.every(({ content }) => content.size === 5);
  await eventually(areWhole, { timeoutMs: 10_000, what: 'all events' });
  await watch.up();
  for (const { broken, links } of watch.sinks) {
    assert.deepEqual(broken, []);
    assert(links.includes(false), 'the cut was noticed');
  }
});

test('a stream on which nothing comes is given up, and all come back over a fresh one', async () => {
  const users = openUsers();
  await using watch = watching(users);
  await watch.up();
  const accepted = proxy.accepted;
  proxy.pause('down');
  const areDown = () => watch.sinks.every(({ links }) => links.at(-1) === false);
  await eventually(areDown, { timeoutMs: 15_000, what: 'the silence' });
  proxy.resume();
  await watch.up();
  assert(proxy.accepted > accepted, 'a fresh connection');
});

test('a watch that is idle is asked about, by few questions for all', async () => {
  await using watch = watching(openUsers());
  await watch.up();
  const before = await messagesOfWatches();
  // Longer than a silence that ends a watch.
  await delay(5_000);
  const questions = (await messagesOfWatches()) - before;
  assert(questions > 0 && questions < USERS, `${questions} questions`);
  for (const { links } of watch.sinks) assert.deepEqual(links, [true]);
});

test('an agent that closes its watch gets nothing any more, and the others do', async () => {
  const [first = openUser(), second = openUser()] = openUsers();
  const streams = [];
  for (const client of [first, second]) {
    const stream = await client.openWatch(new AbortController().signal);
    const key = Buffer.from(`${prefix}k`);
    stream.write({ create_request: { key, watch_id: 1 } });
    const messages = stream.messages[Symbol.asyncIterator]();
    const { value: created } = await messages.next();
    assert.equal(created?.created && created.watch_id, '1');
    streams.push({ stream, messages });
  }
  const [leaving, staying] = streams;
  leaving?.stream.close();
  await write(`${prefix}k`);
  assert.equal((await staying?.messages.next())?.value?.events.length, 1);
  await assert.rejects(async () => await leaving?.messages.next(), EtcdUnavailableError);
});

test('a range that is compacted ends one watch, and its agent lists anew', async () => {
  const [first = openUser(), second = openUser()] = openUsers();
  await using watch = watching([first]);
  await watch.up();
  await write(`${prefix}old`);
  const { revision } = await direct.txn({ compare: [], success: [put(`${prefix}new`, 'x')] });
  await etcd.etcdctl('compact', String(revision));
  const stream = await second.openWatch(new AbortController().signal);
  const key = Buffer.from(`${prefix}old`);
  stream.write({ create_request: { key, start_revision: '1', watch_id: 1 } });
  for await (const answer of stream.messages) {
    if (!answer.canceled) continue;
    assert.equal(answer.watch_id, '1');
    assert.equal(BigInt(answer.compact_revision), revision);
    break;
  }
  await write(`${own(0)}k`);
  await eventually(() => watch.sinks[0]?.content.size === 1, { timeoutMs: 5_000 });
  assert.deepEqual(watch.sinks[0]?.links, [true]);
});

test('a revision of many megabytes arrives whole, in fragments', async () => {
  await using watch = watching(openUsers().slice(0, 2), () => [prefix]);
  await watch.up();
  const success = Array.from({ length: 10 }, (_, index) =>
    put(`${prefix}${index}`, 'x'.repeat(100_000)),
  );
  await direct.txn({ compare: [], success });
  await direct.txn({ compare: [], success });
  const areWhole = () => watch.sinks.every(({ eventCount }) => eventCount === 20);
  await eventually(areWhole, { timeoutMs: 10_000, what: 'both revisions' });
  for (const { broken } of watch.sinks) assert.deepEqual(broken, []);
});

test('a lease that is revoked ends for its agent alone', async () => {
  await using leases = await leasesOf(openUsers(), 2, 200);
  const [revoked, ...others] = leases.all;
  await direct.leaseRevoke(revoked?.id ?? '');
  await eventually(() => revoked?.ended.aborted, { timeoutMs: 2_000, what: 'the end' });
  assert(revoked?.ended.reason instanceof LeaseLostError);
  await delay(2_500);
  for (const lease of others) assert(lease.writable() && !lease.ended.aborted);
});

test('leases outlive a cut, and beats that are not answered go over a fresh stream', async () => {
  await using leases = await leasesOf(openUsers(), 5, 300);
  proxy.cut();
  await delay(1_000);
  proxy.pause('down');
  await delay(2_000);
  proxy.resume();
  await delay(3_000);
  for (const lease of leases.all) assert(lease.writable() && !lease.ended.aborted);
});

test('an agent that goes takes its own streams and calls along, and the others stay', async () => {
  const users = openUsers();
  const [first = openUser(), ...rest] = users;
  await using watch = watching(rest);
  await watch.up();
  const stream = await first.openWatch(new AbortController().signal);
  const reading = stream.messages[Symbol.asyncIterator]().next();
  proxy.pause('down');
  const calling = first.range({ key: 'x' });
  await first[Symbol.asyncDispose]();
  await assert.rejects(calling, EtcdUnavailableError);
  await assert.rejects(reading, EtcdUnavailableError);
  proxy.resume();
  await assert.rejects(first.range({ key: 'x' }), EtcdUnavailableError);
  await write(`${own(0)}k`);
  await eventually(() => watch.sinks[0]?.content.size === 1, { timeoutMs: 5_000 });
  for (const { links } of watch.sinks) assert.deepEqual(links, [true]);
});
