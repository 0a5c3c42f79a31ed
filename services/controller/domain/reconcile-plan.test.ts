import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigRow } from './config-row.ts';
import {
  countRows,
  isSafetyStop,
  type ListedConfig,
  planReconcile,
  setAside,
} from './reconcile-plan.ts';

const DAY_MS = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 10, 23);
const row = (changes: Partial<ConfigRow> = {}): ConfigRow => ({
  env: 'env1',
  id: 'a',
  generation: 5,
  publishedEpoch: 1,
  publishedGeneration: 5,
  content: '{}',
  digest: 'd5',
  labels: {},
  completionPolicy: 'APPLIED',
  acceptedAt: new Date(nowMs),
  createdAt: new Date(0),
  traceparent: '',
  deleted: false,
  ...changes,
});
const deleted = row({ deleted: true });
const oldDelete = row({ deleted: true, acceptedAt: new Date(nowMs - 8 * DAY_MS) });
const same = { generation: 5, digest: 'd5' };

const cases: [string, ConfigRow, ListedConfig | undefined, boolean][] = [
  ['a live row that etcd lacks', row(), undefined, true],
  ['a live row that etcd has', row(), { config: same }, false],
  ['a live row that etcd has older', row(), { config: { generation: 4, digest: 'd4' } }, true],
  ['a live row that etcd has otherwise', row(), { config: { generation: 5, digest: 'dx' } }, true],
  ['a live row whose key is foreign', row(), { config: 'foreign' }, true],
  ['a live row beside an older tombstone', row(), { config: same, tombstone: 4 }, true],
  ['a live row beside a foreign tombstone', row(), { config: same, tombstone: 'foreign' }, true],
  ['a live row beside its own tombstone', row(), { config: same, tombstone: 5 }, true],
  ['a deleted row whose config stands', deleted, { config: same }, true],
  ['a deleted row without tombstone', deleted, undefined, true],
  ['a deleted row with its tombstone', deleted, { tombstone: 5 }, false],
  ['a deleted row with an older tombstone', deleted, { tombstone: 4 }, true],
  ['a deleted row whose tombstone is foreign', deleted, { tombstone: 'foreign' }, true],
  ['an old delete without tombstone', oldDelete, undefined, false],
  ['an old delete whose config stands', oldDelete, { config: same }, true],
];

for (const [name, desired, keys, isDue] of cases) {
  test(`${name} is ${isDue ? 'published' : 'left alone'}`, () => {
    const listed = new Map(keys ? [['env1/a', keys]] : []);
    assert.deepEqual(planReconcile([desired], listed, nowMs), isDue ? [desired] : []);
  });
}

test('sets aside what MySQL has never known', () => {
  const listed = new Map<string, ListedConfig>([
    ['env1/a', { config: same }],
    ['env1/b', { config: same }],
    ['env1/c', { tombstone: 3 }],
  ]);
  assert.deepEqual(setAside(listed, new Set(['env1/a'])), ['env1/b', 'env1/c']);
});

test('counts recent and unpublished deletes as rows that may have been live', () => {
  const unpublished = row({ ...oldDelete, publishedGeneration: 4 });
  const counts = countRows(
    { live: 1, deletedSince: 0, total: 1 },
    [row(), deleted, oldDelete, unpublished],
    nowMs,
  );
  assert.deepEqual(counts, { live: 2, deletedSince: 2, total: 5 });
});

const stops: [string, [number, number, number], number, number, boolean][] = [
  ['an empty MySQL beside an empty etcd goes on', [0, 0, 0], 0, 0, false],
  ['an empty MySQL beside a filled etcd stops', [0, 0, 0], 0, 3, true],
  ['an empty MySQL that had rows stops', [0, 0, 0], 3, 0, true],
  ['more than half of the rows lost stops', [4, 0, 4], 9, 9, true],
  ['half of the rows lost goes on', [5, 0, 5], 10, 10, false],
  ['deletes are no loss', [1, 9, 10], 10, 10, false],
];

for (const [name, [live, deletedSince, total], before, inEtcd, isStop] of stops) {
  test(name, () => {
    assert.equal(isSafetyStop({ live, deletedSince, total }, before, inEtcd), isStop);
  });
}
