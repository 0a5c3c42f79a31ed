import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive } from './lock.mjs';

/** The repository. */
export const rootDir = resolve(import.meta.dirname, '../..');

/** Everything that running leaves behind: binaries, data, logs. Safe to remove. */
export const localDir = join(rootDir, '.local');

/** Where Node keeps what it compiled of the programs: one file for each of their modules. */
export const compileCacheDir = join(localDir, 'compile-cache');

/** The Node that runs this process, pinned by the package lock. */
export const nodeBinary = process.execPath;

/** The folder of this process below `.local`. */
export interface RunDir extends Disposable {
  readonly dir: string;
  /** The run went well: disposal removes the folder. Otherwise its logs stay until a later run. */
  succeeded(): void;
}

/** Creates the folder of this process, and removes those of processes that have ended. */
export function openRunDir(): RunDir {
  const dir = join(localDir, `run-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(localDir)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (!isAlive(pid)) rmSync(join(localDir, name), { recursive: true, force: true });
  }
  let isDone = false;
  return {
    dir,
    succeeded: () => {
      isDone = true;
    },
    [Symbol.dispose]: () => {
      if (isDone) rmSync(dir, { recursive: true, force: true });
      else process.stderr.write(`what happened is logged in ${join(dir, 'logs')}\n`);
    },
  };
}
