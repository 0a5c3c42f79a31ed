import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  compareCreate,
  compareValue,
  del,
  type EtcdClient,
  EtcdRequestError,
  EtcdUnavailableError,
  get,
  LeaseNotFoundError,
  OutcomeUnknownError,
  openEtcd,
  put,
} from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, freePort } from '#local';
import { eventually } from '#test/eventually';
import { ownEtcd } from '#test/servers';
import { openTcpProxy } from '#test/tcp-proxy';

let etcd: EtcdServer;
let client: EtcdClient;
const log = silentLog;

before(async () => {
  etcd = await ownEtcd();
  client = openEtcd({ endpoints: etcd.endpoints }, { log });
});

after(async () => {
  await client[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

test('a nested transaction of all operations answers each of them', async () => {
  await client.txn({ compare: [], success: [put('/t/old', 'x')] });
  const result = await client.txn({
    compare: [compareCreate('/t/a', '=', 0n)],
    success: [
      put('/t/a', '1'),
      del('/t/old'),
      {
        txn: { compare: [compareValue('/t/none', '<', 'z')], success: [], failure: [get('/t/a')] },
      },
    ],
  });
  assert.equal(result.succeeded, true);
  assert.deepEqual(
    result.results.map((answer) => answer.kind),
    ['put', 'delete', 'txn'],
  );
  assert.deepEqual(result.results[1], { kind: 'delete', deleted: 1 });
  const nested = result.results[2];
  assert(nested?.kind === 'txn' && !nested.succeeded);
  const { kvs } = await client.range({ key: '/t/a' });
  assert.equal(kvs[0]?.value.toString(), '1');
  assert.equal(kvs[0]?.modRevision, result.revision);
});

test('a compare of a range holds for all of its keys, or for a missing one', async () => {
  const isEmpty = async () => {
    const compare = { ...compareCreate('/range/b', '=', 0n), rangeEnd: '/range/d\0' };
    return (await client.txn({ compare: [compare], success: [] })).succeeded;
  };
  await client.txn({ compare: [], success: [put('/range/a', '1'), put('/range/e', '1')] });
  assert.equal(await isEmpty(), true);
  for (const key of ['/range/b', '/range/c', '/range/d']) {
    await client.txn({ compare: [], success: [put(key, '1')] });
    assert.equal(await isEmpty(), false, key);
    await client.txn({ compare: [], success: [del(key)] });
  }
  assert.equal(await isEmpty(), true);
});

test('a list shows one revision, in pages below 4 MiB, foreign keys and large values included', async () => {
  const large = 'x'.repeat(1_400_000);
  for (let i = 0; i < 6; i += 1) {
    await client.txn({ compare: [], success: [put(`/list/large${i}`, large)] });
  }
  for (let i = 0; i < 10; i += 1) {
    const puts = Array.from({ length: 100 }, (_, j) => put(`/list/${i * 100 + j}`, 'small'));
    await client.txn({ compare: [], success: puts });
  }
  await etcd.etcdctl('put', Buffer.from('/list/\xff\xfe', 'latin1').toString('latin1'), 'foreign');
  const keys = new Set<string>();
  const revisions = new Set<bigint>();
  for await (const page of client.list('/list/')) {
    const bytes = page.kvs.reduce((sum, kv) => sum + kv.value.length, 0);
    assert(bytes < 4 * 1024 * 1024, `${page.kvs.length} keys, ${bytes} bytes`);
    await client.txn({ compare: [], success: [put('/list/later', 'x')] });
    revisions.add(page.revision);
    for (const { key } of page.kvs) keys.add(key);
  }
  assert.equal(keys.size, 1007);
  assert.equal(revisions.size, 1);
});

test('an empty prefix is one empty page', async () => {
  const pages = [];
  for await (const page of client.list('/empty/')) pages.push(page.kvs);
  assert.deepEqual(pages, [[]]);
});

test('a put with a dead lease is refused with LeaseNotFoundError', async () => {
  const lease = await client.leaseGrant(5);
  assert(Number.isSafeInteger(Number(lease)) && Number(lease) < 2 ** 48);
  await client.leaseRevoke(lease);
  await client.leaseRevoke(lease);
  await assert.rejects(
    client.txn({ compare: [], success: [put('/t/leased', 'x', lease)] }),
    LeaseNotFoundError,
  );
});

test('a request that etcd will never take is an EtcdRequestError', async () => {
  const twice = [put('/t/twice', '1'), put('/t/twice', '2')];
  await assert.rejects(client.txn({ compare: [], success: twice }), EtcdRequestError);
});

test('a caller that gives up gets the reason of its own signal', async () => {
  const reason = new Error('enough');
  await assert.rejects(
    client.range({ key: '/t/a' }, { signal: AbortSignal.abort(reason) }),
    reason,
  );
});

test('a frozen etcd costs a call its deadline and no more, and is back at once', async () => {
  etcd.signal('SIGSTOP');
  const began = performance.now();
  try {
    await Promise.all([
      assert.rejects(client.range({ key: '/t/a' }), EtcdUnavailableError),
      assert.rejects(client.txn({ compare: [], success: [put('/t/a', '2')] }), OutcomeUnknownError),
    ]);
    assert(performance.now() - began < 2_100);
  } finally {
    etcd.signal('SIGCONT');
  }
  await eventually(() => client.range({ key: '/t/a' }), { timeoutMs: 500 });
});

test('a write that never left is unavailable, not unknown', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await using lonely = openEtcd({ endpoints: [address] }, { log });
  await assert.rejects(
    lonely.txn({ compare: [], success: [put('/t/a', '3')] }),
    EtcdUnavailableError,
  );
});

test('a connection that accepts and never answers is given up, and leaves no socket behind', async () => {
  await using proxy = await openTcpProxy(etcd.endpoints[0] ?? '');
  proxy.swallow();
  {
    await using through = openEtcd({ endpoints: [proxy.address] }, { log });
    for (let i = 0; i < 3; i += 1) {
      await assert.rejects(
        through.range({ key: '/t/a' }, { timeoutMs: 300 }),
        EtcdUnavailableError,
      );
    }
    proxy.resume();
    assert.equal((await through.range({ key: '/t/a' })).count, 1);
    await eventually(() => proxy.open === 1, { timeoutMs: 1500, what: 'one connection' });
  }
  await eventually(() => proxy.open === 0, { timeoutMs: 500, what: 'no connection' });
});
