// A lock between processes of one machine: a file that names its holder. Plain JavaScript without
// dependencies, because the bootstrap needs it before anything is installed.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a waiting process looks again. */
const POLL_MS = 200;

/** Long enough for a slow download of everything that is installed under one lock. */
const WAIT_MS = 15 * 60_000;

/**
 * Runs `work` while no other process holds the lock `file`. A lock whose holder is dead is taken
 * over. Throws when the lock stays held for 15 minutes.
 *
 * @template T
 * @param {string} file
 * @param {() => T | Promise<T>} work
 * @param {() => void} [onWait] called once when somebody else holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => undefined) {
  mkdirSync(dirname(file), { recursive: true });
  const giveUpAt = Date.now() + WAIT_MS;
  for (let waits = 0; !tryLock(file); waits += 1) {
    if (waits === 0) onWait();
    if (Date.now() > giveUpAt) throw new Error(`${file} is held by process ${holderOf(file)}`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  // Written aside and linked: nobody ever sees a lock without its holder's id.
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch {
    takeAwayWhenDead(file, mine);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
function takeAwayWhenDead(file, mine) {
  const holder = holderOf(file);
  if (holder === undefined || isAlive(holder)) return;
  const aside = `${mine}.dead`;
  try {
    renameSync(file, aside);
    // Another waiter may have taken it over in between: its lock is put back.
    const taken = holderOf(aside);
    if (taken !== undefined && isAlive(taken)) linkSync(aside, file);
  } catch {
    // Somebody else was faster; the next try sees the result.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} file */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether a process of this id runs.
 *
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
