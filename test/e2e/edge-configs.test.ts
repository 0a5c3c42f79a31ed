// What is asked for: the corners of updates and deletes, each against real processes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

let system: System;
before(async () => {
  system = await openSystem({ controllers: 2 });
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

const start = async (env: string, ...names: string[]) =>
  await Promise.all(names.map(async (name) => await system.startAgent(env, name)));

const completionOf = async (env: string, id: string) =>
  (await system.aggregator.client.call('GetCompletion', { env, id })).completion;

test('an update during a rollout: the wait on the older generation says superseded', async () => {
  const [one] = await start('update', 'one', 'two');
  one?.program.signal('SIGSTOP');
  const first = await system.set('update', 'site');
  const waiting = system.aggregator.client.call('WaitForCompletion', {
    ...{ envs: ['update'], id: 'site', generation: first.generation, after: first.after },
  });
  await system.completion('update', 'site', ({ counts }) => counts?.done === 1);
  await system.set('update', 'site', ingressOf('other.test'));
  assert.equal((await waiting).outcome, 'WAIT_OUTCOME_SUPERSEDED');
  const half = await completionOf('update', 'site');
  assert.deepEqual([half?.generation, half?.state], [2, 'COMPLETION_STATE_PROGRESSING']);
  one?.program.signal('SIGCONT');
  await system.state('update', 'site', 'COMPLETE', 2);
});

test('the same content again is no new generation, and writes nothing', async () => {
  await start('same', 'only');
  const first = await system.set('same', 'site');
  await system.state('same', 'site', 'COMPLETE');
  const read = async () =>
    await system.etcd.etcdctl('get', '-w', 'json', '--prefix', '/ingress/ingress_config');
  const modRevisions = async () => (await read()).match(/"mod_revision":\d+/g);
  const before = await modRevisions();
  const again = await system.set('same', 'site');
  assert.equal(again.generation, first.generation);
  await system.state('same', 'site', 'COMPLETE', first.generation);
  assert.deepEqual(await modRevisions(), before);
});

test('a delete with an agent away, which comes back after compaction: it removes it, no zombie', async () => {
  const [away] = await start('away', 'away', 'here');
  await system.set('away', 'site');
  await system.state('away', 'site', 'COMPLETE');
  await away?.program.kill();
  await system.delete('away', 'site');
  const without = await system.completion(
    'away',
    'site',
    ({ state }) => state === 'COMPLETION_STATE_DELETED_WITH_EXCEPTIONS',
    20_000,
  );
  assert.match(without.blockers[0]?.message ?? '', /may still serve it/);
  const status = await system.etcd.etcdctl('endpoint', 'status', '-w', 'json');
  const revision = /"revision":(\d+)/.exec(status)?.[1];
  await system.etcd.etcdctl('compact', revision ?? '');
  assert.equal((await away?.files())?.size, 1);
  await away?.restart();
  await system.state('away', 'site', 'DELETED');
  assert.equal((await away?.files())?.size, 0);
});

test('a delete right after a set is not proven by who is still about to apply it', async () => {
  const [frozen] = await start('quick', 'frozen', 'other');
  frozen?.program.signal('SIGSTOP');
  await system.set('quick', 'site');
  await system.delete('quick', 'site');
  const deleting = await system.completion('quick', 'site', ({ counts }) => counts?.done === 1);
  assert.equal(deleting.state, 'COMPLETION_STATE_DELETING');
  assert.deepEqual(
    deleting.blockers.map(({ agent, reason }) => [agent, reason]),
    [['frozen', 'NO_REPORT']],
  );
  frozen?.program.signal('SIGCONT');
  await system.state('quick', 'site', 'DELETED');
});

test('a delete and the same id again: the new one is applied, the old delete proves nothing', async () => {
  const [agent] = await start('again', 'only');
  await system.set('again', 'site');
  await system.delete('again', 'site');
  const created = await system.set('again', 'site', ingressOf('new.test'));
  assert.equal(created.generation, 3);
  await system.state('again', 'site', 'COMPLETE', 3);
  assert.match((await agent?.files())?.get('site') ?? '', /new\.test/);
  const deleted = await system.delete('again', 'site');
  await system.state('again', 'site', 'DELETED', deleted.generation);
  assert.equal((await agent?.files())?.size, 0);
});

test('foreign garbage in every prefix changes no answer and ends no process', async () => {
  const [agent] = await start('garbage', 'only');
  await system.set('garbage', 'site');
  await system.state('garbage', 'site', 'COMPLETE');
  const keys = [
    'ingress_config/garbage/foreign',
    'ingress_config/garbage/a/b/c',
    'ingress_tombstone/garbage/foreign',
    'ingress_config_status/garbage/site/nobody',
    'ingress_config_status/garbage/site',
    'ingress_meta/other',
    'ingress_meta/resume_removals/garbage',
    'controller/what',
    'aggregator/what',
    'unheard/of',
    '',
  ];
  for (const key of keys) await system.etcd.etcdctl('put', `/ingress/${key}`, '{"x": garbage');
  await system.set('garbage', 'next');
  const next = await system.state('garbage', 'next', 'COMPLETE');
  assert.equal(next.counts?.expected, 1);
  await system.state('garbage', 'site', 'COMPLETE');
  const files = await agent?.files();
  assert.deepEqual(new Set(files?.keys()), new Set(['next', 'site']));

  // Somebody who cannot be read may be an agent: it is never taken for absent.
  await system.etcd.etcdctl('put', '/ingress/agent/garbage/unreadable', 'garbage');
  const blocked = await system.state('garbage', 'site', 'PROGRESSING');
  assert.deepEqual(
    blocked.blockers.map(({ agent, reason }) => [agent, reason]),
    [['unreadable', 'NOT_SYNCED']],
  );
  await system.etcd.etcdctl('del', '/ingress/agent/garbage/unreadable');
  await eventually(async () => !agent?.program.hasExited(), { timeoutMs: 1_000 });
});
