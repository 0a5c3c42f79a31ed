// An etcd that was put back to a backup: it is READY, in the same epoch, and lacks who joined since.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { put } from '#libs/etcd';
import { PASS_KEY, toFixed20 } from '#libs/keyspace';
import {
  type AggregatorPlace,
  blockersOf,
  ENV,
  HEARTBEAT_MS,
  openAggregatorPlace,
  stateOf,
} from '#test/aggregator-place';

/**
 * What a backup held from before anybody but `early` joined. The aggregator is frozen meanwhile,
 * because a backup is there all at once.
 */
async function restoreWith(place: AggregatorPlace, writes: number): Promise<void> {
  place.program.signal('SIGSTOP');
  await place.etcd.kill();
  await place.etcd.wipe();
  await place.etcd.restart();
  for (let count = 0; count < writes; count += 1) await place.write(put('/other', String(count)));
  await place.ready(place.epoch);
  const early = await place.join('early');
  await place.publish('web', 1);
  await early.report('web', 1);
  place.program.signal('SIGCONT');
}

/** Whatever is said while many heartbeats pass. */
async function toldMeanwhile(place: AggregatorPlace): Promise<string[]> {
  const stop = place.record('web');
  await place.untilShown('web', ENV, place.epoch);
  const until = performance.now() + 6 * HEARTBEAT_MS;
  while (performance.now() < until) await place.completionNow('web');
  return [...new Set((await stop()).map(({ answer }) => stateOf(answer)))];
}

for (const [how, writes] of [
  ['goes back', 0],
  ['goes back and overtakes', 200],
] as const) {
  test(`etcd ${how}: nothing is called complete without who joined since`, async () => {
    await using place = await openAggregatorPlace();
    const early = await place.join('early');
    await place.join('late');
    await place.set('web', 1);
    await early.report('web', 1);
    await place.untilState('web', 'PROGRESSING');

    await restoreWith(place, writes);
    assert.deepEqual(await toldMeanwhile(place), ['UNKNOWN']);
    const receipts = await place.mysql.db.selectFrom('completion_receipt').selectAll().execute();
    assert.deepEqual(receipts, []);

    // The controllers notice it: they put the roster back before they say READY.
    await place.beginEpoch(place.epoch + 1);
    await place.restoreRoster('late');
    await place.ready();
    const told = await place.untilState('web', 'PROGRESSING');
    assert.deepEqual(blockersOf(told).toSorted(), ['early NOT_SYNCED', 'late LOST']);
  });
}

test('etcd goes back and no controller notices: two whole passes end the doubt', async () => {
  await using place = await openAggregatorPlace();
  await (await place.join('early')).sync();
  await place.set('web', 1);
  await place.untilState('web', 'PROGRESSING');
  await restoreWith(place, 0);
  assert.deepEqual(await toldMeanwhile(place), ['UNKNOWN']);
  await place.write(put(PASS_KEY, toFixed20(2)));
  assert.equal(await place.state('web'), 'UNKNOWN');
  await place.write(put(PASS_KEY, toFixed20(3)));
  assert.equal(await place.state('web'), 'COMPLETE');
});
