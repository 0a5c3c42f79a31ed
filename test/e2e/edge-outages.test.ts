// What is known when servers fail: the corners of trust, each against real processes.

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RpcError } from '#libs/grpc';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

test('etcd is wiped while an agent is dead: it stays lost, and nothing is complete', async () => {
  await using system = await openSystem({ agents: { '1': ['alive', 'dead'] } });
  await system.set('1', 'site');
  const before = await system.state('1', 'site', 'COMPLETE');
  await system.mirrored();
  await system.agent('1/dead').program.kill();
  await system.etcd.kill();
  await system.etcd.wipe();
  await system.etcd.restart();
  const seen = new Set<string>();
  const after = await system.completion('1', 'site', ({ state, epoch, counts }) => {
    if (epoch > before.epoch) seen.add(state);
    return epoch > before.epoch && counts?.done === 1 && counts.lost === 1;
  });
  assert.equal(after.state, 'COMPLETION_STATE_COMPLETE_WITH_EXCEPTIONS');
  assert.deepEqual(
    after.blockers.map(({ agent, reason }) => [agent, reason]),
    [['dead', 'LOST']],
  );
  assert.equal(seen.has('COMPLETION_STATE_COMPLETE'), false, [...seen].join(' '));
});

test('etcd goes back to a backup and overtakes: nothing of the lost future is called complete', async () => {
  await using system = await openSystem({ agents: { '1': 2 } });
  const agents = [...system.agents.values()];
  await system.set('1', 'site');
  await system.state('1', 'site', 'COMPLETE', 1);
  await system.mirrored();
  const data = join(system.dir, 'etcd', 'data0');
  await system.etcd.kill('SIGTERM');
  await cp(data, join(system.dir, 'backup'), { recursive: true });
  await system.etcd.restart();
  await system.completion('1', 'site', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
  await system.set('1', 'site', ingressOf('future.test'));
  const before = await system.state('1', 'site', 'COMPLETE', 2);

  await system.etcd.kill();
  await system.etcd.wipe();
  await cp(join(system.dir, 'backup'), data, { recursive: true });
  await system.etcd.restart();
  // Writes of somebody else, so that its revisions overtake those that everybody saw last.
  for (let index = 0; index < 50; index += 1)
    await system.etcd.etcdctl('put', '/other', `${index}`);

  const after = await system.completion('1', 'site', ({ state, epoch }) => {
    return state === 'COMPLETION_STATE_COMPLETE' && epoch > before.epoch;
  });
  assert.equal(after.generation, 2);
  for (const agent of agents) assert.match((await agent.files()).get('site') ?? '', /future/);
});

test('MySQL is down: answers go on, and say that they know etcd only', async () => {
  await using system = await openSystem({ agents: { '1': 1 }, ownMysql: true });
  await system.set('1', 'site');
  const before = await system.state('1', 'site', 'COMPLETE');
  assert.equal(before.acceptedKnown, true);
  await system.mysql.kill();
  const during = await system.completion('1', 'site', ({ acceptedKnown }) => !acceptedKnown);
  assert.equal(during.state, 'COMPLETION_STATE_COMPLETE');
  // Neither absent nor there: it cannot be known.
  const absent = await system.aggregator.client.call('GetCompletion', { env: '1', id: 'absent' });
  assert.equal(absent.completion?.state, 'COMPLETION_STATE_UNKNOWN');
  await system.mysql.restart();
  await system.completion('1', 'site', ({ acceptedKnown }) => acceptedKnown);
  await assert.rejects(
    system.aggregator.client.call('GetCompletion', { env: '1', id: 'absent' }),
    (error) => error instanceof RpcError && error.codeName === 'NOT_FOUND',
  );
});

test('an aggregator is restarted in the middle of a wait: the caller asks again and is answered', async () => {
  await using system = await openSystem({ agents: { '1': 2 } });
  const frozen = system.agent('1/agent-1');
  frozen.program.signal('SIGSTOP');
  const set = await system.set('1', 'site');
  const request = { envs: ['1'], id: 'site', generation: set.generation, after: set.after };
  const wait = async () =>
    await system.aggregator.client.call('WaitForCompletion', request, { timeoutMs: 30_000 });
  const first = wait().catch((error: unknown) => error);
  await system.completion('1', 'site', ({ counts }) => counts?.done === 1);
  await system.restartAggregator();
  const error = await first;
  assert.ok(error instanceof RpcError && error.codeName === 'UNAVAILABLE', String(error));
  const second = wait();
  frozen.program.signal('SIGCONT');
  assert.equal((await second).outcome, 'WAIT_OUTCOME_DONE');
});

test('clocks that are a day off change no answer', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-clock-'));
  try {
    await using system = await openSystem({ controllers: 2 });
    for (const [name, days] of [
      ['behind', -1],
      ['ahead', 1],
    ] as const) {
      const file = join(dir, `${name}.mjs`);
      await writeFile(file, shiftedClock(days));
      const variables = { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
      await system.startAgent('1', name, variables);
    }
    await system.set('1', 'site');
    await system.state('1', 'site', 'COMPLETE', 1);
    await system.set('1', 'site', ingressOf('next.test'));
    await system.state('1', 'site', 'COMPLETE', 2);
    const { agents } = await system.controller.call('ListAgents', { env: '1' });
    const started = agents.map(({ startTime }) => startTime?.seconds ?? 0);
    assert.ok(Math.abs((started[0] ?? 0) - (started[1] ?? 0)) > 86_400, 'the clocks were shifted');
    await system.delete('1', 'site');
    await system.state('1', 'site', 'DELETED', 3);
    await eventually(async () => (await system.agent('1/ahead').files()).size === 0, {
      timeoutMs: 1_000,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

/** A module that shifts a process's wall clock. */
function shiftedClock(days: number): string {
  return `
    const Real = Date;
    const shift = ${days} * 86_400_000;
    globalThis.Date = class extends Real {
      constructor(...args) {
        super(...(args.length === 0 ? [Real.now() + shift] : args));
      }
      static now() {
        return Real.now() + shift;
      }
    };
  `;
}
