import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const TEMPORARY_PREFIX = '.tmp-';

/** Makes `dir` and its parents, readable by its owner only. */
export async function makeDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
}

/** Who may read a new file. Absent parts: its owner alone, this process's user and group. */
export interface FileAccess {
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * Replaces `dir/name` as a whole: after a crash at any point there is the old content or the new one.
 * Durable when it resolves. A link under that name is replaced, never followed.
 */
export async function replaceFile(
  dir: string,
  name: string,
  content: string,
  access: FileAccess = {},
): Promise<void> {
  const temporary = join(dir, `${TEMPORARY_PREFIX}${randomBytes(8).toString('hex')}`);
  try {
    await writeNew(temporary, content, access);
    await rename(temporary, join(dir, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDir(dir);
}

/** Removes `dir/name` durably; a missing file is no error. */
export async function removeFile(dir: string, name: string): Promise<void> {
  await rm(join(dir, name), { force: true });
  await syncDir(dir);
}

/** Removes what writers that died left behind in `dir`. */
export async function removeTemporaries(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name.startsWith(TEMPORARY_PREFIX)) await rm(join(dir, name), { force: true });
  }
}

/** Makes renames and removals in `dir` durable. */
export async function syncDir(dir: string): Promise<void> {
  await using handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync();
}

/** The bytes of a regular file, or undefined when there is none. A link is not followed: ELOOP. */
export async function readRegularFile(path: string): Promise<Buffer | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The system's code of a failure, such as ENOSPC; empty for anything else. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

async function writeNew(
  path: string,
  content: string,
  { mode, uid, gid }: FileAccess,
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  await using handle = await open(path, flags, 0o600);
  await handle.writeFile(content);
  // The system takes -1 for "as it is". A change of the owner clears bits of the mode: that is last.
  if (uid !== undefined || gid !== undefined) await handle.chown(uid ?? -1, gid ?? -1);
  if (mode !== undefined) await handle.chmod(mode);
  await handle.sync();
}
