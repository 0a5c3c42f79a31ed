import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStateLock, StateDirBusyError } from './state-lock.ts';

async function openDir() {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-lock-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

/** A process that takes the lock and keeps it until it is killed. */
async function startHolder(dir: string) {
  const module = new URL('./state-lock.ts', import.meta.url).href;
  const source = `import { openStateLock } from ${JSON.stringify(module)};
    await openStateLock(process.argv[1]);
    process.stdout.write('held');
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, dir], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a second holder is refused until the first has let go', async () => {
  await using place = await openDir();
  {
    await using _first = await openStateLock(place.dir);
    await assert.rejects(openStateLock(place.dir), StateDirBusyError);
  }
  await using _second = await openStateLock(place.dir);
});

test('of many that try at once one gets it', async () => {
  await using place = await openDir();
  const tries = Array.from({ length: 8 }, () => openStateLock(place.dir));
  const results = await Promise.allSettled(tries);
  const held = results.filter(({ status }) => status === 'fulfilled');
  assert.equal(held.length, 1);
});

test('another process keeps it out, and its kill lets it in', async () => {
  await using place = await openDir();
  const child = await startHolder(place.dir);
  try {
    await assert.rejects(openStateLock(place.dir), (error) => {
      return error instanceof StateDirBusyError && error.pid === child.pid;
    });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await using _lock = await openStateLock(place.dir);
  const locks = (await readdir(place.dir)).filter((name) => name.startsWith('lock.'));
  assert.equal(locks.length, 1);
});

test('a process id that was given to another process since does not hold the lock', async () => {
  await using place = await openDir();
  const owner = { pid: process.pid, start: '1', boot: 'another boot' };
  await writeFile(join(place.dir, 'lock.4'), JSON.stringify(owner));
  await using _lock = await openStateLock(place.dir);
});
