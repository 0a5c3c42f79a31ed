import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  del,
  type EtcdClient,
  ListWatch,
  type ListWatchDeps,
  type Op,
  openEtcd,
  put,
  type Revision,
} from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, startEtcd } from '#local';
import { eventually } from '#test/eventually';
import { RecordingSink } from '#test/recording-sink';
import { openTcpProxy, type TcpProxy } from '#test/tcp-proxy';

let dir: string;
let etcd: EtcdServer;
let proxy: TcpProxy;
/** Past the proxy. */
let direct: EtcdClient;
/** Through the proxy. */
let client: EtcdClient;
let tests = 0;
let prefix: string;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-list-watch-'));
  etcd = await startEtcd({ dir });
  proxy = await openTcpProxy(etcd.endpoints[0] ?? '');
  direct = openEtcd({ endpoints: etcd.endpoints }, { log: silentLog });
  client = openEtcd({ endpoints: [proxy.address] }, { log: silentLog });
});

after(async () => {
  await client[Symbol.asyncDispose]();
  await direct[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(() => {
  tests += 1;
  prefix = `/watched/${tests}/`;
});

/** Runs a list-watch over `prefix` until disposal. */
function watching(options: Partial<ListWatchDeps> = {}) {
  const sink = new RecordingSink();
  const stop = new AbortController();
  const log = silentLog;
  const listWatch = new ListWatch({ client, name: 't', ranges: [prefix], sink, log, ...options });
  const running = listWatch.run(stop.signal);
  return {
    sink,
    listWatch,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

async function write(...success: Op[]): Promise<Revision> {
  return (await direct.txn({ compare: [], success })).revision;
}

async function contentOfEtcd(): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for await (const { kvs } of direct.list(prefix)) {
    for (const { key, value } of kvs) content.set(key, value.toString());
  }
  return content;
}

/** Waits until the sink shows what etcd holds, and checks that nothing broke on the way. */
async function inSync(sink: RecordingSink, timeoutMs = 5000): Promise<void> {
  const expected = await contentOfEtcd();
  const look = () => assert.deepEqual(sink.content, expected);
  await eventually(look, { timeoutMs, what: 'the content of etcd' });
  assert.deepEqual(sink.broken, []);
}

const up = async (sink: RecordingSink) =>
  await eventually(() => sink.links.at(-1) === true, { timeoutMs: 5000, what: 'a watch' });

test('no event is lost and none comes twice, however often the connection is cut', async () => {
  await write(put(`${prefix}old`, '0'));
  await using watch = watching();
  await up(watch.sink);
  const writes = 2000;
  const cutting = (async () => {
    for (let i = 0; i < 12; i += 1) {
      await delay(70);
      proxy.cut();
    }
  })();
  for (let i = 0; i < writes; i += 1) {
    const key = `${prefix}${i % 50}`;
    await write(i % 7 === 6 ? del(key) : put(key, String(i)));
  }
  await cutting;
  await write(put(`${prefix}end`, 'end'));
  await inSync(watch.sink);
  assert.equal(watch.sink.commits.length, 1, 'resumed, never listed again');
});

test('a backlog in fragments arrives as whole revisions although it is cut', async () => {
  // Something to prove the history by; without it everything would be listed anew.
  await write(put(`${prefix}first`, '1'));
  await using watch = watching();
  await up(watch.sink);
  proxy.refuse();
  proxy.cut();
  const large = 'x'.repeat(300_000);
  for (let i = 0; i < 30; i += 1) {
    await write(...[0, 1, 2, 3].map((j) => put(`${prefix}${i}-${j}`, large)));
  }
  proxy.resume();
  await eventually(() => watch.sink.eventCount > 8, { timeoutMs: 5000, everyMs: 1 });
  proxy.cut();
  await eventually(() => watch.sink.content.size === 121, { timeoutMs: 5000 });
  assert.equal(watch.sink.eventCount, 120);
  assert.deepEqual(watch.sink.broken, []);
});

test('relists when the revision to resume from was compacted', async () => {
  await write(put(`${prefix}a`, '1'));
  await using watch = watching();
  await up(watch.sink);
  proxy.refuse();
  proxy.cut();
  await write(del(`${prefix}a`));
  const revision = await write(put(`${prefix}b`, '2'));
  await etcd.etcdctl('compact', String(revision));
  proxy.resume();
  await inSync(watch.sink);
  assert.equal(watch.sink.commits.length, 2);
});

test('relists when etcd was emptied', async () => {
  await write(put(`${prefix}a`, '1'));
  await using watch = watching();
  await up(watch.sink);
  await etcd.kill();
  await etcd.wipe();
  await etcd.restart();
  await eventually(() => write(put(`${prefix}new`, '1')), { timeoutMs: 5000 });
  await inSync(watch.sink);
  assert.deepEqual([...watch.sink.content.keys()], [`${prefix}new`]);
});

test('relists when etcd went back to an older state', async () => {
  await write(put(`${prefix}a`, '1'));
  await using watch = watching();
  await up(watch.sink);
  const restore = await backup();
  await write(put(`${prefix}lost`, '1'));
  await inSync(watch.sink);
  await restore();
  await inSync(watch.sink);
  assert.deepEqual([...watch.sink.content.keys()], [`${prefix}a`]);
});

test('relists when etcd went back and overtook us while we were away', async () => {
  await write(put(`${prefix}a`, '1'));
  await using watch = watching();
  await up(watch.sink);
  const restore = await backup();
  await write(put(`${prefix}lost`, '1'));
  await inSync(watch.sink);
  proxy.refuse();
  proxy.cut();
  await restore();
  for (let i = 0; i < 20; i += 1) await write(put(`${prefix}other`, String(i)));
  proxy.resume();
  await inSync(watch.sink);
  assert.equal(watch.sink.content.has(`${prefix}lost`), false);
  assert.equal(watch.sink.commits.length, 2);
});

test('relists when an emptied etcd overtook a delete that we have seen', async () => {
  await write(put(`${prefix}a`, '1'), put(`${prefix}kept`, '1'));
  await using watch = watching();
  await up(watch.sink);
  const deleted = await write(del(`${prefix}a`));
  await inSync(watch.sink);
  proxy.refuse();
  proxy.cut();
  await etcd.kill();
  await etcd.wipe();
  await etcd.restart();
  await eventually(() => write(put(`${prefix}new`, '1')), { timeoutMs: 5000 });
  while ((await write(put('/other', 'x'))) <= deleted + 2n);
  proxy.resume();
  await inSync(watch.sink);
  assert.deepEqual([...watch.sink.content.keys()], [`${prefix}new`]);
});

test('relists when another etcd overtook a list that found nothing', async () => {
  while ((await write(put('/other', 'x'))) < 5n);
  const listed = Promise.withResolvers<Revision>();
  const sink = new RecordingSink();
  sink.onCommit = (revision) => {
    // After the list, and before the watch.
    proxy.refuse();
    proxy.cut();
    listed.resolve(revision);
  };
  await using _watch = watching({ sink });
  const revision = await listed.promise;
  sink.onCommit = () => undefined;
  await etcd.kill();
  await etcd.wipe();
  await etcd.restart();
  await eventually(() => write(put(`${prefix}new`, '1')), { timeoutMs: 5000 });
  while ((await write(put('/other', 'x'))) <= revision + 2n);
  proxy.resume();
  await inSync(sink);
  assert.deepEqual([...sink.content.keys()], [`${prefix}new`]);
});

test('a list asked for begins after the question, and the interval lists by itself', async () => {
  await using watch = watching({ relistIntervalMs: 400 });
  await up(watch.sink);
  const written = await write(put(`${prefix}a`, '1'));
  const revision = await watch.listWatch.relist(AbortSignal.timeout(2000));
  assert(revision >= written);
  assert(watch.sink.commits.includes(revision));
  const commits = watch.sink.commits.length;
  await eventually(() => watch.sink.commits.length >= commits + 2, { timeoutMs: 3000 });
  assert.deepEqual(watch.sink.links, [true], 'a list of our own choice is no broken watch');
  await inSync(watch.sink);
});

test('several ranges are listed at one revision and watched together', async () => {
  const ranges = [`${prefix}x/`, `${prefix}y/`, `${prefix}one`];
  await write(put(`${prefix}x/1`, '1'), put(`${prefix}y/1`, '1'), put(`${prefix}onemore`, 'no'));
  const seen: string[] = [];
  const commits: Revision[] = [];
  const links: boolean[] = [];
  await using _watch = watching({
    ranges,
    sink: {
      begin: () => ({
        page: (kvs) => void seen.push(...kvs.map(({ key }) => key)),
        commit: (revision) => void commits.push(revision),
      }),
      events: (events) =>
        void seen.push(...events.map((event) => (event.type === 'put' ? event.kv.key : event.key))),
      connected: (up) => void links.push(up),
    },
  });
  await eventually(() => links.length === 1, { timeoutMs: 3000 });
  await write(put(`${prefix}x/2`, '1'), put(`${prefix}one`, '1'), put(`${prefix}onemore`, 'no'));
  proxy.cut();
  await write(put(`${prefix}y/2`, '1'), del(`${prefix}x/2`));
  const expected = ['x/1', 'y/1', 'x/2', 'one', 'y/2', 'x/2'].map((name) => prefix + name);
  const look = () => assert.deepEqual(seen.toSorted(), expected.toSorted());
  await eventually(look, { timeoutMs: 5000 });
  assert.equal(commits.length, 1);
});

for (const direction of ['up', 'down', 'both'] as const) {
  test(`a black hole (${direction}) is noticed within 3.5 s and survived`, async () => {
    await write(put(`${prefix}a`, '1'));
    await using watch = watching();
    await up(watch.sink);
    proxy.pause(direction);
    const began = performance.now();
    await eventually(() => watch.sink.links.at(-1) === false, { timeoutMs: 4500 });
    assert(performance.now() - began < 3700);
    await write(put(`${prefix}b`, '1'));
    proxy.resume();
    proxy.cut();
    await inSync(watch.sink);
    assert.equal(watch.sink.commits.length, 1);
  });
}

test('an etcd that accepts but never answers is left within 3 s for a fresh channel', async () => {
  await write(put(`${prefix}a`, '1'));
  await using watch = watching();
  await up(watch.sink);
  proxy.swallow();
  const { accepted } = proxy;
  proxy.cut();
  await eventually(() => proxy.accepted > accepted, { timeoutMs: 1000, what: 'a new attempt' });
  await write(put(`${prefix}b`, '1'));
  proxy.resume();
  await inSync(watch.sink, 4000);
  await eventually(() => proxy.open === 2, { timeoutMs: 2000, what: 'the dead socket gone' });
});

test('an error thrown by the sink ends the run with it', async () => {
  await write(put(`${prefix}a`, '1'));
  const bug = new Error('bug');
  const sink = new RecordingSink();
  sink.begin = () => {
    throw bug;
  };
  const log = silentLog;
  const listWatch = new ListWatch({ client, name: 't', ranges: [prefix], sink, log });
  await assert.rejects(listWatch.run(AbortSignal.timeout(5000)), bug);
});

/** Copies the data of etcd; the answer puts it back. Both restart etcd. */
async function backup(): Promise<() => Promise<void>> {
  const data = join(dir, 'data0');
  await etcd.kill();
  await cp(data, `${data}.copy`, { recursive: true });
  await etcd.restart();
  await eventually(() => direct.range({ key: 'x' }), { timeoutMs: 5000 });
  return async () => {
    await etcd.kill();
    await rm(data, { recursive: true });
    await cp(`${data}.copy`, data, { recursive: true });
    await rm(`${data}.copy`, { recursive: true });
    await etcd.restart();
    await eventually(() => direct.range({ key: 'x' }), { timeoutMs: 5000 });
  };
}
