import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  planRebase,
  REBASE_MARGIN,
  REBASE_REACH,
  type RebaseInput,
  type RebasePlan,
  SEEN_MAX,
} from './rebase-plan.ts';

const cases: [string, RebaseInput, RebasePlan][] = [
  [
    'chooses a base well above what was seen',
    { requested: 0, current: 0, seen: 40 },
    { kind: 'rebase', base: 40 + REBASE_MARGIN },
  ],
  [
    'chooses a base above the one that holds',
    { requested: 0, current: 90, seen: 40 },
    { kind: 'rebase', base: 90 + REBASE_MARGIN },
  ],
  [
    'takes a base at what was seen',
    { requested: 40, current: 0, seen: 40 },
    { kind: 'rebase', base: 40 },
  ],
  [
    'refuses a base below what was seen',
    { requested: 39, current: 0, seen: 40 },
    { kind: 'too_low', least: 40 },
  ],
  [
    'refuses a base that would waste generations',
    { requested: 41 + REBASE_REACH, current: 0, seen: 40 },
    { kind: 'too_high', most: 40 + REBASE_REACH },
  ],
  [
    'takes the same base again, although its own rows are above it',
    { requested: 40, current: 40, seen: 41 },
    { kind: 'rebase', base: 40 },
  ],
  [
    'stays at a base that is higher than the one asked for',
    { requested: 30, current: 40, seen: 41 },
    { kind: 'rebase', base: 40 },
  ],
  [
    'has no base when half of all generations are gone',
    { requested: 0, current: 0, seen: SEEN_MAX + 1 },
    { kind: 'exhausted' },
  ],
];

for (const [name, input, plan] of cases) {
  test(name, () => assert.deepEqual(planRebase(input), plan));
}
