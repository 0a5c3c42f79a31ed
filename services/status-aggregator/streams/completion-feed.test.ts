import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configKey, tombstoneKey } from '#libs/keyspace';
import { a, acceptedRow } from '../domain/testing/completion-case.ts';
import { FeedPlace, type FeedReader } from '../testing/feed-place.ts';

/** Agent `a`, and so many configs that it has not reported. */
function placeWith(configs: number): FeedPlace {
  const place = new FeedPlace();
  place.story.join(a);
  for (let index = 0; index < configs; index += 1) place.story.config('1', `c${index}`, 1);
  place.watch();
  return place;
}

async function readSnapshot(reader: FeedReader): Promise<void> {
  const words = await reader.read();
  assert.equal(words.at(-1), 'end');
}

test('a snapshot first, then each change once, then how far it is', async () => {
  const place = placeWith(2);
  await using reader = place.feed();
  assert.deepEqual(await reader.read(), [
    ...['view 1 known', 'begin', '1/c0 1 PROGRESSING', '1/c1 1 PROGRESSING', 'end'],
  ]);
  place.story.report(a, 'c0', 1);
  place.watch();
  assert.deepEqual(await reader.read(), ['1/c0 1 COMPLETE', 'bookmark']);
  place.story.report(a, 'c0', 1);
  place.watch();
  assert.deepEqual(await reader.read(), [], 'nothing that is told has changed');
});

test('an environment or an id alone is heard of alone', async () => {
  const place = placeWith(2);
  await using env = place.feed({ env: '2' });
  await using id = place.feed({ id: 'c1' });
  assert.deepEqual(await env.read(), ['view 1 known', 'begin', 'end']);
  assert.deepEqual(await id.read(), ['view 1 known', 'begin', '1/c1 1 PROGRESSING', 'end']);
  place.story.report(a, 'c0', 1).report(a, 'c1', 1).config('2', 'c1', 1);
  place.watch();
  assert.deepEqual(await env.read(), ['2/c1 1 NO_AGENTS', 'bookmark']);
  assert.deepEqual(await id.read(), ['1/c1 1 COMPLETE', '2/c1 1 NO_AGENTS', 'bookmark']);
});

test('who reads slowly hears of each config once, and the newest', async () => {
  const place = placeWith(3);
  await using reader = place.feed();
  await readSnapshot(reader);
  for (let generation = 2; generation <= 1_000; generation += 1) {
    for (const id of ['c0', 'c1', 'c2']) place.story.config('1', id, generation);
    place.watch();
  }
  assert.deepEqual(await reader.read(), [
    ...['c0', 'c1', 'c2'].map((id) => `1/${id} 1000 PROGRESSING`),
    'bookmark',
  ]);
});

test('a snapshot ends although configs change all the time', async () => {
  const place = placeWith(500);
  await using reader = place.feed();
  let generation = 1;
  place.onAsked = () => {
    generation += 1;
    place.story.config('1', 'c0', generation);
    place.watch();
  };
  const words = await reader.read(2 + 500 + 1);
  assert.equal(words.at(-1), 'end');
});

test('a view that is lost within a snapshot is told once, and the rest when it is back', async () => {
  const place = placeWith(450);
  await using reader = place.feed();
  place.onAsked = () => {
    if (place.asked === 2) place.unknownReason = 'blind';
  };
  const first = await reader.read();
  assert.deepEqual(first.slice(0, 2), ['view 1 known', 'begin']);
  assert.deepEqual(first.slice(202), ['view 1 blind']);
  assert.equal(place.asked, 2, 'MySQL is not asked for nothing');
  place.unknownReason = undefined;
  place.changes.note({ env: 'elsewhere' });
  const second = await reader.read();
  assert.equal(second[0], 'view 1 known');
  assert.equal(second.length, 1 + 250 + 1);
  assert.equal(second.at(-1), 'end');
});

test('while the view is not trusted no config is told of', async () => {
  const place = placeWith(1);
  await using reader = place.feed();
  await readSnapshot(reader);
  place.unknownReason = 'blind';
  place.story.report(a, 'c0', 1);
  place.watch();
  assert.deepEqual(await reader.read(), ['view 1 blind']);
  place.unknownReason = 'blind for long';
  place.story.config('1', 'c0', 2);
  place.watch();
  assert.deepEqual(await reader.read(), []);
  place.unknownReason = undefined;
  place.changes.note({ env: 'elsewhere' });
  assert.deepEqual(await reader.read(), ['view 1 known', '1/c0 2 PROGRESSING', 'bookmark']);
});

test('a new epoch is told once, however many configs there are', async () => {
  const place = placeWith(20);
  await using reader = place.feed();
  await readSnapshot(reader);
  place.story.ready(2);
  place.watch();
  const words = await reader.read();
  assert.equal(words[0], 'view 2 known');
  // What the agent has not said in this epoch is not counted: its reason is news.
  assert.ok(words.slice(1).every((word) => word === 'bookmark' || word.endsWith('PROGRESSING')));
  place.story.epoch(3);
  place.watch();
  assert.deepEqual(await reader.read(), ['view 3 etcd is being rebuilt']);
});

test('who comes back hears what it missed, also of what a list has no longer', async () => {
  const place = placeWith(3);
  let after: number | undefined;
  {
    await using reader = place.feed();
    await readSnapshot(reader);
    after = reader.seq;
  }
  place.story.report(a, 'c0', 1).delete(configKey('1', 'c1'));
  place.relist();
  await using back = place.feed({ after });
  const words = await back.read();
  assert.equal(words[0], 'view 1 known');
  assert.ok(words.includes('1/c0 1 COMPLETE'));
  assert.ok(words.includes('1/c1 removed'));
  assert.equal(words.at(-1), 'bookmark');
});

test('who comes back too late begins anew', async () => {
  const place = placeWith(1);
  await using back = place.feed({ after: place.changes.seq + 1 });
  assert.deepEqual(await back.read(), [...['view 1 known', 'begin', '1/c0 1 PROGRESSING', 'end']]);
});

test('a deleted config is removed once nothing of it is in etcd', async () => {
  const place = placeWith(1);
  await using reader = place.feed();
  await readSnapshot(reader);
  place.rows.set('1/c0', acceptedRow(2, { deleted: true, tombstoneExpired: true }));
  place.story.remove('1', 'c0', 2).reportRemoved(a, 'c0', 2);
  place.watch();
  assert.deepEqual(await reader.read(), ['1/c0 2 DELETED', 'bookmark']);
  place.story.delete(tombstoneKey('1', 'c0')).crash(a).join(a);
  place.watch();
  assert.deepEqual(await reader.read(), ['1/c0 removed', 'bookmark']);
});

test('what was told without MySQL is looked at again once it answers', async () => {
  const place = placeWith(1);
  place.rows.set('1/c0', acceptedRow(2, { published: false }));
  place.mysqlAnswers = false;
  place.acceptedKnown = false;
  await using reader = place.feed();
  assert.deepEqual(await reader.read(), [
    ...['view 1 known without mysql', 'begin', '1/c0 1 PROGRESSING', 'end'],
  ]);
  assert.equal(reader.seq, 0, 'who comes back with it hears it again');
  place.mysqlAnswers = true;
  place.acceptedKnown = true;
  place.nowMs = 10_000;
  place.changes.note({ env: 'elsewhere' });
  assert.deepEqual(await reader.read(), ['view 1 known', '1/c0 2 PENDING', 'bookmark']);
});

test('MySQL that fails again and again is not asked without a pause', async () => {
  const place = placeWith(1);
  place.mysqlAnswers = false;
  await using reader = place.feed();
  place.nowMs = 10_000;
  await reader.read();
  const before = place.asked;
  for (let count = 0; count < 10; count += 1) {
    place.changes.note({ env: 'elsewhere' });
    await reader.read();
  }
  assert.equal(place.asked, before);
  place.nowMs = 20_000;
  place.changes.note({ env: 'elsewhere' });
  await reader.read();
  assert.equal(place.asked, before + 1);
});

test('who hears nothing for long gets a newer number all the same', async () => {
  const place = placeWith(1);
  await using reader = place.feed({ env: '1' });
  await readSnapshot(reader);
  for (let count = 0; count < 1_000; count += 1) place.changes.note({ env: '2', id: 'x' });
  assert.deepEqual(await reader.read(), ['bookmark']);
  assert.equal(reader.seq, place.changes.seq);
});
