import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile, replaceFile } from '#libs/files';

// Node has no flock. A lock here is a numbered file that names its owner; the highest number rules.
// It is taken by creating the next number, which only one process can do, and only while the owner of
// the highest is dead. The highest is never deleted, so that a slow rival cannot take a number that
// was held and given up meanwhile. A kill -9 leaves a file whose owner is dead: nothing to clean up.

const LOCK_FILE = /^lock\.([0-9]{1,15})$/;
/** Rivals that start at the same time: each round one of them wins. */
const ROUNDS_MAX = 5;

/** Who holds a lock. A process id alone may have been given to another process since. */
interface Owner {
  pid: number;
  /** Start of the process in the kernel's ticks since boot; empty where /proc is missing. */
  start: string;
  boot: string;
}

/** The state directory is in use. */
export class StateDirBusyError extends Error {
  readonly pid: number;

  constructor(dir: string, pid: number) {
    super(`state directory ${dir} is in use by process ${pid}`);
    this.name = 'StateDirBusyError';
    this.pid = pid;
  }
}

/** Held until it is disposed or the process ends, however it ends. */
export type StateLock = AsyncDisposable;

/** Takes the state directory for this process. Throws StateDirBusyError when another has it. */
export async function openStateLock(dir: string): Promise<StateLock> {
  const self: Owner = { pid: process.pid, ...(await incarnationOf(process.pid)) };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const highest = Math.max(0, ...(await lockNumbers(dir)));
    const owner = highest === 0 ? undefined : await readOwner(dir, highest);
    if (owner && (await isAlive(owner))) throw new StateDirBusyError(dir, owner.pid);
    const mine = highest + 1;
    if (!(await createExclusively(dir, mine, JSON.stringify(self)))) continue;
    const numbers = await lockNumbers(dir);
    if (Math.max(...numbers) !== mine) {
      await removeFile(dir, fileName(mine));
      continue;
    }
    for (const old of numbers) if (old < mine) await removeFile(dir, fileName(old));
    return { [Symbol.asyncDispose]: () => replaceFile(dir, fileName(mine), 'released') };
  }
  throw new StateDirBusyError(dir, 0);
}

const fileName = (number: number): string => `lock.${number}`;

async function lockNumbers(dir: string): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of await readdir(dir)) {
    const match = LOCK_FILE.exec(name);
    if (match) numbers.push(Number(match[1]));
  }
  return numbers;
}

/** Creates the file with its content in one step; false when it is there already. */
async function createExclusively(dir: string, number: number, content: string): Promise<boolean> {
  const draft = join(dir, `.lock-${randomBytes(8).toString('hex')}`);
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, join(dir, fileName(number)));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The owner that a lock names; undefined when it was released, or is gone or unreadable. */
async function readOwner(dir: string, number: number): Promise<Owner | undefined> {
  try {
    const body: unknown = JSON.parse(await readFile(join(dir, fileName(number)), 'utf8'));
    const { pid, start, boot } = body as Partial<Owner>;
    if (typeof pid !== 'number' || pid <= 0) return undefined;
    return { pid, start: String(start), boot: String(boot) };
  } catch {
    return undefined;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = await incarnationOf(owner.pid);
  return now.start === owner.start && now.boot === owner.boot;
}

/** What tells a process from a later one with the same id. */
async function incarnationOf(pid: number): Promise<Omit<Owner, 'pid'>> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: only its parent has not asked yet. The state is field 3, the start 22.
    const start = fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? '');
    return { start, boot: (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim() };
  } catch {
    return { start: '', boot: '' };
  }
}
