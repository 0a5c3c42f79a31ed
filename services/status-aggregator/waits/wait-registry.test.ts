import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { ViewChange } from '../domain/view.ts';
import { TooManyWaitsError } from './errors.ts';
import { type Subscription, WaitRegistry } from './wait-registry.ts';

const web = { env: '1', id: 'web' };
const other = { env: '2', id: 'other' };
const NOTHING: ViewChange = { configs: new Map(), envs: new Set(), all: false };

/** Whether the subscription has been told of something. Ask again only after a yes. */
async function isTold(subscription: Subscription): Promise<boolean> {
  return await Promise.race([subscription.changed().then(() => true), turn(false)]);
}

test('a wait hears of its configs and environments, and of nothing else', async () => {
  const registry = new WaitRegistry();
  const toldOf = async (change: Partial<ViewChange>) => {
    using subscription = registry.subscribe([web]);
    registry.changed({ ...NOTHING, ...change });
    return await isTold(subscription);
  };
  assert.equal(await toldOf({ configs: new Map([['1', new Set(['web'])]]) }), true);
  assert.equal(await toldOf({ envs: new Set(['1']) }), true);
  assert.equal(await toldOf({ all: true }), true);
  assert.equal(await toldOf({ configs: new Map([['1', new Set(['web2'])]]) }), false);
  assert.equal(await toldOf({ configs: new Map([['2', new Set(['web'])]]) }), false);
  assert.equal(await toldOf({ envs: new Set(['2']) }), false);
  assert.equal(registry.size, 0);
});

test('what was told before anybody listened is heard, once', async () => {
  const registry = new WaitRegistry();
  using subscription = registry.subscribe([web, other]);
  registry.changedAll();
  registry.changedAll();
  assert.equal(await isTold(subscription), true);
  assert.equal(await isTold(subscription), false);
});

test('a wait for a revision hears of it, whatever key brought it', async () => {
  const registry = new WaitRegistry();
  using subscription = registry.subscribe([web], 5);
  registry.reached(7);
  assert.equal(await isTold(subscription), true);
  registry.reached(8);
  assert.equal(await isTold(subscription), false, 'it is told once');
  using early = registry.subscribe([web], 9);
  registry.reached(8);
  assert.equal(await isTold(early), false);
});

test('past the bound a wait is refused, and each that ends makes room once', () => {
  const registry = new WaitRegistry({ max: 2 });
  const first = registry.subscribe([web], 3);
  registry.subscribe([web, other]);
  assert.throws(() => registry.subscribe([web]), TooManyWaitsError);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  registry.subscribe([other]);
  assert.throws(() => registry.subscribe([web]), TooManyWaitsError);
  assert.equal(registry.size, 2);
});

test('however many wait, all together look no more than 500 times a second', () => {
  const registry = new WaitRegistry();
  const waits = (count: number) => {
    while (registry.size < count) registry.subscribe([web]);
    return registry.lookEveryMs;
  };
  assert.deepEqual([waits(1), waits(1_000), waits(10_000)], [2_000, 2_000, 20_000]);
});
