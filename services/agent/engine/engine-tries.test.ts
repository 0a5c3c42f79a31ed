import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { configKey } from '#libs/keyspace';
import { DriverError } from '../drivers/driver.ts';
import { configValue, openEngine, settled } from '../testing/engine-place.ts';
import { recover } from './drift.ts';

const x = configKey('e', 'x');
const rejected = new DriverError('rejected', 'BAD', 'cannot be rendered');
const busy = new DriverError('retry', 'BUSY', 'not now');
/** Waits between the tries of a version, where chance takes half of each. */
const WAITS_MS = [125, 250, 500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000];

type Place = ReturnType<typeof openEngine>;
const lastAttempt = ({ memory }: Place) => memory.configs.get('x')?.attempt;

for (const [concurrency, atOnce] of [
  [2, 2],
  [undefined, 8],
] as const) {
  test(`works on ${atOnce} configs at once when the driver names ${concurrency ?? 'no number'}`, async () => {
    await using place = openEngine(concurrency === undefined ? {} : { concurrency });
    const { driver } = place;
    const opened = Promise.withResolvers<void>();
    driver.gate = opened.promise;
    place.list();
    for (let n = 0; n < 20; n += 1) place.put(configKey('e', `c${n}`), configValue(1));
    await settled();
    assert.equal(driver.calls.length, atOnce);
    opened.resolve();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    assert.equal(driver.inForce.size, 20);
  });
}

test('a failure is tried again with back-off until it is final, and then by a list alone', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    await using place = openEngine();
    const { driver } = place;
    driver.failures.set('x', busy);
    place.list();
    place.put(x, configValue(1));
    await settled();
    for (const [index, waitMs] of WAITS_MS.entries()) {
      assert.equal(lastAttempt(place)?.final, false);
      mock.timers.tick(waitMs - 1);
      await settled();
      assert.equal(driver.calls.length, index + 1, `too early after try ${index + 1}`);
      mock.timers.tick(1);
      await settled();
      assert.equal(driver.calls.length, index + 2);
    }
    assert.deepEqual([lastAttempt(place)?.attempts, lastAttempt(place)?.final], [10, true]);
    mock.timers.tick(3_600_000);
    place.engine.changed(['x']);
    await settled();
    assert.equal(driver.calls.length, 10);
    place.list();
    await settled();
    assert.deepEqual([lastAttempt(place)?.attempts, lastAttempt(place)?.final], [11, true]);
    const told = place.engine.attemptsOf('x').map(({ attempts }) => attempts);
    assert.deepEqual(told, [11, 10, 9, 8, 7], 'the last five, the newest first');
  } finally {
    mock.timers.reset();
  }
});

test('a newer generation does not wait for the back-off of the older, and counts anew', async () => {
  await using place = openEngine();
  place.driver.failures.set('x', busy);
  place.list();
  place.put(x, configValue(1));
  await settled();
  place.put(x, configValue(2));
  await settled();
  assert.deepEqual(place.driver.calls, ['apply x 1', 'apply x 2']);
  assert.deepEqual([lastAttempt(place)?.generation, lastAttempt(place)?.attempts], [2, 1]);
});

test('a generation that was rejected stays so when the one in force cannot be repaired either', async () => {
  await using place = openEngine();
  const { driver } = place;
  place.list();
  place.put(x, configValue(1));
  await settled();
  driver.failures.set('x', rejected);
  place.put(x, configValue(2));
  await settled();
  driver.inForce.set('x', 'edited');
  for (let list = 0; list < 4; list += 1) {
    place.list();
    await settled();
  }
  assert.deepEqual(driver.calls, ['apply x 1', 'apply x 2', 'apply x 1']);
});

for (const outcome of ['rejected', 'rolled_back'] as const) {
  test(`a restart goes on saying what was ${outcome}, and tries it once more`, async () => {
    await using before = openEngine();
    before.driver.failures.set('x', new DriverError(outcome, 'BAD', 'cannot be rendered'));
    before.list();
    before.put(x, configValue(1));
    await settled();
    await using place = openEngine();
    for (const fact of before.memory.snapshot()) place.memory.take(fact);
    place.driver.failures.set('x', new DriverError(outcome, 'BAD', 'cannot be rendered'));
    await recover(place, new AbortController().signal);
    const phase = place.engine.phaseOf('x');
    assert.equal(phase, outcome.toUpperCase());
    assert.equal(lastAttempt(place)?.final, true);
    place.etcd.set(x, configValue(1));
    for (let list = 0; list < 3; list += 1) {
      place.list();
      await settled();
    }
    assert.deepEqual(place.driver.calls, ['apply x 1']);
    assert.deepEqual([place.engine.phaseOf('x'), lastAttempt(place)?.attempts], [phase, 2]);
  });
}
