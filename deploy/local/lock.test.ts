import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isAlive, withLock } from './lock.mjs';

const dir = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** Beyond every pid that Linux hands out. */
const NOBODY = 2 ** 22 + 1;

test('only one holder works at a time', async () => {
  const file = join(dir, 'a.lock');
  let inside = 0;
  const work = async () => {
    inside += 1;
    assert.equal(inside, 1);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all([withLock(file, work), withLock(file, work)]);
  assert.equal(existsSync(file), false);
});

test('a lock whose holder is dead is taken over', async () => {
  const file = join(dir, 'b.lock');
  writeFileSync(file, String(NOBODY));
  assert.equal(await withLock(file, () => 'done'), 'done');
});

test('a failure releases the lock', async () => {
  const file = join(dir, 'c.lock');
  await assert.rejects(
    withLock(file, () => {
      throw new Error('broken');
    }),
    /broken/,
  );
  assert.equal(existsSync(file), false);
});

test('a process is alive or it is not', () => {
  assert.equal(isAlive(process.pid), true);
  assert.equal(isAlive(NOBODY), false);
});
