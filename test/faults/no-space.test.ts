// Disks and stores that are full, under a whole system: nothing is acknowledged that is not kept, and
// everything goes on when there is space again.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { eventually } from '#test/eventually';
import { openSmallDisk } from '#test/small-disk';
import { openSystem, type System } from '#test/system';

const NO_RIGHT = 'NOT TESTED: this machine gives no right to mount a file system';
const SOON_MS = 20_000;
/** Of a config that fills what is left. */
const LARGE = Array.from({ length: 45 }, () => 'x'.repeat(4_000));
const WRITES_MAX = 400;

async function smallDisk(t: TestContext, megabytes: number) {
  const disk = await openSmallDisk(megabytes);
  if (!disk) {
    t.skip(NO_RIGHT);
    process.stderr.write(`${t.name}: ${NO_RIGHT}\n`);
  }
  return disk;
}

/** Sets large configs until one is refused; the marks of those that were acknowledged. */
async function setUntilRefused(system: System): Promise<{ kept: string[]; refusal: RpcError }> {
  const kept: string[] = [];
  for (let n = 0; n < WRITES_MAX; n += 1) {
    const id = `large-${n}`;
    try {
      await system.set('1', id, { texts: LARGE, id });
      kept.push(id);
    } catch (error) {
      assert.ok(error instanceof RpcError, String(error));
      return { kept, refusal: error };
    }
  }
  throw new Error('the disk is not full');
}

async function idsInMysql(system: System): Promise<string[]> {
  const ids: string[] = [];
  let pageToken = '';
  do {
    const page = await system.controller.call('ListIngressConfigs', { env: '1', pageToken });
    ids.push(...page.configs.map(({ id }) => id));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return ids;
}

test('a full disk of MySQL: a Set is refused, and nothing acknowledged is lost', async (t) => {
  await using disk = await smallDisk(t, 512);
  if (!disk) return;
  await using system = await openSystem({ ownMysql: true, dirs: { mysql: disk.dir } });
  await system.set('1', 'before');
  await disk.fill(8 * 1024 * 1024);
  const { kept, refusal } = await setUntilRefused(system);
  assert.match(refusal.codeName, /UNAVAILABLE|RESOURCE_EXHAUSTED/);
  await disk.free();
  // A server that gave up is started again by whoever runs it.
  await system.mysql.kill();
  await system.mysql.restart();
  await eventually(async () => await system.set('1', 'after'), { timeoutMs: SOON_MS });
  const found = new Set(await idsInMysql(system));
  for (const id of ['before', 'after', ...kept]) assert.ok(found.has(id), id);
});

test('a full disk of etcd: Set is PENDING, agents serve, and all is published once it is back', async (t) => {
  await using disk = await smallDisk(t, 192);
  if (!disk) return;
  await using system = await openSystem({ agents: { '1': 1 }, dirs: { etcd: disk.dir } });
  await system.set('1', 'before');
  await system.state('1', 'before', 'COMPLETE');
  await disk.fill();
  // Whether it writes into space that it has, or gives up, the answer stays an acknowledgement.
  const pending = async () => {
    const { publishState } = await system.set('1', 'during', { texts: LARGE, at: Date.now() });
    return publishState === 'PUBLISH_STATE_PENDING';
  };
  await eventually(pending, { timeoutMs: SOON_MS, everyMs: 0, what: 'PENDING' });
  const [agent] = system.agents.values();
  assert.ok((await agent?.files())?.has('before'));
  await disk.free();
  await system.etcd.kill();
  await system.etcd.restart();
  await system.state('1', 'during', 'COMPLETE');
  await system.state('1', 'before', 'COMPLETE');
});

test('an etcd beyond its quota: Set is acknowledged, agents keep their leases, and it recovers', async () => {
  await using system = await openSystem({ agents: { '1': 2 }, etcdQuotaBytes: 4_000_000 });
  await system.set('1', 'before');
  await system.state('1', 'before', 'COMPLETE');
  const filler = async () => {
    await system.etcd.etcdctl('put', `/filler/${Math.random()}`, LARGE.join('').slice(0, 120_000));
    return false as const;
  };
  const full = await eventually(
    async () => await filler().catch((error: unknown) => String(error)),
    { timeoutMs: SOON_MS, everyMs: 0 },
  );
  assert.match(full, /space exceeded/);
  // Whether etcd counts what is nested in a transaction is its own affair: PENDING or not, it is kept.
  const { generation, publishState } = await system.set('1', 'during', { a: 1 });
  assert.match(publishState, /PENDING|PUBLISHED/);
  // Two leases' time: who could not renew its lease would be lost by then.
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const { environment } = await system.aggregator.client.call('GetEnvironment', { env: '1' });
  assert.deepEqual([environment?.live, environment?.lost], [2, 0]);
  const now = await system.aggregator.client.call('GetCompletion', { env: '1', id: 'before' });
  assert.equal(now.completion?.state, 'COMPLETION_STATE_COMPLETE');

  await system.etcd.etcdctl('del', '--prefix', '/filler/');
  const status = await system.etcd.etcdctl('endpoint', 'status', '-w', 'json');
  const revision = /"revision":(\d+)/.exec(status)?.[1] ?? '';
  await system.etcd.etcdctl('compact', revision);
  await system.etcd.etcdctl('defrag');
  await system.etcd.etcdctl('alarm', 'disarm');
  await system.state('1', 'during', 'COMPLETE', generation);
});

test('a full disk of an agent: the old config stays and the reason is told', async (t) => {
  await using disk = await smallDisk(t, 8);
  if (!disk) return;
  await using system = await openSystem({ agents: { '1': 1 }, dirs: { agents: disk.dir } });
  await system.set('1', 'site', { v: 1 });
  await system.state('1', 'site', 'COMPLETE', 1);
  await disk.fill();
  await system.set('1', 'site', { v: 2, texts: LARGE });
  const { blockers } = await system.completion('1', 'site', (completion) =>
    completion.blockers.some(({ message }) => message.includes('ENOSPC')),
  );
  assert.equal(blockers.length, 1);
  const [agent] = system.agents.values();
  assert.equal((await agent?.files())?.get('site'), '{"v":1}');
  await disk.free();
  await system.state('1', 'site', 'COMPLETE', 2);
});
