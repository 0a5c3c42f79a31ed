import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EpochPlan, type ObservedEpoch, planEpoch, type SeenRevision } from './epoch-plan.ts';

const known = { epoch: 4, highWaterRevision: 100n };

const cases: [string, ObservedEpoch, SeenRevision | undefined, EpochPlan][] = [
  [
    'keeps the epoch that MySQL knows',
    { epoch: 4, revision: 100n },
    undefined,
    { kind: 'keep', epoch: 4 },
  ],
  [
    'a missing epoch is a wiped etcd',
    { revision: 1n },
    undefined,
    { kind: 'allocate', above: 4, reason: 'missing' },
  ],
  [
    'a higher epoch in etcd is a MySQL restored from a backup',
    { epoch: 9, revision: 200n },
    undefined,
    { kind: 'allocate', above: 9, reason: 'different' },
  ],
  [
    'a lower epoch in etcd is an old snapshot',
    { epoch: 3, revision: 200n },
    undefined,
    { kind: 'allocate', above: 4, reason: 'different' },
  ],
  [
    'a revision below the high water is a rolled back etcd',
    { epoch: 4, revision: 99n },
    undefined,
    { kind: 'allocate', above: 4, reason: 'rolled back' },
  ],
  [
    'a revision below what this process saw is a rolled back etcd',
    { epoch: 4, revision: 120n },
    { epoch: 4, revision: 121n },
    { kind: 'allocate', above: 4, reason: 'rolled back' },
  ],
  [
    'a history that was lost in this epoch is a rolled back etcd, however high its revision',
    { epoch: 4, revision: 500n },
    { epoch: 4, revision: 121n, rewound: true },
    { kind: 'allocate', above: 4, reason: 'rolled back' },
  ],
  [
    'a history that was lost in an older epoch has been dealt with',
    { epoch: 4, revision: 500n },
    { epoch: 3, revision: 121n, rewound: true },
    { kind: 'keep', epoch: 4 },
  ],
  [
    'what was seen in an older epoch does not count',
    { epoch: 4, revision: 120n },
    { epoch: 3, revision: 900n },
    { kind: 'keep', epoch: 4 },
  ],
];

for (const [name, observed, seen, plan] of cases) {
  test(name, () => assert.deepEqual(planEpoch(known, observed, seen), plan));
}
