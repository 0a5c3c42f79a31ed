import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type EtcdClient, LeaseLostError, openEtcd, openLease, put } from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import { eventually } from '#test/eventually';
import { ownEtcd } from '#test/servers';
import { openTcpProxy, type TcpProxy } from '#test/tcp-proxy';

let etcd: EtcdServer;
let proxy: TcpProxy;
/** Past the proxy. */
let direct: EtcdClient;
/** Through the proxy. */
let client: EtcdClient;

const log = silentLog;
const open = (options: { ttlSeconds?: number; heartbeatMs?: number } = {}) =>
  openLease(client, { ttlSeconds: 2, heartbeatMs: 300, log, ...options });

before(async () => {
  etcd = await ownEtcd();
  proxy = await openTcpProxy(etcd.endpoints[0] ?? '');
  direct = openEtcd({ endpoints: etcd.endpoints }, { log });
  client = openEtcd({ endpoints: [proxy.address] }, { log });
});

afterEach(async () => {
  proxy.resume();
  proxy.delay(0);
  await eventually(() => client.range({ key: 'x' }), { timeoutMs: 5000 });
});

after(async () => {
  await client[Symbol.asyncDispose]();
  await direct[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

test('a lease lives on beats past its TTL, through cuts, and is revoked on disposal', async () => {
  {
    await using lease = await open();
    await direct.txn({ compare: [], success: [put('/lease/a', '1', lease.id)] });
    for (let i = 0; i < 10; i += 1) {
      await delay(300);
      assert(lease.writable());
      if (i % 3 === 0) proxy.cut();
    }
    assert(!lease.ended.aborted);
    assert.equal((await direct.range({ key: '/lease/a' })).count, 1);
  }
  assert.equal((await direct.range({ key: '/lease/a' })).count, 0);
});

test('without answers writing ends 0.5 s before the TTL, and beating goes on', async () => {
  await using lease = await open();
  await delay(700);
  await direct.txn({ compare: [], success: [put('/lease/b', '1', lease.id)] });
  // Beats arrive, answers do not: etcd keeps the lease, and we must not know.
  proxy.pause('down');
  const began = performance.now();
  await eventually(() => !lease.writable(), { timeoutMs: 2500, everyMs: 5 });
  const lasted = performance.now() - began;
  assert(lasted > 1000 && lasted < 1550, `writable for ${lasted} ms`);
  await delay(2500);
  assert(!lease.ended.aborted, 'silence ends nothing');
  assert.equal((await direct.range({ key: '/lease/b' })).count, 1, 'still beating');
  proxy.resume();
  await eventually(() => lease.writable(), { timeoutMs: 1000 });
});

test('a partition longer than the TTL ends the lease once etcd says so', async () => {
  await using lease = await open();
  proxy.refuse();
  proxy.cut();
  await delay(4000);
  assert(!lease.ended.aborted && !lease.writable());
  proxy.resume();
  await eventually(() => lease.ended.aborted, { timeoutMs: 1500 });
  assert(lease.ended.reason instanceof LeaseLostError);
  assert.equal(lease.ended.reason.lease, lease.id);
});

test('a lease that somebody revoked ends at the next beat', async () => {
  await using lease = await open();
  await direct.leaseRevoke(lease.id);
  await eventually(() => lease.ended.aborted, { timeoutMs: 1000 });
  assert(!lease.writable());
});

test('a lease that is given up stops at once, and still is revoked on disposal', async () => {
  const lease = await open();
  lease.end('own key deleted');
  assert(!lease.writable());
  assert.match(String(lease.ended.reason), /own key deleted/);
  await lease[Symbol.asyncDispose]();
  assert.doesNotMatch(await etcd.etcdctl('lease', 'list', '--hex'), hexOf(lease.id));
});

test('an etcd that accepts but never answers costs one retry once it is back', async () => {
  await using lease = await open({ ttlSeconds: 5 });
  proxy.swallow();
  proxy.cut();
  await delay(2500);
  proxy.resume();
  const writableUntil = performance.now() + 2500;
  await delay(1000);
  assert(!lease.ended.aborted);
  await delay(writableUntil - performance.now());
  assert(lease.writable(), 'answered again');
  await eventually(() => proxy.open <= 2, { timeoutMs: 2000, what: 'the dead sockets gone' });
});

test('a slow link keeps the lease: a late answer counts from when its beat was sent', async () => {
  await using lease = await open({ ttlSeconds: 10 });
  proxy.delay(900);
  try {
    await delay(11_000);
    assert(lease.writable());
    assert(!lease.ended.aborted);
  } finally {
    proxy.delay(0);
  }
});

test('disposal does not wait for an etcd that is gone', async () => {
  const lease = await open();
  proxy.pause('both');
  const began = performance.now();
  await lease[Symbol.asyncDispose]();
  assert(performance.now() - began < 1200);
  proxy.resume();
});

function hexOf(id: string): RegExp {
  return new RegExp(BigInt(id).toString(16));
}
