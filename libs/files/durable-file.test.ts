import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  errorCode,
  readRegularFile,
  removeFile,
  removeTemporaries,
  replaceFile,
} from './durable-file.ts';

async function openDir() {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-files-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test('a file is replaced as a whole, and nothing is left beside it', async () => {
  await using place = await openDir();
  await replaceFile(place.dir, 'a', 'long content');
  await replaceFile(place.dir, 'a', 'ü');
  assert.equal((await readRegularFile(join(place.dir, 'a')))?.toString(), 'ü');
  assert.deepEqual(await readdir(place.dir), ['a']);
});

test('a replacement that fails leaves neither a trace nor a change', async () => {
  await using place = await openDir();
  await mkdir(join(place.dir, 'a'));
  await assert.rejects(replaceFile(place.dir, 'a', 'x'), (error) => errorCode(error) === 'EISDIR');
  assert.deepEqual(await readdir(place.dir), ['a']);
});

test('links are never followed', async () => {
  await using place = await openDir();
  await writeFile(join(place.dir, 'target'), 'secret');
  await symlink('target', join(place.dir, 'a'));
  const path = join(place.dir, 'a');
  await assert.rejects(readRegularFile(path), (error) => errorCode(error) === 'ELOOP');
  await replaceFile(place.dir, 'a', 'own');
  assert.equal((await readRegularFile(join(place.dir, 'target')))?.toString(), 'secret');
});

test('a missing file reads as undefined and is removed without complaint', async () => {
  await using place = await openDir();
  assert.equal(await readRegularFile(join(place.dir, 'a')), undefined);
  await removeFile(place.dir, 'a');
});

test('what writers that died left behind is removed, and nothing else', async () => {
  await using place = await openDir();
  await writeFile(join(place.dir, '.tmp-1'), 'half');
  await writeFile(join(place.dir, 'a'), 'whole');
  await removeTemporaries(place.dir);
  assert.deepEqual(await readdir(place.dir), ['a']);
});
