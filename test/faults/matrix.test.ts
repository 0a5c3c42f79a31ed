import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULTS } from './matrix.ts';

const ROOT = join(import.meta.dirname, '../..');
const ROWS = 45;

test('every fault has its row, in order, and each row a test or a reason', () => {
  assert.deepEqual(
    FAULTS.map(({ row }) => row),
    Array.from({ length: ROWS }, (_, index) => index + 1),
  );
  for (const { row, tests, open } of FAULTS) {
    assert.ok(tests.length > 0 || open, `row ${row} has neither a test nor a reason`);
  }
});

test('every test that a row names exists', () => {
  for (const { row, tests } of FAULTS) {
    for (const [file, name] of tests) {
      const path = join(ROOT, file);
      assert.ok(existsSync(path), `row ${row}: ${file}`);
      assert.ok(readFileSync(path, 'utf8').includes(name), `row ${row}: "${name}" in ${file}`);
    }
  }
});
