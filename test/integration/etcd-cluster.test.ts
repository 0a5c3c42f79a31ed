import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EtcdClient, EtcdError, ListWatch, openEtcd, openLease, put } from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import { startEtcd } from '#local';
import { makeCertificates } from '#test/certificates';
import { eventually } from '#test/eventually';
import { RecordingSink } from '#test/recording-sink';
import { ownEtcd } from '#test/servers';

const log = silentLog;

/** A list-watch over `/c/` until disposal. */
function watching(client: EtcdClient) {
  const sink = new RecordingSink();
  const stop = new AbortController();
  const listWatch = new ListWatch({ client, name: 't', ranges: ['/c/'], sink, log });
  const running = listWatch.run(stop.signal);
  return {
    sink,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

test('the loss of any member costs nobody more than a moment', async () => {
  await using etcd = await ownEtcd({ members: 3 });
  await using client = openEtcd({ endpoints: etcd.endpoints }, { log });
  await using lease = await openLease(client, { ttlSeconds: 5, heartbeatMs: 500, log });
  await using watch = watching(client);
  await client.txn({ compare: [], success: [put('/c/lease', '1', lease.id)] });
  await eventually(() => watch.sink.content.size === 1, { timeoutMs: 5000 });
  let n = 0;
  const written = new Map([['/c/lease', '1']]);
  const write = async () => {
    n += 1;
    await client.txn({ compare: [], success: [put(`/c/${n}`, String(n))] });
    written.set(`/c/${n}`, String(n));
  };
  for (const [signal, member] of [
    ['SIGKILL', 0],
    ['SIGSTOP', 1],
    ['SIGSTOP', 2],
  ] as const) {
    if (signal === 'SIGKILL') await etcd.kill(signal, member);
    else etcd.signal(signal, member);
    // A new leader takes up to 2 s, a call on the lost member its deadline.
    await eventually(write, { timeoutMs: 8000 });
    for (let i = 0; i < 20; i += 1) await eventually(write, { timeoutMs: 5000 });
    for (const [key, value] of written) {
      await eventually(() => assert.equal(watch.sink.content.get(key), value), {
        timeoutMs: 10_000,
      });
    }
    if (signal === 'SIGKILL') await etcd.restart(member);
    else etcd.signal('SIGCONT', member);
  }
  assert.deepEqual(watch.sink.broken, []);
  assert.equal(watch.sink.commits.length, 1, 'never listed again');
  assert(lease.writable() && !lease.ended.aborted);
});

test('names, TLS and client certificates work with several endpoints', async () => {
  await using files = await makeCertificates();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-etcd-tls-'));
  {
    await using etcd = await startEtcd({ dir, members: 2, tls: files.servers() });
    const named = etcd.endpoints.map((endpoint) => endpoint.replace('127.0.0.1', 'localhost'));
    const mixed = [named[0] ?? '', etcd.endpoints[1] ?? ''];
    for (const endpoints of [etcd.endpoints, named, mixed, named.slice(0, 1)]) {
      await using client = openEtcd({ endpoints, tls: files.client() }, { log });
      await using watch = watching(client);
      const value = endpoints.join();
      await client.txn({ compare: [], success: [put('/c/tls', value)] });
      const look = () => assert.equal(watch.sink.content.get('/c/tls'), value);
      await eventually(look, { timeoutMs: 3000 });
    }
    const { ca } = files.client();
    await using nobody = openEtcd({ endpoints: etcd.endpoints, tls: { ca } }, { log });
    await assert.rejects(nobody.range({ key: 'x' }), EtcdError);
  }
  await rm(dir, { recursive: true, force: true });
});

test('a user with a password survives a restart of etcd, which forgets every token', async () => {
  await using etcd = await ownEtcd();
  const [endpoint = ''] = etcd.endpoints;
  await etcd.etcdctl('user', 'add', 'root:secret');
  await etcd.etcdctl('user', 'grant-role', 'root', 'root').catch(async () => {
    await etcd.etcdctl('role', 'add', 'root');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
  });
  await etcd.etcdctl('auth', 'enable');
  const auth = { user: 'root', password: 'secret' };
  await using client = openEtcd({ endpoints: [endpoint], auth }, { log });
  await using watch = watching(client);
  await using lease = await openLease(client, { ttlSeconds: 5, heartbeatMs: 300, log });
  await client.txn({ compare: [], success: [put('/c/a', '1', lease.id)] });
  await eventually(() => watch.sink.content.size === 1, { timeoutMs: 3000 });
  await etcd.kill();
  await etcd.restart();
  await eventually(() => client.txn({ compare: [], success: [put('/c/b', '1', lease.id)] }), {
    timeoutMs: 5000,
  });
  await eventually(() => watch.sink.content.size === 2, { timeoutMs: 5000 });
  await eventually(() => lease.writable(), { timeoutMs: 3000 });
  assert.deepEqual(watch.sink.broken, []);
  await using wrong = openEtcd(
    { endpoints: [endpoint], auth: { ...auth, password: 'no' } },
    { log },
  );
  await assert.rejects(wrong.range({ key: '/c/a' }), /refused|unavailable/);
});
