import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configKey, type StatusValue, toFixed20, tombstoneKey } from '#libs/keyspace';
import { DriverError } from '../drivers/driver.ts';
import { configValue, openEngine, settled } from '../testing/engine-place.ts';
import { recover } from './drift.ts';

const x = configKey('e', 'x');
const tombstone = tombstoneKey('e', 'x');
const isDirectory = new DriverError('retry', 'EISDIR', 'cannot write x');

/** What is said of x through time, in short: repeated reports once. */
function story(reported: readonly StatusValue[]): string[] {
  const lines = reported.map(({ phase, applied, last_attempt: last, proof }) => {
    const attempt = `${last?.generation} ${last?.result} ${last?.reason} ${last?.attempts}`;
    return `${phase} ${applied?.generation} ${proof?.level ?? 'unproven'}, ${attempt}`;
  });
  return lines.filter((line, index) => line !== lines[index - 1]);
}

/** x at generation 1 in force, and nothing reported so far. */
async function openApplied() {
  const place = openEngine();
  place.list();
  place.put(x, configValue(1));
  await settled();
  place.reported.length = 0;
  return place;
}

/** Waits until `holds`: back-off takes timers. The test's own time-out bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

for (const [found, change] of [
  ['changed', (inForce: Map<string, string>) => inForce.set('x', 'edited')],
  ['missing', (inForce: Map<string, string>) => inForce.delete('x')],
] as const) {
  test(`a list finds what is ${found}, takes the proof back and repairs it`, async () => {
    await using place = await openApplied();
    change(place.driver.inForce);
    place.list();
    await settled();
    assert.equal(place.driver.inForce.get('x'), '{"g":1}');
    assert.deepEqual(story(place.reported), [
      'APPLYING 1 unproven, 1 failed DRIFTED 0',
      'APPLIED 1 APPLIED, 1 ok DRIFT_REPAIRED 1',
    ]);
    assert.match(place.reported[0]?.last_attempt?.message ?? '', new RegExp(`(is|was) ${found}`));
  });
}

test('a list finds what took effect although the driver failed, and does not go back', async () => {
  await using place = await openApplied();
  const { driver } = place;
  driver.failures.set('x', isDirectory);
  place.put(x, configValue(2));
  await until(() => place.reported.length > 0);
  driver.inForce.set('x', '{"g":2}');
  driver.failures.clear();
  driver.calls.length = 0;
  place.list();
  await until(() => place.reported.at(-1)?.applied?.generation === 2);
  assert.equal(driver.inForce.get('x'), '{"g":2}');
  assert.deepEqual(
    driver.calls.filter((call) => call === 'apply x 1'),
    [],
  );
});

test('what takes effect late, after an older version that did, is not taken back', async () => {
  await using place = await openApplied();
  const { driver } = place;
  driver.failures.set('x', isDirectory);
  for (const generation of [2, 3]) {
    place.put(x, configValue(generation));
    await until(() => driver.calls.includes(`apply x ${generation}`));
    await settled();
  }
  place.remove(x);
  for (const generation of [2, 3]) {
    driver.inForce.set('x', `{"g":${generation}}`);
    place.list();
    await until(() => place.reported.at(-1)?.applied?.generation === generation);
  }
  await settled();
  assert.equal(driver.calls.lastIndexOf('apply x 2'), driver.calls.indexOf('apply x 2'));
});

test('a repair that fails is tried again, and stays visible until it succeeds', async () => {
  await using place = await openApplied();
  const { driver } = place;
  driver.inForce.set('x', 'edited');
  driver.failures.set('x', isDirectory);
  place.list();
  await until(() => place.reported.some((status) => status.last_attempt?.attempts === 2));
  assert.equal(place.engine.phaseOf('x'), 'APPLYING');
  driver.failures.clear();
  place.list();
  await until(() => place.reported.at(-1)?.proof !== null);
  assert.deepEqual(story(place.reported), [
    'APPLYING 1 unproven, 1 failed DRIFTED 0',
    'APPLYING 1 unproven, 1 failed DRIFTED 1',
    'APPLYING 1 unproven, 1 failed DRIFTED 2',
    'APPLIED 1 APPLIED, 1 ok DRIFT_REPAIRED 3',
  ]);
});

test('a newer generation ends a drift that could not be repaired', async () => {
  await using place = await openApplied();
  const { driver } = place;
  driver.inForce.set('x', 'edited');
  driver.failures.set('x', isDirectory);
  place.list();
  await settled();
  driver.failures.clear();
  place.put(x, configValue(2));
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":2}');
  assert.equal(story(place.reported).at(-1), 'APPLIED 2 APPLIED, 2 ok  1');
});

test('a rejected generation stays rejected when what is in force is repaired under it', async () => {
  await using place = await openApplied();
  const { driver } = place;
  driver.failures.set('x', new DriverError('rejected', 'BAD', 'cannot be rendered'));
  place.put(x, configValue(2));
  await settled();
  driver.failures.clear();
  driver.inForce.delete('x');
  place.list();
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":1}');
  assert.deepEqual(story(place.reported), [
    'REJECTED 1 APPLIED, 2 rejected BAD 1',
    'REJECTED 1 unproven, 2 rejected BAD 1',
    'REJECTED 1 APPLIED, 2 rejected BAD 1',
  ]);
  place.list();
  await settled();
  const calls = ['apply x 1', 'apply x 2', 'apply x 1'];
  assert.deepEqual(driver.calls, calls, 'and is not tried again');
});

test('what nobody can read is not vouched for once that lasts', async () => {
  await using place = await openApplied();
  const { driver } = place;
  const moved = new DriverError('retry', 'DIR_MOVED', 'leads somewhere else');
  driver.listFailure = moved;
  driver.failures.set('x', moved);
  place.list();
  await settled();
  assert.deepEqual(place.reported.length, 0, 'one failure proves nothing');
  for (let looks = 0; looks < 2; looks += 1) {
    place.list();
    await settled();
  }
  assert.equal(place.memory.configs.get('x')?.drift?.found, 'unreadable');
  assert.equal(place.reported.at(-1)?.proof, null);
  driver.listFailure = undefined;
  driver.failures.clear();
  place.list();
  await settled();
  assert.equal(story(place.reported).at(-1)?.startsWith('APPLIED 1 APPLIED'), true);
});

test('what was removed and is back is reported, and removed again', async () => {
  await using place = await openApplied();
  const { driver, memory } = place;
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  assert.equal(place.reported.at(-1)?.phase, 'REMOVED');
  place.reported.length = 0;
  driver.inForce.set('x', '{"g":1}');
  driver.inForce.set('foreign', 'not ours');
  place.list();
  await settled();
  assert.deepEqual([...driver.inForce.keys()], ['foreign']);
  assert.deepEqual(
    place.reported.map(({ phase, applied }) => [phase, applied?.digest]),
    [
      ['APPLIED', ''],
      ['REMOVED', ''],
    ],
  );
  assert.equal(memory.removed.get('x')?.generation, 5);
  assert.equal(memory.configs.size, 0);
});

test('a difference found at the start is reported and repaired in the same way', async () => {
  await using before = await openApplied();
  await using place = openEngine();
  for (const fact of before.memory.snapshot()) place.memory.take(fact);
  place.driver.inForce.set('x', 'edited while nobody looked');
  place.driver.inForce.set('foreign', 'not ours');
  await recover(place, new AbortController().signal);
  assert.equal(place.memory.configs.get('x')?.drift?.found, 'changed');
  place.report('x');
  place.engine.repair();
  await settled();
  assert.deepEqual(story(place.reported), [
    'APPLYING 1 unproven, 1 failed DRIFTED 0',
    'APPLIED 1 APPLIED, 1 ok DRIFT_REPAIRED 1',
  ]);
  assert.equal(place.memory.configs.has('foreign'), false);
  assert.equal(place.driver.inForce.get('foreign'), 'not ours');
});

test('a restart goes on with a repair that was failing, and counts on', async () => {
  await using before = await openApplied();
  before.driver.inForce.set('x', 'edited');
  before.driver.failures.set('x', isDirectory);
  before.list();
  await settled();
  await using place = openEngine();
  for (const fact of before.memory.snapshot()) place.memory.take(fact);
  // Put back by the process before, which did not come to say so.
  place.driver.inForce.set('x', '{"g":1}');
  await recover(place, new AbortController().signal);
  place.report('x');
  place.engine.repair();
  await settled();
  assert.deepEqual(story(place.reported), [
    'APPLYING 1 unproven, 1 failed DRIFTED 1',
    'APPLIED 1 APPLIED, 1 ok DRIFT_REPAIRED 2',
  ]);
});
