// Who is expected: the corners of membership, each against real processes. One system, and an
// environment for each test.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

/** A lease of 5 s ends after 5.5 s; the rest is for a busy machine. */
const LOST_TIMEOUT_MS = 20_000;

let system: System;
before(async () => {
  system = await openSystem({ controllers: 2 });
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

const blockersOf = async (env: string, id: string) => {
  const { completion } = await system.aggregator.client.call('GetCompletion', { env, id });
  return completion?.blockers.map(({ agent, reason }) => `${agent} ${reason}`) ?? [];
};

test('zero agents: nothing is complete on nobody’s word', async () => {
  await system.set('zero', 'site');
  const completion = await system.state('zero', 'site', 'NO_AGENTS');
  assert.equal(completion.fullyExecuted, false);
  assert.equal(completion.counts?.expected, 0);
  await system.delete('zero', 'site');
  await system.state('zero', 'site', 'NO_AGENTS', 2);
});

test('min_agents not reached: a cold start does not latch 1 of 1', async () => {
  await system.controller.call('UpdateEnvironment', { env: 'cold', minAgents: 2 });
  await system.startAgent('cold', 'first');
  await system.set('cold', 'site');
  const alone = await system.completion('cold', 'site', ({ counts }) => counts?.done === 1);
  assert.equal(alone.state, 'COMPLETION_STATE_NO_AGENTS');
  await system.startAgent('cold', 'second');
  await system.state('cold', 'site', 'COMPLETE');
});

test('all agents die in the middle of a rollout: it stalls, and goes on when they are back', async () => {
  const agents = await Promise.all(
    ['a', 'b'].map(async (name) => await system.startAgent('dies', name)),
  );
  for (const { program } of agents) program.signal('SIGSTOP');
  await system.set('dies', 'site');
  await system.state('dies', 'site', 'PROGRESSING');
  for (const { program } of agents) await program.kill();
  const stalled = await system.completion(
    'dies',
    'site',
    ({ state }) => state === 'COMPLETION_STATE_STALLED',
    LOST_TIMEOUT_MS,
  );
  assert.deepEqual(
    stalled.blockers.map(({ agent, reason }) => [agent, reason]),
    [
      ['a', 'LOST'],
      ['b', 'LOST'],
    ],
  );
  for (const agent of agents) await agent.restart();
  await system.state('dies', 'site', 'COMPLETE');
});

test('a late joiner counts from the moment it joins, before complete and after', async () => {
  // It stands still for as long as another one takes to start, and must not be lost meanwhile.
  const first = await system.startAgent('late', 'first', { ROLLCALL_LEASE_TTL: '60' });
  first.program.signal('SIGSTOP');
  await system.set('late', 'site');
  await system.startAgent('late', 'second');
  const before = await system.completion('late', 'site', ({ counts }) => counts?.done === 1);
  assert.equal(before.state, 'COMPLETION_STATE_PROGRESSING');
  assert.equal(before.counts?.expected, 2);
  first.program.signal('SIGCONT');
  await system.state('late', 'site', 'COMPLETE');

  // It says that it is there before it says what it has.
  const third = system.startAgent('late', 'third');
  await system.completion('late', 'site', ({ counts }) => counts?.expected === 3);
  await third;
  const complete = await system.state('late', 'site', 'COMPLETE');
  assert.equal(complete.counts?.done, 3);
});

test('an agent that acknowledged and died is an exception, named', async () => {
  const [one] = await Promise.all(
    ['one', 'two'].map(async (name) => await system.startAgent('acked', name)),
  );
  await system.set('acked', 'site');
  await system.state('acked', 'site', 'COMPLETE');
  await one?.program.kill();
  const after = await system.completion(
    'acked',
    'site',
    ({ state }) => state === 'COMPLETION_STATE_COMPLETE_WITH_EXCEPTIONS',
    LOST_TIMEOUT_MS,
  );
  assert.deepEqual(await blockersOf('acked', 'site'), ['one LOST']);
  assert.equal(after.counts?.lost, 1);
  assert.equal(after.fullyExecuted, true);
});

test('a restart with a new instance voids the old report until the new one has synced', async () => {
  const agent = await system.startAgent('anew', 'only');
  await system.set('anew', 'site');
  const { epoch } = await system.state('anew', 'site', 'COMPLETE');
  const key = '/ingress/agent/anew/only';
  const registration = JSON.parse(await system.etcd.etcdctl('get', '--print-value-only', key));
  const puts = async (synced: object | null) =>
    await system.etcd.etcdctl(
      'put',
      key,
      JSON.stringify({ ...registration, instance: 'new', synced }),
    );
  await agent.program.kill();

  // Its reports under the old lease are still there, and count no more.
  await puts(null);
  await system.state('anew', 'site', 'PROGRESSING');
  assert.deepEqual(await blockersOf('anew', 'site'), ['only NOT_SYNCED']);
  await puts({ epoch, revision: 1 });
  await system.state('anew', 'site', 'PROGRESSING');
  assert.deepEqual(await blockersOf('anew', 'site'), ['only NO_REPORT']);

  await system.etcd.etcdctl('del', key);
  await agent.restart();
  await system.state('anew', 'site', 'COMPLETE');
});

test('the same name twice: the second gives up with exit code 3, the first stays', async () => {
  const first = await system.startAgent('twice', 'name');
  await system.set('twice', 'site');
  await system.state('twice', 'site', 'COMPLETE');
  const second = await system.startDuplicate('twice', 'name');
  const { code } = await second.exited;
  assert.equal(code, 3);
  const completion = await system.state('twice', 'site', 'COMPLETE');
  assert.equal(completion.counts?.expected, 1);
  const { registered } = await first.client.call('GetAgent', {});
  assert.equal(registered, true);
});

test('a clean scale-down leaves the roster, a crash stays in it as lost', async () => {
  const [leaves, crashes] = await Promise.all(
    ['leaves', 'crashes', 'stays'].map(async (name) => await system.startAgent('scale', name)),
  );
  await system.set('scale', 'site');
  await system.state('scale', 'site', 'COMPLETE');
  const exit = await leaves?.program.stop();
  assert.equal(exit?.code, 0);
  const smaller = await system.completion('scale', 'site', ({ counts }) => counts?.expected === 2);
  assert.equal(smaller.state, 'COMPLETION_STATE_COMPLETE');
  await crashes?.program.kill();
  const lost = await system.completion(
    'scale',
    'site',
    ({ counts }) => counts?.lost === 1,
    LOST_TIMEOUT_MS,
  );
  assert.equal(lost.state, 'COMPLETION_STATE_COMPLETE_WITH_EXCEPTIONS');
  assert.deepEqual(
    lost.blockers.map(({ agent }) => agent),
    ['crashes'],
  );
  const { agents } = await system.controller.call('ListAgents', { env: 'scale' });
  assert.deepEqual(
    agents.map(({ name, state }) => [name, state]),
    [
      ['crashes', 'AGENT_STATE_LOST'],
      ['stays', 'AGENT_STATE_LIVE'],
    ],
  );
});

test('a paused agent that goes on and is ended after its successor took over changes nothing', async () => {
  const old = await system.startAgent('paused', 'name');
  await system.set('paused', 'site');
  await system.state('paused', 'site', 'COMPLETE');
  old.program.signal('SIGSTOP');
  await system.completion('paused', 'site', ({ counts }) => counts?.lost === 1, LOST_TIMEOUT_MS);
  const successor = await system.startDuplicate('paused', 'name');
  await system.state('paused', 'site', 'COMPLETE');
  old.program.signal('SIGCONT');
  const { code } = await old.program.stop();
  assert.ok(code === 0 || code === 3, `exit code ${code}`);
  const roster = await system.etcd.etcdctl(
    'get',
    '--print-value-only',
    '/ingress/roster/paused/name',
  );
  assert.doesNotMatch(roster, /left_at/);
  const completion = await system.state('paused', 'site', 'COMPLETE');
  assert.deepEqual([completion.counts?.expected, completion.counts?.lost], [1, 0]);
  assert.equal(successor.hasExited(), false);
});

test('a lost agent that is decommissioned blocks nothing any more, a live one is not decommissioned', async () => {
  const [gone] = await Promise.all(
    ['gone', 'stays'].map(async (name) => await system.startAgent('retire', name)),
  );
  await system.set('retire', 'site');
  await system.state('retire', 'site', 'COMPLETE');
  const decommission = async (name: string) =>
    await system.controller.call('DecommissionAgent', { env: 'retire', name });
  await assert.rejects(
    decommission('gone'),
    (error) => error instanceof RpcError && error.reason === 'AGENT_LIVE',
  );
  await gone?.program.kill();
  await system.completion('retire', 'site', ({ counts }) => counts?.lost === 1, LOST_TIMEOUT_MS);
  assert.deepEqual(await decommission('gone'), { changed: true });
  const completion = await system.state('retire', 'site', 'COMPLETE');
  assert.equal(completion.counts?.expected, 1);
  assert.deepEqual(await decommission('gone'), { changed: false });
  await assert.rejects(
    decommission('never'),
    (error) => error instanceof RpcError && error.codeName === 'NOT_FOUND',
  );
  await gone?.restart();
  await system.completion('retire', 'site', ({ counts }) => counts?.done === 2);
});

test('environment 1 and environment 10 do not touch each other', async () => {
  await system.startAgent('1', 'agent-1');
  const other = await system.startAgent('10', 'agent-1');
  await system.set('1', 'site');
  const completion = await system.state('1', 'site', 'COMPLETE');
  assert.equal(completion.counts?.expected, 1);
  const { completions } = await system.aggregator.client.call('ListCompletions', { env: '10' });
  assert.deepEqual(completions, []);
  assert.equal((await other.files()).size, 0);
});

test('an agent whose name begins another agent’s name is another agent', async () => {
  const short = await system.startAgent('prefix', 'agent');
  await system.startAgent('prefix', 'agent-1');
  await system.set('prefix', 'site');
  const both = await system.completion('prefix', 'site', ({ counts }) => counts?.done === 2);
  assert.equal(both.state, 'COMPLETION_STATE_COMPLETE');
  await short.program.kill();
  const lost = await system.completion(
    'prefix',
    'site',
    ({ counts }) => counts?.lost === 1,
    LOST_TIMEOUT_MS,
  );
  assert.deepEqual(
    lost.blockers.map(({ agent }) => agent),
    ['agent'],
  );
  await eventually(
    async () =>
      (
        await system.etcd.etcdctl('get', '--prefix', '--keys-only', '/ingress/agent/prefix/')
      ).trim() === '/ingress/agent/prefix/agent-1',
    { timeoutMs: 5_000, what: 'the end of one registration' },
  );
});
