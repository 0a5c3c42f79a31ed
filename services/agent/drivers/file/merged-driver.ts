import { join } from 'node:path';
import { errorCode, type FileAccess, readRegularFile, replaceFile } from '#libs/files';
import { isConfigId } from '#libs/keyspace';
import { contentHash, type Driver, type DriverConfig, DriverError } from '../driver.ts';
import { guarded, type Home, openHome } from './home.ts';
import { entriesFrom, entryBytes, mergedText } from './merged-text.ts';
import { SharedRun } from './shared-run.ts';

/** The one file. */
export const MERGED_FILE = 'configs.json';
/** Longest file: it is written whole, and read whole by whoever uses it. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** Configs that share one write when many come at once. */
const CONCURRENCY = 64;

export interface MergedDriverOptions {
  /** Directory of the file, made when missing. It belongs to the driver alone. */
  dir: string;
  access?: FileAccess;
  fileBytesMax?: number;
}

/** Undefined content: the config goes. */
interface Change {
  readonly id: string;
  readonly content: string | undefined;
}

/**
 * Opens the driver that keeps all configs in `<dir>/configs.json`, an object of them by id. The file is
 * replaced as a whole; changes that come together are one replacement.
 */
export async function openMergedDriver(options: MergedDriverOptions): Promise<Driver> {
  const home = await openHome(options.dir);
  return new MergedDriver(home, options, await readEntries(home.dir));
}

class MergedDriver implements Driver {
  readonly name = 'file';
  readonly concurrency = CONCURRENCY;
  readonly #home: Home;
  readonly #access: FileAccess;
  readonly #fileBytesMax: number;
  readonly #writing = new SharedRun(() => this.#write());
  readonly #reading = new SharedRun(() => this.#read());
  /** What was written last, or found at the beginning: what others did to the file does not last. */
  #entries: ReadonlyMap<string, string>;
  #changes: Change[] = [];

  constructor(home: Home, options: MergedDriverOptions, entries: ReadonlyMap<string, string>) {
    this.#home = home;
    this.#access = options.access ?? {};
    this.#fileBytesMax = options.fileBytesMax ?? FILE_BYTES_MAX;
    this.#entries = entries;
  }

  async validate({ id }: DriverConfig): Promise<void> {
    if (isConfigId(id)) return;
    throw new DriverError('rejected', 'BAD_ID', 'this cannot be the id of a config');
  }

  async apply(config: DriverConfig): Promise<void> {
    await this.validate(config);
    await this.#change(config);
  }

  async remove(id: string): Promise<void> {
    await this.#change({ id, content: undefined });
  }

  async verify({ id, content }: DriverConfig) {
    const entries = await guarded(`read ${MERGED_FILE}`, () => this.#reading.ask());
    if (entries.get(id) !== content) {
      throw new DriverError('retry', 'NOT_IN_FORCE', 'the file holds something else');
    }
    return { level: 'APPLIED', method: 'merged file' } as const;
  }

  async *list(signal: AbortSignal) {
    const entries = await guarded(`read ${MERGED_FILE}`, () => this.#reading.ask());
    for (const [id, content] of entries) {
      signal.throwIfAborted();
      yield { id, hash: contentHash(content) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held open between calls.
  }

  async #change(change: Change): Promise<void> {
    this.#changes.push(change);
    const refused = await guarded(`write ${MERGED_FILE}`, () => this.#writing.ask());
    if (!refused.has(change)) return;
    const message = `the file would be longer than ${this.#fileBytesMax} bytes`;
    throw new DriverError('retry', 'FILE_TOO_LONG', message);
  }

  /** Writes all changes that wait, but for those that do not fit; answers these. */
  async #write(): Promise<ReadonlySet<Change>> {
    const changes = this.#changes;
    this.#changes = [];
    await this.#home.check();
    const entries = new Map(this.#entries);
    const refused = new Set<Change>();
    let bytes = 0;
    for (const [id, content] of entries) bytes += entryBytes(id, content);
    for (const change of changes) {
      const { id, content } = change;
      const before = entries.get(id);
      const more = content === undefined ? 0 : entryBytes(id, content);
      const less = before === undefined ? 0 : entryBytes(id, before);
      if (more > less && bytes + more - less > this.#fileBytesMax) {
        refused.add(change);
        continue;
      }
      bytes += more - less;
      if (content === undefined) entries.delete(id);
      else entries.set(id, content);
    }
    await replaceFile(this.#home.dir, MERGED_FILE, mergedText(entries), this.#access);
    this.#entries = entries;
    return refused;
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    await this.#home.check();
    return await readEntries(this.#home.dir);
  }
}

/** What the file holds; nothing when it is not ours, such as a link. */
async function readEntries(dir: string): Promise<ReadonlyMap<string, string>> {
  try {
    const bytes = await readRegularFile(join(dir, MERGED_FILE));
    return bytes === undefined ? new Map() : entriesFrom(bytes.toString());
  } catch (error) {
    if (errorCode(error) === 'ELOOP') return new Map();
    throw error;
  }
}
