import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive } from './lock.mjs';

/** The repository. */
export const rootDir = resolve(import.meta.dirname, '../..');

/** Everything that running leaves behind: binaries, data, logs. Safe to remove. */
export const localDir = join(rootDir, '.local');

/** The Node that runs this process, pinned by the package lock. */
export const nodeBinary = process.execPath;

/**
 * Creates a folder for the data of this process under `.local`, and removes those of processes
 * that have ended. The caller may remove it; the next run does otherwise.
 */
export function createRunDir(): string {
  const dir = join(localDir, `run-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(localDir)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (!isAlive(pid)) rmSync(join(localDir, name), { recursive: true, force: true });
  }
  return dir;
}
