import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiffSide, diffGenerations } from './generation-diff.ts';

const side = (generation: number, config: object, more: Partial<DiffSide> = {}): DiffSide => ({
  ...{ env: '10', id: 'shop.web', generation, labels: {}, completionPolicy: 'APPLIED' },
  ...{ content: JSON.stringify(config), deleted: false },
  ...more,
});

test('content, labels and policy are compared, in both forms', () => {
  const after = side(2, { host: 'b' }, { labels: { team: 'x' }, completionPolicy: 'VERIFIED' });
  const { changes, unified } = diffGenerations(side(1, { host: 'a' }), after, { contextLines: 0 });
  assert.deepEqual(changes, [
    { path: '$.completion_policy', before: 'APPLIED', after: 'VERIFIED' },
    { path: '$.config.host', before: 'a', after: 'b' },
    { path: '$.labels.team', before: undefined, after: 'x' },
  ]);
  assert.deepEqual(unified.split('\n').slice(0, 5), [
    '--- 10/shop.web generation 1',
    '+++ 10/shop.web generation 2',
    '@@ -1 +1 @@',
    '-completion_policy: APPLIED',
    '+completion_policy: VERIFIED',
  ]);
});

test('a delete and a missing generation count as empty', () => {
  const gone = side(2, { host: 'a' }, { deleted: true });
  const deleted = diffGenerations(side(1, { host: 'a' }), gone, { contextLines: 3 });
  assert.deepEqual(
    deleted.changes.map(({ path, after }) => [path, after]),
    [
      ['$.completion_policy', undefined],
      ['$.config', undefined],
      ['$.labels', undefined],
    ],
  );
  assert.match(deleted.unified, /^\+\+\+ .* \(deleted\)$/m);
  const first = diffGenerations(undefined, side(1, {}), { contextLines: 3 });
  assert.match(first.unified, /^--- \/dev\/null\n/);
});

test('a generation does not differ from itself', () => {
  const same = diffGenerations(side(1, { a: 1 }), side(1, { a: 1 }), { contextLines: 3 });
  assert.deepEqual(same, { changes: [], truncated: false, unified: '' });
});

test('long lists of changes are cut off, and say so', () => {
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`k${n}`, n]));
  const { changes, truncated, unified } = diffGenerations(side(1, {}), side(2, many), {
    contextLines: 3,
  });
  assert.deepEqual([changes.length, truncated], [1000, true]);
  assert.equal(unified.match(/^\+ /gm)?.length, 1500);
});
