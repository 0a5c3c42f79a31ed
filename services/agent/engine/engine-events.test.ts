import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configKey, toFixed20, tombstoneKey } from '#libs/keyspace';
import { DriverError } from '../drivers/driver.ts';
import { configValue, openEngine, settled } from '../testing/engine-place.ts';

const x = configKey('e', 'x');

type Place = ReturnType<typeof openEngine>;
const wordsOf = ({ told }: Place) =>
  told.splice(0).map(({ kind, id, generation }) => `${kind} ${id} ${generation}`);

test('tells of each step of a config, from its first version to its removal', async () => {
  await using place = openEngine();
  place.list();
  place.put(x, configValue(1));
  await settled();
  assert.deepEqual(wordsOf(place), ['APPLYING x 1', 'APPLIED x 1']);
  place.remove(x);
  place.put(tombstoneKey('e', 'x'), toFixed20(5), 20n);
  await settled();
  assert.deepEqual(wordsOf(place), ['REMOVING x 5', 'REMOVED x 5']);
});

for (const [outcome, kind] of [
  ['retry', 'FAILED'],
  ['rejected', 'REJECTED'],
  ['rolled_back', 'ROLLED_BACK'],
] as const) {
  test(`tells that a version was ${kind}, and why`, async () => {
    await using place = openEngine();
    place.list();
    place.driver.failures.set('x', new DriverError(outcome, 'WHY', 'because'));
    place.put(x, configValue(1));
    await settled();
    const last = place.told.at(-1);
    assert.deepEqual([last?.kind, last?.attempt?.reason], [kind, 'WHY']);
    assert.equal(last?.attempt?.final, outcome !== 'retry');
  });
}

test('tells of a drift before its repair', async () => {
  await using place = openEngine();
  place.list();
  place.put(x, configValue(1));
  await settled();
  place.told.length = 0;
  place.driver.inForce.set('x', 'edited by hand');
  place.list();
  await settled();
  const [drift] = place.told;
  assert.equal(drift?.attempt?.message, 'what was in force was changed');
  assert.deepEqual(wordsOf(place), ['DRIFT x 1', 'APPLYING x 1', 'APPLIED x 1']);
});
