import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode, type FileAccess, readRegularFile, removeFile, replaceFile } from '#libs/files';
import { isConfigId } from '#libs/keyspace';
import { contentHash, type Driver, type DriverConfig, DriverError } from '../driver.ts';
import { guarded, type Home, openHome } from './home.ts';

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
  return new FileDriver(await openHome(dir), access);
}

class FileDriver implements Driver {
  readonly name = 'file';
  readonly #home: Home;
  readonly #access: FileAccess;

  constructor(home: Home, access: FileAccess) {
    this.#home = home;
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
    await guarded(`write ${id}${SUFFIX}`, async () => {
      await this.#home.check();
      await replaceFile(this.#home.dir, this.#nameOf(id), content, this.#access);
    });
  }

  async remove(id: string): Promise<void> {
    await guarded(`remove ${id}${SUFFIX}`, async () => {
      await this.#home.check();
      await removeFile(this.#home.dir, this.#nameOf(id));
    });
  }

  async verify({ id, content }: DriverConfig) {
    const bytes = await guarded(`read ${id}${SUFFIX}`, () =>
      readRegularFile(join(this.#home.dir, this.#nameOf(id))),
    );
    if (!bytes?.equals(Buffer.from(content))) {
      throw new DriverError('retry', 'NOT_IN_FORCE', 'the file holds something else');
    }
    return { level: 'APPLIED', method: 'file' } as const;
  }

  async *list(signal: AbortSignal) {
    const names = await guarded('list files', async () => {
      await this.#home.check();
      return await readdir(this.#home.dir);
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
      const bytes = await readRegularFile(join(this.#home.dir, name));
      return bytes === undefined ? '' : contentHash(bytes);
    } catch (error) {
      return `unreadable: ${errorCode(error)}`;
    }
  }

  /** Names come from outside: the path must still lead into the directory. */
  #nameOf(id: string): string {
    const path = resolve(this.#home.dir, id + SUFFIX);
    if (dirname(path) !== this.#home.dir) {
      throw new DriverError('rejected', 'BAD_ID', 'the id leads out of the directory');
    }
    return id + SUFFIX;
  }
}
