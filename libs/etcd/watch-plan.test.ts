import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTimeoutMs } from './call-timeout.ts';
import type { KeyValue, WatchEvent } from './types.ts';
import {
  type Anchor,
  calmed,
  deliveredPosition,
  type FailureKind,
  FRESH_PACE,
  followedPosition,
  follows,
  listedAnchor,
  listedPosition,
  paceAfter,
  probesHold,
  probesOf,
  RevisionJoiner,
  silenceLimitMs,
} from './watch-plan.ts';

const kv = (key: string, modRevision: bigint): KeyValue => ({
  key,
  value: Buffer.from('v'),
  createRevision: 1n,
  modRevision,
  lease: '0',
});
const put = (key: string, revision: bigint): WatchEvent => ({ type: 'put', kv: kv(key, revision) });
const del = (key: string, modRevision: bigint): WatchEvent => ({
  type: 'delete',
  key,
  modRevision,
});

test('a list is followed by a watch from the next revision on every range', () => {
  const position = listedPosition(2, 10n, undefined);
  assert.deepEqual(position.starts, [11n, 11n]);
  assert(follows(position, 0, [put('a', 11n)]));
  assert(!follows(position, 1, [put('a', 10n)]), 'an event of the past is a rewind');
});

test('each range resumes after its own last event', () => {
  let position = listedPosition(2, 10n, undefined);
  position = deliveredPosition(position, 0, [put('a', 12n), del('b', 15n)]);
  position = deliveredPosition(position, 1, [put('x', 13n)]);
  assert.deepEqual(position.starts, [16n, 14n]);
  assert.equal(position.highest, 15n);
  assert.deepEqual(position.anchor, { key: 'b', modRevision: 15n, deleted: true, readAt: 15n });
});

test('the anchor of a list is its newest readable pair, known at the revision of the list', () => {
  const first = listedAnchor(undefined, [kv('a', 3n), kv('b', 7n), kv('c', 5n)], 10n);
  const anchor = listedAnchor(first, [kv('d', 6n), kv('\uFFFD', 9n)], 10n);
  const expected = { key: 'b', modRevision: 7n, deleted: false, put: kv('b', 7n), readAt: 10n };
  assert.deepEqual(anchor, expected);
});

test('a list proves its history only where nothing was deleted after its newest key', () => {
  const listed = (revision: bigint) =>
    listedPosition(1, revision, listedAnchor(undefined, [kv('a', 7n)], revision));
  assert.equal(followedPosition(listed(7n)).fresh, false);
  assert.equal(followedPosition(listed(9n)).fresh, true, 'another history may have more keys at 9');
  assert.equal(deliveredPosition(listed(9n), 0, [put('b', 10n)]).fresh, false);
  const unreadable = put('\ufffd', 10n);
  assert.equal(deliveredPosition(listed(9n), 0, [unreadable]).fresh, true);
});

test('a foreign key that cannot be read again moves the start, not the anchor', () => {
  const listed = listedPosition(1, 10n, listedAnchor(undefined, [kv('a', 3n)], 10n));
  const position = deliveredPosition(listed, 0, [put('\uFFFDx', 12n)]);
  assert.deepEqual(position.starts, [13n]);
  assert.equal(position.anchor?.key, 'a');
});

const written: Anchor = {
  ...{ key: 'a', modRevision: 7n, deleted: false, put: kv('a', 7n), readAt: 10n },
};
const other = { ...kv('a', 7n), value: Buffer.from('other') };
const later = { ...kv('a', 7n), createRevision: 6n };
const removed: Anchor = { key: 'a', modRevision: 7n, deleted: true, readAt: 7n };
for (const [name, anchor, answers, holds] of [
  ['a put is there', written, [kv('a', 7n)], true],
  ['a put is gone', written, [undefined], false],
  ['a put was another one', written, [kv('a', 6n)], false],
  ['another value was put at the same revision', written, [other], false],
  ['the key was made anew before', written, [later], false],
  ['a delete is gone and was there before', removed, [undefined, kv('a', 3n)], true],
  ['a delete is still there', removed, [kv('a', 3n), kv('a', 3n)], false],
  ['a delete of what never was', removed, [undefined, undefined], false],
] as const) {
  test(`the probe ${holds ? 'holds' : 'fails'} when ${name}`, () => {
    assert.equal(probesHold(anchor, answers), holds);
    assert.equal(probesOf(anchor).length, answers.length);
  });
}

test('a put is probed where it is known, a delete there and just before', () => {
  assert.deepEqual(
    probesOf(written).map(({ revision }) => revision),
    [10n],
  );
  assert.deepEqual(
    probesOf(removed).map(({ revision }) => revision),
    [7n, 6n],
  );
});

test('fragments are joined: a revision is given out once it is complete', () => {
  const joiner = new RevisionJoiner();
  assert.deepEqual(joiner.push([put('a', 1n), put('b', 2n)], false), [put('a', 1n)]);
  assert.deepEqual(joiner.push([put('c', 2n)], false), []);
  assert.deepEqual(joiner.push([put('d', 2n), put('e', 3n)], true), [
    put('b', 2n),
    put('c', 2n),
    put('d', 2n),
    put('e', 3n),
  ]);
  assert.deepEqual(joiner.push([put('f', 4n)], true), [put('f', 4n)]);
});

function waits(kinds: readonly FailureKind[]): number[] {
  let pace = FRESH_PACE;
  return kinds.map((kind) => {
    const next = paceAfter(pace, kind, () => 1);
    pace = next.pace;
    return next.waitMs;
  });
}

test('transport errors back off from 0.1 s to 1 s', () => {
  const kinds = Array.from({ length: 6 }, () => 'transport' as const);
  assert.deepEqual(waits(kinds), [100, 200, 400, 800, 1000, 1000]);
});

test('one compaction costs no wait, several in a row and exhaustion up to 30 s', () => {
  assert.deepEqual(waits(['compacted', 'compacted', 'compacted']), [0, 200, 400]);
  const kinds = Array.from({ length: 12 }, () => 'exhausted' as const);
  assert.equal(waits(kinds).at(-1), 30_000);
  assert.equal(waits([...kinds, 'transport']).at(-1), 100, 'counted apart');
});

test('an etcd that does not answer in time is asked less often, and waited for longer', () => {
  const kinds = Array.from({ length: 9 }, () => 'late' as const);
  assert.deepEqual(waits(kinds), [100, 200, 400, 800, 1600, 3200, 6400, 8000, 8000]);
  assert.deepEqual(
    [0, 1, 2, 3].map((late) => callTimeoutMs(late)),
    [2000, 4000, 8000, 8000],
  );
});

test('jitter takes away at most half of a wait', () => {
  assert.equal(paceAfter(FRESH_PACE, 'transport', () => 0).waitMs, 50);
});

test('patience with a silent link grows, and lasts until something comes in time', () => {
  const { pace } = paceAfter(FRESH_PACE, 'silent', () => 1);
  assert.equal(silenceLimitMs(FRESH_PACE), 3000);
  assert.equal(silenceLimitMs(pace), 6000);
  assert.deepEqual(calmed(pace, 5000), { ...FRESH_PACE, silent: 1 });
  assert.deepEqual(calmed(pace, 500), FRESH_PACE);
  assert.equal(silenceLimitMs({ ...FRESH_PACE, silent: 9 }), 30_000);
});
