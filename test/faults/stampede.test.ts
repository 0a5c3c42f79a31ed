import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeBinary, startChild } from '#local';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';
import { openTcpProxy } from '#test/tcp-proxy';

// The fault is 10,000 configs and 500 agents: this is what one small machine plays in half a minute.
const ENV = '1';
const CONFIGS = 500;
const AGENTS = 50;
const SETS_AT_ONCE = 20;
const CUTS = 3;
/** Each agent has a connection for calls, one for its lease and one for its watch. */
const CONNECTIONS_PER_AGENT = 3;
/** Times an agent may dial for one connection that was cut. */
const DIALS_MAX = 4;

async function setAll(system: System): Promise<void> {
  const ids = Array.from({ length: CONFIGS }, (_, index) => `site-${index}`);
  const setNext = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      await system.set(ENV, id, ingressOf(`${id}.test`));
    }
  };
  await Promise.all(Array.from({ length: SETS_AT_ONCE }, setNext));
}

/** Bytes of memory of a process: now, or its most since `forgetPeak`. */
async function memory(pid: number, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}

async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

test('agents that all lose etcd at once come back without a storm, and none is lost', async (t) => {
  await using system = await openSystem();
  await using proxy = await openTcpProxy(system.etcd.endpoints[0] ?? '');
  await setAll(system);
  await using fleet = startChild({
    command: nodeBinary,
    args: [
      join(import.meta.dirname, '../support/agent-fleet.ts'),
      ...[String(AGENTS), 'own', join(system.dir, 'fleet'), '--env', ENV, '--driver', 'noop'],
      ...['--etcd-endpoints', proxy.address, '--log-level', 'warn'],
    ],
    logFile: join(system.dir, 'fleet.log'),
  });
  const applied = async (): Promise<boolean> => {
    const { environment } = await system.aggregator.client.call('GetEnvironment', { env: ENV });
    const complete = environment?.states?.find(
      ({ state }) => state === 'COMPLETION_STATE_COMPLETE',
    );
    return environment?.live === AGENTS && complete?.count === CONFIGS;
  };
  await eventually(applied, { timeoutMs: 60_000, everyMs: 200, what: 'every config on the fleet' });
  const steady = await memory(fleet.pid, 'VmRSS');
  await forgetPeak(fleet.pid);

  for (let cut = 0; cut < CUTS; cut += 1) {
    const before = proxy.accepted;
    const startMs = performance.now();
    proxy.cut();
    await system.set(ENV, 'site-0', ingressOf(`cut-${cut}.test`));
    await eventually(applied, { timeoutMs: 20_000, what: 'the fleet in step' });
    t.diagnostic(
      `in step after ${Math.round(performance.now() - startMs)} ms, ${proxy.accepted - before} dials`,
    );
    assert.ok(proxy.accepted - before <= AGENTS * CONNECTIONS_PER_AGENT * DIALS_MAX);
  }
  const peak = await memory(fleet.pid, 'VmHWM');
  t.diagnostic(`memory of the fleet: ${steady >> 20} MiB, at most ${peak >> 20} MiB since`);
  assert.ok(peak <= 2 * steady, `${peak >> 20} MiB after ${steady >> 20} MiB`);
  const { agents } = await system.controller.call('ListAgents', { env: ENV });
  assert.equal(agents.length, AGENTS);
});
