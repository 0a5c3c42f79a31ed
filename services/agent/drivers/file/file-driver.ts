import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  errorCode,
  type FileAccess,
  makeDir,
  readRegularFile,
  removeFile,
  removeTemporaries,
  replaceFile,
} from '#libs/files';
import { isConfigId } from '#libs/keyspace';
import { contentHash, type Driver, type DriverConfig, DriverError } from '../driver.ts';

const SUFFIX = '.json';
/** Longest file name that Linux file systems take. */
const FILE_NAME_BYTES_MAX = 255;

export interface FileDriverOptions {
  /** Directory of the files, made when missing. It belongs to the driver alone. */
  dir: string;
  /** Of each file. A change of it reaches a file with its next version. */
  access?: FileAccess;
}

/**
 * Opens the driver that keeps each config as `<dir>/<id>.json`: the bytes of its canonical JSON. Each
 * file is replaced as a whole and is durable when `apply` resolves.
 */
export async function openFileDriver({ dir, access = {} }: FileDriverOptions): Promise<Driver> {
  await makeDir(dir);
  const home = await realpath(dir);
  await removeTemporaries(home);
  return new FileDriver(home, access);
}

class FileDriver implements Driver {
  readonly name = 'file';
  readonly #dir: string;
  readonly #access: FileAccess;

  constructor(dir: string, access: FileAccess) {
    this.#dir = dir;
    this.#access = access;
  }

  async validate({ id }: DriverConfig): Promise<void> {
    if (!isConfigId(id)) {
      throw new DriverError('rejected', 'BAD_ID', 'the id cannot be the name of a file');
    }
    if (Buffer.byteLength(id + SUFFIX) > FILE_NAME_BYTES_MAX) {
      const max = FILE_NAME_BYTES_MAX - SUFFIX.length;
      throw new DriverError('rejected', 'ID_TOO_LONG', `a file's name has room for ${max} bytes`);
    }
  }

  async apply({ id, content }: DriverConfig): Promise<void> {
    await this.#guarded(`write ${id}${SUFFIX}`, async () => {
      await this.#checkHome();
      await replaceFile(this.#dir, this.#nameOf(id), content, this.#access);
    });
  }

  async remove(id: string): Promise<void> {
    await this.#guarded(`remove ${id}${SUFFIX}`, async () => {
      await this.#checkHome();
      await removeFile(this.#dir, this.#nameOf(id));
    });
  }

  async verify({ id, content }: DriverConfig) {
    const bytes = await this.#guarded(`read ${id}${SUFFIX}`, () =>
      readRegularFile(join(this.#dir, this.#nameOf(id))),
    );
    if (!bytes?.equals(Buffer.from(content))) {
      throw new DriverError('retry', 'NOT_IN_FORCE', 'the file holds something else');
    }
    return { level: 'APPLIED', method: 'file' } as const;
  }

  async *list(signal: AbortSignal) {
    const names = await this.#guarded('list files', async () => {
      await this.#checkHome();
      return await readdir(this.#dir);
    });
    for (const name of names) {
      signal.throwIfAborted();
      const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
      if (isConfigId(id)) yield { id, hash: await this.#hashOf(name) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held open between calls.
  }

  /** A file that cannot be read as ours, such as a link, is not what was applied. */
  async #hashOf(name: string): Promise<string> {
    try {
      const bytes = await readRegularFile(join(this.#dir, name));
      return bytes === undefined ? '' : contentHash(bytes);
    } catch (error) {
      return `unreadable: ${errorCode(error)}`;
    }
  }

  /** Names come from outside: the path must still lead into the directory. */
  #nameOf(id: string): string {
    const path = resolve(this.#dir, id + SUFFIX);
    if (dirname(path) !== this.#dir) {
      throw new DriverError('rejected', 'BAD_ID', 'the id leads out of the directory');
    }
    return id + SUFFIX;
  }

  /** Somebody may have removed the directory since it was opened, or put a link in its place. */
  async #checkHome(): Promise<void> {
    await makeDir(this.#dir);
    if ((await realpath(this.#dir)) !== this.#dir) {
      throw new DriverError('retry', 'DIR_MOVED', 'the directory now leads somewhere else');
    }
  }

  async #guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DriverError) throw error;
      const code = errorCode(error) || 'IO_ERROR';
      throw new DriverError('retry', code, `cannot ${what}: ${code}`, { cause: error });
    }
  }
}
