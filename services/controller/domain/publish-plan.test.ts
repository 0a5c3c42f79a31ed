import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mustHeal, planRefused, type RefusedPlan, type Stored } from './publish-plan.ts';

const live = { generation: 5, digest: 'd5', deleted: false };
const gone = { generation: 5, digest: 'd5', deleted: true };
const config = (generation: number, digest: string): Stored => ({
  config: { modRevision: 70n, head: Buffer.from('{'), canonical: { generation, digest } },
});
const tombstone = (generation: number): Stored => ({
  tombstone: { modRevision: 80n, head: Buffer.from('0'), generation },
});
const foreignConfig: Stored = { config: { modRevision: 71n, head: Buffer.from('x') } };
const foreignTombstone: Stored = { tombstone: { modRevision: 81n, head: Buffer.from('x') } };

const cases: [string, typeof live, Stored, RefusedPlan][] = [
  ['the same generation and digest is done', live, config(5, 'd5'), { kind: 'done' }],
  ['another digest is looked at again', live, config(5, 'dx'), { kind: 'reread', seen: 5 }],
  ['a higher config is looked at again', live, config(7, 'd7'), { kind: 'reread', seen: 7 }],
  ['a higher tombstone is looked at again', live, tombstone(6), { kind: 'reread', seen: 6 }],
  ['a delete of the same generation too', live, tombstone(5), { kind: 'reread', seen: 5 }],
  [
    'a config beside its own tombstone too',
    live,
    { ...config(5, 'd5'), ...tombstone(5) },
    { kind: 'reread', seen: 5 },
  ],
  [
    'an older tombstone beside it is removed',
    live,
    { ...config(5, 'd5'), ...tombstone(4) },
    { kind: 'overwrite', seen: { ...config(5, 'd5'), ...tombstone(4) } },
  ],
  [
    'a foreign tombstone beside it is removed',
    live,
    { ...config(5, 'd5'), ...foreignTombstone },
    { kind: 'overwrite', seen: { ...config(5, 'd5'), ...foreignTombstone } },
  ],
  [
    'a foreign config is overwritten as seen',
    live,
    foreignConfig,
    { kind: 'overwrite', seen: foreignConfig },
  ],
  [
    'a foreign tombstone is overwritten as seen',
    live,
    foreignTombstone,
    { kind: 'overwrite', seen: foreignTombstone },
  ],
  [
    'a foreign config under a newer tombstone is not touched',
    live,
    { ...foreignConfig, ...tombstone(9) },
    { kind: 'reread', seen: 9 },
  ],
  ['a delete that stands is done', gone, tombstone(5), { kind: 'done' }],
  [
    'a live config at the delete is looked at again',
    gone,
    config(5, 'd5'),
    { kind: 'reread', seen: 5 },
  ],
  ['a newer delete is looked at again', gone, tombstone(6), { kind: 'reread', seen: 6 }],
  [
    'a foreign config beside the tombstone is removed',
    gone,
    { ...foreignConfig, ...tombstone(5) },
    { kind: 'overwrite', seen: { ...foreignConfig, ...tombstone(5) } },
  ],
  [
    'an old config beside the tombstone is removed',
    gone,
    { ...config(3, 'd3'), ...tombstone(5) },
    { kind: 'overwrite', seen: { ...config(3, 'd3'), ...tombstone(5) } },
  ],
];

for (const [name, row, stored, plan] of cases) {
  test(name, () => assert.deepEqual(planRefused(row, stored), plan));
}

test('heals a row that is still behind what was published', () => {
  assert.equal(mustHeal(live, live, 7), true);
});

test('heals a row that still contradicts its own generation', () => {
  assert.equal(mustHeal(live, live, 5), true);
});

test('does not heal a row that another writer moved on', () => {
  assert.equal(mustHeal(live, { generation: 7, digest: 'd7', deleted: false }, 7), false);
  assert.equal(mustHeal(live, { generation: 8, digest: 'd8', deleted: true }, 7), false);
});
