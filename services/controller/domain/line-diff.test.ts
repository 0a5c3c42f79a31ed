import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type UnifiedOptions, unifiedDiff } from './line-diff.ts';

const OPTIONS: UnifiedOptions = {
  ...{ beforeName: 'old', afterName: 'new' },
  ...{ contextLines: 3, editsMax: 2000 },
};

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const diff = (before: string[], after: string[], options: Partial<UnifiedOptions> = {}) =>
  unifiedDiff(text(before), text(after), { ...OPTIONS, ...options });

/** Applies a unified diff as `patch` does, and fails where it does not fit. */
function patched(before: readonly string[], unified: string): string[] {
  const result: string[] = [];
  let next = 0;
  for (const line of unified.split('\n').slice(2, -1)) {
    const head = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (head) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      result.push(...before.slice(next, start));
      next = start;
      continue;
    }
    if (line[0] !== '+') assert.equal(before[next], line.slice(1));
    if (line[0] !== '-') result.push(line.slice(1));
    if (line[0] !== '+') next += 1;
  }
  return [...result, ...before.slice(next)];
}

test('equal texts have no diff', () => {
  assert.equal(diff(['a', 'b'], ['a', 'b']), '');
  assert.equal(diff([], []), '');
});

test('a change is shown with its context, as diff -u writes it', () => {
  const before = Array.from({ length: 9 }, (_, n) => `line ${n}`);
  const after = before.with(4, 'changed');
  assert.equal(
    diff(before, after, { contextLines: 1 }),
    '--- old\n+++ new\n@@ -4,3 +4,3 @@\n line 3\n-line 4\n+changed\n line 5\n',
  );
});

test('changes apart are hunks of their own, those that touch are one', () => {
  const before = Array.from({ length: 20 }, (_, n) => `${n}`);
  const hunks = (changed: number[]) =>
    diff(
      before,
      before.map((line, n) => (changed.includes(n) ? 'x' : line)),
    ).match(/^@@/gm)?.length;
  assert.equal(hunks([2, 17]), 2);
  assert.equal(hunks([2, 8]), 1);
});

test('a text that begins, or ends, is one hunk from line 0', () => {
  assert.equal(diff([], ['a']), '--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n');
  assert.equal(diff(['a', 'b'], []), '--- old\n+++ new\n@@ -1,2 +0,0 @@\n-a\n-b\n');
});

test('texts that differ in too many lines have none', () => {
  assert.equal(diff(['a', 'b'], ['c', 'd'], { editsMax: 3 }), '');
  assert.notEqual(diff(['a', 'b'], ['c', 'd'], { editsMax: 4 }), '');
});

test('the diff of any two texts makes the one out of the other, with the fewest lines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 });
  fc.assert(
    fc.property(lines, lines, fc.nat(4), (before, after, contextLines) => {
      const unified = diff(before, after, { contextLines });
      assert.deepEqual(patched(before, unified), after);
      const edits = unified
        .split('\n')
        .slice(2)
        .filter((line) => /^[-+]/.test(line)).length;
      const kept = longestCommon(before, after);
      assert.equal(edits, before.length + after.length - 2 * kept);
    }),
    { numRuns: 2000 },
  );
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const left of a) {
    const next = [0];
    for (const [n, right] of b.entries()) {
      next.push(left === right ? (row[n] ?? 0) + 1 : Math.max(row[n + 1] ?? 0, next[n] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
