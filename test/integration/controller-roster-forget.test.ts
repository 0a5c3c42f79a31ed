// Forgetting, with two controllers that race for it, over real servers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';
import { eventually } from '#test/eventually';

const FORGET_AFTER_S = 3;
/** A look each 5 s, and the time that agents get to come back. */
const FORGOTTEN_MS = 25_000;

let place: ControllerPlace;
before(async () => {
  place = await openControllerPlace({
    controllers: 2,
    args: ['--forget-after', String(FORGET_AFTER_S)],
  });
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const untilForgotten = async (env: string, name: string) => {
  const look = async () => {
    const value = await place.roster(env, name);
    return value !== undefined && 'left_at' in value && value.forgotten === true && value;
  };
  return await eventually(look, { timeoutMs: FORGOTTEN_MS, what: `${env}/${name} forgotten` });
};

test('who is lost for too long is forgotten once, is a wipe later still forgotten, and may come back', async () => {
  await place.register('1', 'a');
  await place.register('1', 'b');
  await place.told('1', 'a', 'agent joined');
  await place.crash('1', 'a');
  const [lost] = await place.listed('1', ['a LOST', 'b LIVE']);
  const { left_at: at } = await untilForgotten('1', 'a');
  const lostForMs = Date.parse(at) - (lost?.lostSince?.seconds ?? 0) * 1_000;
  assert.ok(lostForMs >= FORGET_AFTER_S * 1_000, `forgotten after ${lostForMs} ms`);
  await place.listed('1', ['b LIVE']);
  await place.told('1', 'a', 'agent forgotten');

  await place.wipeEtcd();
  await place.register('1', 'b');
  assert.deepEqual(await place.roster('1', 'a'), { left_at: at, forgotten: true });
  await place.listed('1', ['b LIVE']);

  await place.register('1', 'a', 'i2');
  await place.listed('1', ['a LIVE', 'b LIVE']);
  await place.told('1', 'a', 'agent joined', 2);
  const [event, ...more] = await place.told('1', 'a', 'agent forgotten');
  assert.deepEqual(more, []);
  assert.ok(event?.['since'], 'since when it was lost');
});

test('the last member stays, and a forgotten one can be decommissioned', async () => {
  await place.register('2', 'first');
  await place.register('2', 'last');
  await place.listed('2', ['first LIVE', 'last LIVE']);
  await place.crash('2', 'first');
  await place.listed('2', ['first LOST', 'last LIVE']);
  await place.crash('2', 'last');
  await untilForgotten('2', 'first');
  await place.listed('2', ['last LOST']);
  await delay(3 * FORGET_AFTER_S * 1_000);
  await place.listed('2', ['last LOST']);
  const told = await place.events('2', 'last');
  assert.equal(
    told.find(({ msg }) => msg === 'agent forgotten'),
    undefined,
  );

  const gone = { env: '2', name: 'first' };
  assert.deepEqual(await place.client.call('DecommissionAgent', gone), { changed: true });
  const isGone = async () => (await place.roster('2', 'first')) === undefined;
  await eventually(isGone, { timeoutMs: 10_000, what: 'the end of its key' });
  assert.deepEqual(await place.client.call('DecommissionAgent', gone), { changed: false });
});
