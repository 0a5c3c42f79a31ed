import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash, type Driver, type DriverConfig, DriverError } from './driver.ts';
import { openFileDriver } from './file/file-driver.ts';
import { createNoopDriver } from './noop/noop-driver.ts';
import { driverProblems, openDriver } from './open-driver.ts';

const { signal } = new AbortController();
const config = (id: string, content: string): DriverConfig => ({
  id,
  content,
  generation: 1,
  digest: 'd',
  traceparent: '',
  createdAt: '2026-01-01T00:00:00.000Z',
});

async function openPlace() {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-driver-'));
  const dir = join(root, 'configs');
  return {
    root,
    dir,
    driver: await openFileDriver({ dir }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

async function listed(driver: Driver): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for await (const { id, hash } of driver.list(signal)) all.set(id, hash);
  return all;
}

async function behaves(driver: Driver): Promise<void> {
  await driver.validate(config('a.b_1', '{"x":1}'), signal);
  await driver.apply(config('a.b_1', '{"x":1}'), signal);
  await driver.apply(config('c', '{}'), signal);
  assert.equal((await driver.verify(config('c', '{}'), signal)).level, 'APPLIED');
  await assert.rejects(driver.verify(config('c', '{"y":1}'), signal), DriverError);
  assert.deepEqual(
    await listed(driver),
    new Map([
      ['a.b_1', contentHash('{"x":1}')],
      ['c', contentHash('{}')],
    ]),
  );
  await driver.remove('c', signal);
  await driver.remove('c', signal);
  await assert.rejects(driver.verify(config('c', '{}'), signal), DriverError);
  assert.deepEqual([...(await listed(driver)).keys()], ['a.b_1']);
}

test('the noop driver remembers what is in force', () => behaves(createNoopDriver()));

test('the file driver keeps what is in force', async () => {
  await using place = await openPlace();
  await behaves(place.driver);
});

test('a file holds the canonical bytes and nothing is left beside it', async () => {
  await using place = await openPlace();
  const content = '{"host":"bücher.example"}';
  await place.driver.apply(config('0001', content), signal);
  assert.equal(await readFile(join(place.dir, '0001.json'), 'utf8'), content);
  assert.deepEqual(await readdir(place.dir), ['0001.json']);
});

test('a file has the mode and the owner that were asked for, whatever the mask', async () => {
  await using place = await openPlace();
  const { uid, gid } = await stat(place.dir);
  // Only root may give a file away.
  const owner = uid === 0 ? { uid: 65_533, gid: 65_534 } : { uid, gid };
  const options = { mode: '640', uid: String(owner.uid), gid: String(owner.gid) };
  assert.deepEqual(driverProblems('file', options), []);
  await using driver = await openDriver(
    'file',
    { dir: place.dir, ...options },
    { env: '1', stateDir: place.root },
  );
  const mask = process.umask(0o077);
  try {
    await driver.apply(config('a', '{}'), signal);
  } finally {
    process.umask(mask);
  }
  const found = await stat(join(place.dir, 'a.json'));
  assert.equal(found.mode & 0o7777, 0o640);
  assert.deepEqual({ uid: found.uid, gid: found.gid }, owner);
  await driver.verify(config('a', '{}'), signal);
});

test('an owner that the system refuses leaves the old file', async () => {
  await using place = await openPlace();
  await place.driver.apply(config('a', '{}'), signal);
  // No valid owner: the system refuses it of root, too.
  const driver = await openFileDriver({ dir: place.dir, access: { uid: 2 ** 32 } });
  await assert.rejects(driver.apply(config('a', '{"v":2}'), signal), DriverError);
  assert.deepEqual(await readdir(place.dir), ['a.json']);
  assert.equal(await readFile(join(place.dir, 'a.json'), 'utf8'), '{}');
});

test('a link in the place of a file is replaced, never followed', async () => {
  await using place = await openPlace();
  const target = join(place.root, 'target');
  await writeFile(target, 'untouched');
  await symlink(target, join(place.dir, 'a.json'));
  assert.notEqual((await listed(place.driver)).get('a'), contentHash('untouched'));
  await assert.rejects(place.driver.verify(config('a', 'untouched'), signal), DriverError);
  await place.driver.apply(config('a', '{}'), signal);
  assert.equal(await readFile(target, 'utf8'), 'untouched');
  assert.equal(await readFile(join(place.dir, 'a.json'), 'utf8'), '{}');
});

test('a link in the place of the directory is refused', async () => {
  await using place = await openPlace();
  await rename(place.dir, join(place.root, 'moved'));
  await mkdir(join(place.root, 'other'));
  await symlink(join(place.root, 'other'), place.dir);
  await assert.rejects(place.driver.apply(config('a', '{}'), signal), DriverError);
  assert.deepEqual(await readdir(join(place.root, 'other')), []);
});

test('names that lead elsewhere or are too long are rejected', async () => {
  await using place = await openPlace();
  for (const id of ['../a', 'a/b', '..', '', 'a\0', 'x'.repeat(253)]) {
    await assert.rejects(place.driver.validate(config(id, '{}'), signal), (error) => {
      return error instanceof DriverError && error.outcome === 'rejected';
    });
  }
  await assert.rejects(place.driver.apply(config('../a', '{}'), signal), DriverError);
  assert.deepEqual(await readdir(place.root), ['configs']);
});

test('a refusal of the disk names its reason and leaves the old file', async () => {
  await using place = await openPlace();
  await place.driver.apply(config('a', '{}'), signal);
  await mkdir(join(place.dir, 'b.json'));
  await assert.rejects(place.driver.apply(config('b', '{}'), signal), (error) => {
    return error instanceof DriverError && error.outcome === 'retry' && error.reason === 'EISDIR';
  });
  assert.deepEqual((await readdir(place.dir)).toSorted(), ['a.json', 'b.json']);
});

test('a directory that was removed comes back with the next apply', async () => {
  await using place = await openPlace();
  await place.driver.apply(config('a', '{}'), signal);
  await unlink(join(place.dir, 'a.json'));
  await rm(place.dir, { recursive: true });
  assert.deepEqual(await listed(place.driver), new Map());
  await place.driver.apply(config('a', '{}'), signal);
  assert.deepEqual([...(await listed(place.driver)).keys()], ['a']);
});

test('what a writer that died left behind is cleaned up', async () => {
  await using place = await openPlace();
  await writeFile(join(place.dir, '.tmp-0123'), 'half');
  await openFileDriver({ dir: place.dir });
  assert.deepEqual(await readdir(place.dir), []);
});

test('unknown drivers and options are named', () => {
  assert.deepEqual(driverProblems('file', { dir: '/x' }), []);
  assert.deepEqual(driverProblems('noop', { delay_ms: '5' }), []);
  for (const bad of [{ mode: '777' }, { mode: '4644' }, { uid: 'root' }, { gid: '-1' }]) {
    assert.equal(driverProblems('file', bad).length, 1, JSON.stringify(bad));
  }
  assert.equal(driverProblems('nowhere', {}).length, 1);
  assert.equal(driverProblems('noop', { delay_ms: 'soon', dir: '/x' }).length, 2);
});
