import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configKey, PASS_KEY, toFixed20, tombstoneKey } from '#libs/keyspace';
import { DriverError } from '../drivers/driver.ts';
import { configValue, openEngine, settled } from '../testing/engine-place.ts';
import { noteDrift } from './drift.ts';

const x = configKey('e', 'x');
const tombstone = tombstoneKey('e', 'x');

test('applies only the newest of the generations that came while the driver was busy', async () => {
  await using place = openEngine();
  const { driver } = place;
  place.list();
  const busy = Promise.withResolvers<void>();
  driver.gate = busy.promise;
  place.put(x, configValue(1));
  await settled();
  for (const generation of [2, 3, 4]) place.put(x, configValue(generation));
  await settled();
  assert.equal(place.engine.phaseOf('x'), 'APPLYING');
  busy.resolve();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 1', 'apply x 4']);
  assert.equal(place.memory.configs.get('x')?.applied?.generation, 4);
});

test('the journal knows of a try before the driver, and of success after it', async () => {
  await using place = openEngine();
  place.list();
  place.put(x, configValue(1));
  await settled();
  assert.deepEqual(place.facts, ['try', 'applied']);
});

test('a config that fails holds no other up, and keeps its last-known-good', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(1));
  await settled();
  driver.failures.set('x', new DriverError('retry', 'ENOSPC', 'disk full'));
  place.put(x, configValue(2));
  place.put(configKey('e', 'y'), configValue(1));
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":1}');
  assert.equal(driver.inForce.get('y'), '{"g":1}');
  const record = memory.configs.get('x');
  assert.equal(record?.applied?.generation, 1);
  assert.deepEqual(
    [record?.attempt?.result, record?.attempt?.reason, record?.attempt?.final],
    ['failed', 'ENOSPC', false],
  );
});

test('a rejected generation is tried again neither by a list nor by drift', async () => {
  await using place = openEngine();
  const { driver } = place;
  driver.failures.set('x', new DriverError('rejected', 'BAD', 'cannot be rendered'));
  place.list();
  place.put(x, configValue(1));
  await settled();
  place.list();
  place.engine.repair();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 1']);
  driver.failures.clear();
  place.put(x, configValue(2));
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":2}');
});

test('nothing is absent before the first list', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(1));
  await settled();
  await using before = openEngine();
  for (const fact of memory.snapshot()) before.memory.take(fact);
  before.engine.changed(['x']);
  await settled();
  assert.equal(before.engine.held().length, 0);
  noteDrift(before, {
    drifted: new Map([['x', 'missing']]),
    reappeared: [],
    unconfirmed: new Map(),
  });
  before.engine.repair();
  await settled();
  assert.deepEqual(before.driver.calls, ['apply x 1']);
  assert.equal(driver.calls.length, 1);
});

test('a tombstone in the view alone is no evidence: etcd is asked', async () => {
  await using place = openEngine();
  const { driver, etcd } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  place.remove(x);
  etcd.set(x, configValue(9));
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.equal(driver.inForce.has('x'), true);
  etcd.delete(x);
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.equal(driver.inForce.has('x'), false);
  assert.deepEqual(place.memory.removed.get('x')?.generation, 5);
  assert.deepEqual(place.facts.slice(-2), ['removing', 'removed']);
});

test('a delete is acknowledged after the apply that it overtook, and without one at once', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  const opened = Promise.withResolvers<void>();
  driver.gate = opened.promise;
  place.put(x, configValue(3));
  await settled();
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  assert.equal(memory.removed.has('x'), false);
  opened.resolve();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 3', 'remove x']);
  assert.equal(memory.removed.get('x')?.generation, 5);
  place.put(tombstoneKey('e', 'y'), toFixed20(2), 21n);
  await settled();
  assert.equal(memory.removed.get('y')?.generation, 2);
});

test('a delete that came while an older one was still being carried out is acknowledged', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  driver.failures.set('x', new DriverError('retry', 'BUSY', 'not now'));
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  driver.failures.clear();
  place.put(tombstone, toFixed20(7), 22n);
  await settled();
  assert.deepEqual(driver.calls, ['apply x 3', 'remove x', 'remove x']);
  assert.equal(memory.removed.get('x')?.generation, 7);
});

test('the evidence for a removal has to cover what may have taken effect unconfirmed', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  driver.failures.set('x', new DriverError('retry', 'BUSY', 'not now'));
  place.put(x, configValue(6));
  await settled();
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  assert.deepEqual(driver.calls, ['apply x 3', 'apply x 6']);
  driver.failures.clear();
  place.put(tombstone, toFixed20(7), 21n);
  await settled();
  assert.deepEqual(driver.calls.at(-1), 'remove x');
  assert.equal(memory.removed.get('x')?.generation, 7);
});

test('a removal that failed is no evidence against what came after it', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  driver.failures.set('x', new DriverError('retry', 'BUSY', 'not now'));
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  place.remove(tombstone);
  place.put(x, configValue(6));
  await settled();
  assert.equal(memory.removing.get('x')?.generation, 5);
  place.remove(x);
  driver.failures.clear();
  place.list();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 3', 'remove x', 'apply x 6']);
  assert.equal(place.engine.held().length, 1);
});

test('passes that ended before the view saw the absence prove nothing', async () => {
  await using place = openEngine();
  const { driver, etcd } = place;
  place.ready(1, 1);
  place.list();
  place.put(x, configValue(3));
  await settled();
  // etcd is at pass 9 already; the view learns of the passes in between one by one.
  etcd.set(PASS_KEY, toFixed20(9));
  place.remove(x);
  await settled();
  for (const pass of [2, 3, 4, 9, 10]) {
    place.ready(1, pass);
    etcd.set(PASS_KEY, toFixed20(Math.max(9, pass)));
    await settled();
    assert.equal(driver.inForce.has('x'), true, `pass ${pass}`);
  }
  place.ready(1, 11);
  await settled();
  assert.equal(driver.inForce.has('x'), false);
});

test('a config that was there for a moment has not been absent throughout', async () => {
  for (const interrupt of ['blink', 'list'] as const) {
    await using place = openEngine();
    const { driver } = place;
    place.ready(1, 1);
    place.list();
    place.put(x, configValue(3));
    await settled();
    place.remove(x);
    await settled();
    place.ready(1, 2);
    await settled();
    if (interrupt === 'blink') place.blink(x, configValue(3));
    else place.list();
    await settled();
    place.ready(1, 3);
    await settled();
    assert.equal(driver.inForce.has('x'), true, interrupt);
    place.ready(1, 4);
    await settled();
    assert.equal(driver.inForce.has('x'), false, interrupt);
  }
});

test('a held journal holds even tombstones, until a list finds etcd READY', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  memory.take({ t: 'hold', held: true });
  place.remove(x);
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.deepEqual(
    place.engine.held().map(({ id, reason }) => [id, reason]),
    [['x', 'JOURNAL']],
  );
  place.ready(1, 1);
  await settled();
  assert.equal(driver.inForce.has('x'), true);
  place.list();
  await settled();
  assert.equal(driver.inForce.has('x'), false);
  assert.equal(place.engine.held().length, 0);
});
