import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ListWatch, type ListWatchSink, openEtcd } from '#libs/etcd';
import { AGENT_PREFIX } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { nodeBinary, startChild } from '#local';
import { ingressOf } from '#test/configs';
import { leaderOf } from '#test/etcd-leader';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

const ENV = '1';
const AGENTS = 50;
const KILLS = 10;
/** Until writes are back, as promised. */
const GAP_MAX_MS = 3_000;
const SET_EVERY_MS = 40;
/** Between a leader's return and the next one's end: heartbeats find their way. */
const SETTLE_MS = 1_500;

interface Published {
  readonly startMs: number;
  readonly endMs: number;
}

/** Sets configs one after the other, and notes which were PUBLISHED. */
async function load(system: System, signal: AbortSignal, published: Published[]): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const startMs = performance.now();
    const stored = await system
      .set(ENV, `site-${n % 20}`, ingressOf(`n${n}.test`))
      .catch(() => undefined);
    if (stored?.publishState === 'PUBLISH_STATE_PUBLISHED') {
      published.push({ startMs, endMs: performance.now() });
    }
    await delay(SET_EVERY_MS);
  }
}

test('a leader that is killed ten times under load: writes are back in 3 s, and no agent is lost', async (t) => {
  await using system = await openSystem({ controllers: 2, etcdMembers: 3 });
  await using fleet = startChild({
    command: nodeBinary,
    args: [
      join(import.meta.dirname, '../support/agent-fleet.ts'),
      ...[String(AGENTS), 'own', join(system.dir, 'fleet'), '--env', ENV, '--driver', 'noop'],
      ...['--etcd-endpoints', system.etcd.endpoints.join(',')],
    ],
    logFile: join(system.dir, 'fleet.log'),
  });
  const live = async () => {
    const { environment } = await system.aggregator.client.call('GetEnvironment', { env: ENV });
    return environment?.live ?? 0;
  };
  await eventually(async () => (await live()) === AGENTS, { timeoutMs: 30_000, what: 'the fleet' });

  await using etcd = openEtcd({ endpoints: system.etcd.endpoints }, { log: silentLog });
  const gone: string[] = [];
  const sink: ListWatchSink = {
    begin: () => {
      let listed = 0;
      return {
        page: (kvs) => {
          listed += kvs.length;
        },
        commit: () => {
          if (listed !== AGENTS) gone.push(`${AGENTS - listed} in a list`);
        },
      };
    },
    events: (events) => {
      for (const event of events) if (event.type === 'delete') gone.push(event.key);
    },
  };
  const stop = new AbortController();
  using ending = new DisposableStack();
  ending.defer(() => stop.abort());
  const listWatch = new ListWatch({
    ...{ client: etcd, name: 'test', ranges: [AGENT_PREFIX], sink, log: silentLog },
  });
  const watching = listWatch.run(stop.signal);
  const published: Published[] = [];
  const loading = load(system, stop.signal, published);
  const gaps: number[] = [];
  const liveSeen = new Set<number>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    // It throws while nobody leads, or does not answer yet.
    const leader = await eventually(() => leaderOf(system.etcd), { timeoutMs: 20_000 });
    await system.etcd.kill('SIGKILL', leader);
    const deadAtMs = performance.now();
    const back = () => published.find(({ startMs }) => startMs > deadAtMs) ?? false;
    const first = await eventually(back, { timeoutMs: 20_000, everyMs: 10 });
    gaps.push(first.endMs - deadAtMs);
    await system.etcd.restart(leader);
    await delay(SETTLE_MS);
    liveSeen.add(await live());
  }
  stop.abort();
  await Promise.all([watching, loading]);
  t.diagnostic(`writes were back after ${gaps.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  assert.deepEqual([...liveSeen], [AGENTS]);
  assert.deepEqual(gone, [], 'no registration was ever gone');
  for (const gap of gaps) assert.ok(gap <= GAP_MAX_MS, `${Math.round(gap)} ms`);
  assert.equal(fleet.hasExited(), false);
});
