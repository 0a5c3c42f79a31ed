import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Driver, type DriverConfig, DriverError } from '../driver.ts';
import { driverProblems, openDriver } from '../open-driver.ts';
import { openMergedDriver } from './merged-driver.ts';
import { SharedRun } from './shared-run.ts';

const { signal } = new AbortController();
const config = (id: string, content: string): DriverConfig => ({
  ...{ id, content, generation: 1, digest: 'd', traceparent: '' },
  createdAt: '2026-01-01T00:00:00.000Z',
});

async function openPlace(fileBytesMax?: number) {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-merged-'));
  const file = join(dir, 'configs.json');
  const bound = fileBytesMax === undefined ? {} : { fileBytesMax };
  return {
    ...{ dir, file, driver: await openMergedDriver({ dir, ...bound }) },
    text: () => readFile(file, 'utf8'),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

async function idsOf(driver: Driver): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of driver.list(signal)) ids.push(id);
  return ids.toSorted();
}

test('the file is one JSON object, ordered by id whatever the order of the calls', async () => {
  await using place = await openPlace();
  for (const id of ['c', 'a', 'b']) await place.driver.apply(config(id, `{"id":"${id}"}`), signal);
  const lines = ['a', 'b', 'c'].map((id) => `"${id}":{"id":"${id}"}`);
  assert.equal(await place.text(), `{\n${lines.join(',\n')}\n}\n`);
  for (const id of ['a', 'b', 'c']) await place.driver.remove(id, signal);
  assert.equal(await place.text(), '{}\n');
  assert.deepEqual(await readdir(place.dir), ['configs.json']);
});

test('of changes that overlap none is lost', async () => {
  await using place = await openPlace();
  const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
  await Promise.all(ids.map((id) => place.driver.apply(config(id, '{}'), signal)));
  const odd = ids.filter((_, index) => index % 2 === 1);
  await Promise.all([
    ...odd.map((id) => place.driver.remove(id, signal)),
    place.driver.apply(config('last', '{}'), signal),
  ]);
  const left = [...ids.filter((id) => !odd.includes(id)), 'last'];
  assert.deepEqual(await idsOf(place.driver), left.toSorted());
});

test('a file that nobody can read holds nothing, and the next change makes it whole', async () => {
  await using place = await openPlace();
  await place.driver.apply(config('a', '{}'), signal);
  for (const broken of ['{"a":{},', '[]', '', '"a"']) {
    await writeFile(place.file, broken);
    assert.deepEqual(await idsOf(place.driver), []);
    await assert.rejects(place.driver.verify(config('a', '{}'), signal), DriverError);
  }
  await place.driver.apply(config('b', '{}'), signal);
  assert.deepEqual(await idsOf(place.driver), ['a', 'b']);
});

test('what others wrote beside the configs is gone with the next change', async () => {
  await using place = await openPlace();
  await place.driver.apply(config('a', '{}'), signal);
  await writeFile(place.file, '{"a":1,"foreign":{},"no id":{}}');
  await assert.rejects(place.driver.verify(config('a', '{}'), signal), DriverError);
  await place.driver.apply(config('b', '{}'), signal);
  assert.equal(await place.text(), '{\n"a":{},\n"b":{}\n}\n');
});

test('a link in the place of the file is replaced, never followed', async () => {
  await using place = await openPlace();
  const target = join(place.dir, 'target');
  await writeFile(target, '{"a":{}}');
  await symlink(target, place.file);
  assert.deepEqual(await idsOf(place.driver), []);
  await place.driver.apply(config('b', '{}'), signal);
  assert.equal(await readFile(target, 'utf8'), '{"a":{}}');
  assert.deepEqual(await idsOf(place.driver), ['b']);
});

test('a config that makes the file too long fails alone, and what is in force stays', async () => {
  await using place = await openPlace(64);
  const long = place.driver.apply(config('long', `{"x":"${'x'.repeat(64)}"}`), signal);
  const short = place.driver.apply(config('short', '{}'), signal);
  await assert.rejects(long, { outcome: 'retry', reason: 'FILE_TOO_LONG' });
  await short;
  assert.deepEqual(await idsOf(place.driver), ['short']);
});

test('a refusal of the disk is of all that were to be written, and takes nothing back', async () => {
  await using place = await openPlace();
  await mkdir(place.file);
  const calls = ['a', 'b'].map((id) => place.driver.apply(config(id, '{}'), signal));
  for (const call of calls) await assert.rejects(call, { outcome: 'retry', reason: 'EISDIR' });
  await rm(place.file, { recursive: true });
  await place.driver.apply(config('c', '{}'), signal);
  assert.deepEqual(await idsOf(place.driver), ['c'], 'what failed is not put in force later');
});

test('the layout is an option with a directory of its own, and the mode holds for it', async () => {
  await using place = await openPlace();
  const options = { layout: 'merged', mode: '640' };
  assert.deepEqual(driverProblems('file', options), []);
  assert.equal(driverProblems('file', { layout: 'both' }).length, 1);
  await using driver = await openDriver('file', options, { env: '1', stateDir: place.dir });
  await driver.apply(config('a', '{}'), signal);
  const { mode } = await stat(join(place.dir, 'merged', 'configs.json'));
  assert.equal(mode & 0o7777, 0o640);
});

test('each caller is answered by a run that began after it asked', async () => {
  const gates: PromiseWithResolvers<number>[] = [];
  const shared = new SharedRun(async () => {
    const gate = Promise.withResolvers<number>();
    gates.push(gate);
    return await gate.promise;
  });
  const settle = async () => await new Promise(setImmediate);
  const first = shared.ask();
  await settle();
  const others = [shared.ask(), shared.ask()];
  await settle();
  assert.equal(gates.length, 1, 'one at a time');
  gates[0]?.reject(new Error('failed'));
  await assert.rejects(first, /failed/);
  await settle();
  assert.equal(gates.length, 2, 'a failure is of its own run alone, and the rest share one');
  gates[1]?.resolve(2);
  assert.deepEqual(await Promise.all(others), [2, 2]);
});
