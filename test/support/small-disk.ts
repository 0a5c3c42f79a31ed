// A file system of its own that a test can fill. It takes the right to mount one.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(64 * 1024, 1);
const FILLER = 'filler';

/** A small file system. Disposal removes it. */
export interface SmallDisk extends AsyncDisposable {
  /** A folder on it. */
  readonly dir: string;
  /** Leaves no more than so many bytes. */
  fill(leaveBytes?: number): Promise<void>;
  /** Gives the space back. */
  free(): Promise<void>;
}

/** Undefined: this machine does not let us mount one. */
export async function openSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const mount = await mkdtemp(join(tmpdir(), 'rollcall-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mount]);
  } catch {
    await rm(mount, { recursive: true });
    return undefined;
  }
  const dir = join(mount, 'data');
  await mkdir(dir);
  return {
    dir,
    fill: async (leaveBytes = 0) => await fill(mount, leaveBytes),
    free: async () => await rm(join(mount, FILLER), { force: true }),
    [Symbol.asyncDispose]: async () => {
      // A process that has just died may still hold it.
      await run('umount', ['--lazy', mount]);
      await rm(mount, { recursive: true });
    },
  };
}

/**
 * Makes a folder read-only, for the superuser as well; files that are open stay as they are. Disposal
 * ends that. Undefined: this machine does not let us mount.
 */
export async function makeReadOnly(dir: string): Promise<AsyncDisposable | undefined> {
  try {
    await run('mount', ['--bind', dir, dir]);
  } catch {
    return undefined;
  }
  await run('mount', ['-o', 'remount,bind,ro', dir]);
  return {
    [Symbol.asyncDispose]: async () => {
      await run('umount', ['--lazy', dir]);
    },
  };
}

async function fill(mount: string, leaveBytes: number): Promise<void> {
  await using file = await open(join(mount, FILLER), 'a');
  for (;;) {
    const { bavail, bsize } = await statfs(mount);
    const left = bavail * bsize - leaveBytes;
    if (left <= 0) return;
    await file.appendFile(CHUNK.subarray(0, Math.min(left, CHUNK.length)));
  }
}
