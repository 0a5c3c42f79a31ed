// Lost, left, decommissioned, and the settings of environments: two controllers over real servers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';
import { eventually } from '#test/eventually';

/** The servers' failures are noticed within their deadlines, and so is that they are back. */
const RECOVERY_MS = 20_000;

let place: ControllerPlace;
before(async () => {
  place = await openControllerPlace({ controllers: 2, ownMysql: true });
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const decommission = async (env: string, name: string, from = 0) => {
  const client = place.controllers[from]?.client ?? place.client;
  return await client.call('DecommissionAgent', { env, name }, { actor: 'operator' });
};

const refused = async (call: Promise<unknown>, codeName: string, reason?: string) => {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.codeName, codeName);
    if (reason !== undefined) assert.equal(error.reason, reason);
    return true;
  });
};

const messages = async (env: string, name: string) =>
  (await place.events(env, name)).map(({ msg }) => msg);

test('since when a member is lost outlives every controller, and etcd', async () => {
  await place.register('1', 'a');
  await place.register('1', 'b');
  await place.told('1', 'a', 'agent joined');
  await place.crash('1', 'a');
  const [lost] = await place.listed('1', ['a LOST', 'b LIVE']);
  await place.restartControllers();
  const [still] = await place.listed('1', ['a LOST', 'b LIVE']);
  assert.deepEqual(still?.lostSince, lost?.lostSince);
  await place.wipeEtcd();
  await place.register('1', 'b');
  const [rebuilt] = await place.listed('1', ['a LOST', 'b LIVE']);
  assert.deepEqual(rebuilt?.lostSince, lost?.lostSince);
  await place.register('1', 'a', 'i2');
  await place.listed('1', ['a LIVE', 'b LIVE']);

  // Two controllers see each change, and one of them tells it.
  await place.told('1', 'a', 'agent joined', 2);
  const events = await place.events('1', 'a');
  assert.deepEqual(
    events.map(({ msg }) => msg),
    ['agent joined', 'agent lost', 'agent back', 'agent joined'],
  );
  const [, lostEvent, backEvent] = events;
  const sinceMs = (lost?.lostSince?.seconds ?? 0) * 1_000;
  assert.ok(Math.abs(Date.parse(String(lostEvent?.['since'])) - sinceMs) < 2_000);
  assert.ok(Math.abs(Date.parse(String(backEvent?.['since'])) - sinceMs) < 1_000);
});

test('a clean exit is told as leaving, and is no loss', async () => {
  await place.register('left', 'a');
  await place.register('left', 'b');
  await place.told('left', 'a', 'agent joined');
  await place.leave('left', 'a');
  await place.listed('left', ['b LIVE']);
  const isGone = async () => (await place.roster('left', 'a')) === undefined;
  await eventually(isGone, { timeoutMs: 5_000, what: 'the end of its key' });
  await place.told('left', 'a', 'agent left');
  assert.deepEqual(await messages('left', 'a'), ['agent joined', 'agent left']);
});

test('a live agent is not decommissioned, an unknown one is not found, a bad name is bad', async () => {
  await place.register('refused', 'live');
  await refused(decommission('refused', 'live'), 'FAILED_PRECONDITION', 'AGENT_LIVE');
  await refused(decommission('refused', 'never'), 'NOT_FOUND', 'AGENT_NOT_FOUND');
  await refused(decommission('refused', 'No/Name'), 'INVALID_ARGUMENT');
  await place.listed('refused', ['live LIVE']);
});

test('a lost agent is decommissioned once, by whichever of two controllers, and stays so', async () => {
  await place.register('gone', 'a');
  await place.register('gone', 'b');
  await place.crash('gone', 'a');
  await place.listed('gone', ['a LOST', 'b LIVE']);
  const answers = await Promise.all([decommission('gone', 'a'), decommission('gone', 'a', 1)]);
  assert.ok(answers.some(({ changed }) => changed));
  await place.listed('gone', ['b LIVE']);
  assert.deepEqual(await decommission('gone', 'a'), { changed: false });
  const [event] = (await place.events('gone', 'a')).filter(
    ({ msg }) => msg === 'agent decommissioned',
  );
  assert.equal(event?.['actor'], 'operator');
  assert.ok(event?.['since'], 'since when it was lost');

  // Neither a wiped etcd nor one from before brings it back.
  await place.wipeEtcd();
  await place.register('gone', 'b');
  await place.listed('gone', ['b LIVE']);
  assert.equal(await place.roster('gone', 'a'), undefined);
  await place.putRoster('gone', 'a', { instance: 'i1', joined_at: '2026-11-23T09:00:00.000Z' });
  const isGone = async () => (await place.roster('gone', 'a')) === undefined;
  await eventually(isGone, { timeoutMs: 10_000, what: 'the end of the old key' });
  assert.deepEqual(await decommission('gone', 'a'), { changed: false });

  await place.register('gone', 'a');
  await place.listed('gone', ['a LIVE', 'b LIVE']);
  await refused(decommission('gone', 'a'), 'FAILED_PRECONDITION', 'AGENT_LIVE');
});

test('min_agents is 1 to 10,000, and every controller shows it', async () => {
  const update = async (minAgents: number, from = 0) =>
    await (place.controllers[from]?.client ?? place.client).call('UpdateEnvironment', {
      ...{ env: 'sized', minAgents },
    });
  for (const wrong of [0, -1, 10_001]) {
    await assert.rejects(update(wrong), (error) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.codeName, 'INVALID_ARGUMENT');
      assert.deepEqual(
        error.violations.map(({ field }) => field),
        ['min_agents'],
      );
      return true;
    });
  }
  for (const right of [1, 10_000, 3, 3]) {
    const { environment } = await update(right);
    assert.deepEqual([environment?.env, environment?.minAgents], ['sized', right]);
  }
  for (const { client } of place.controllers) {
    const { environments } = await client.call('ListEnvironments', {});
    assert.equal(environments.find(({ env }) => env === 'sized')?.minAgents, 3);
    assert.equal(environments.find(({ env }) => env === '1')?.minAgents, 1);
  }
});

test('without etcd nobody is decommissioned, and MySQL hears of nothing', async () => {
  await place.register('no-etcd', 'a');
  await place.register('no-etcd', 'b');
  await place.crash('no-etcd', 'a');
  await place.listed('no-etcd', ['a LOST', 'b LIVE']);
  await place.etcd.kill();
  await refused(decommission('no-etcd', 'a'), 'UNAVAILABLE');
  await place.etcd.restart();
  await place.listed('no-etcd', ['a LOST', 'b LIVE']);
  const again = async () => (await decommission('no-etcd', 'a')).changed;
  assert.equal(await eventually(again, { timeoutMs: RECOVERY_MS }), true);
  await place.listed('no-etcd', ['b LIVE']);
});

test('without MySQL nothing is acknowledged, and etcd hears of nothing', async () => {
  await place.register('no-mysql', 'a');
  await place.register('no-mysql', 'b');
  await place.crash('no-mysql', 'a');
  const [lost] = await place.listed('no-mysql', ['a LOST', 'b LIVE']);
  const before = await place.roster('no-mysql', 'a');
  await place.mysql.kill();
  await refused(decommission('no-mysql', 'a'), 'UNAVAILABLE');
  await refused(
    place.client.call('UpdateEnvironment', { env: 'no-mysql', minAgents: 2 }),
    'UNAVAILABLE',
  );
  assert.deepEqual(await place.roster('no-mysql', 'a'), before);
  // Who is lost is still told, but not since when.
  const [unknown] = await place.agents('no-mysql');
  assert.deepEqual([unknown?.state, unknown?.lostSince], ['AGENT_STATE_LOST', null]);
  await place.mysql.restart();
  const [still] = await place.listed('no-mysql', ['a LOST', 'b LIVE']);
  assert.deepEqual(still?.lostSince, lost?.lostSince);
  const again = async () => (await decommission('no-mysql', 'a')).changed;
  assert.equal(await eventually(again, { timeoutMs: RECOVERY_MS }), true);
  await place.listed('no-mysql', ['b LIVE']);
});
