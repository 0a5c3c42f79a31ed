import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, makeDir, readRegularFile, removeFile, replaceFile } from '#libs/files';
import { DriverError } from '../driver.ts';
import { configLabel } from './ingress-object.ts';

const record = z.object({
  id: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Of the config's content. */
  hash: z.string(),
  /** Of the object as it stood when it was applied. */
  digest: z.string(),
  marks: z.object({
    labels: z.array(z.string()).readonly(),
    annotations: z.array(z.string()).readonly(),
  }),
});

/** What was applied, and how the API server answered: the measure of later changes by others. */
export type AppliedRecord = z.infer<typeof record>;

/**
 * A file for each config. One that is lost or cannot be read only means that the config is applied
 * again.
 */
export class AppliedRecords {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async read(id: string): Promise<AppliedRecord | undefined> {
    const bytes = await onDisk('read', () => readRegularFile(join(this.#dir, fileOf(id))));
    if (!bytes) return undefined;
    try {
      const found = record.parse(JSON.parse(bytes.toString()));
      return found.id === id ? found : undefined;
    } catch {
      return undefined;
    }
  }

  /** Durable when it resolves. */
  async write(applied: AppliedRecord): Promise<void> {
    await onDisk('write', async () => {
      await makeDir(this.#dir);
      await replaceFile(this.#dir, fileOf(applied.id), JSON.stringify(applied));
    });
  }

  async remove(id: string): Promise<void> {
    await onDisk('remove', async () => {
      await makeDir(this.#dir);
      await removeFile(this.#dir, fileOf(id));
    });
  }
}

/** Ids may be longer than the names of files. */
function fileOf(id: string): string {
  return `${configLabel(id)}.json`;
}

async function onDisk<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error) || 'IO_ERROR';
    const message = `cannot ${what} the record of what was applied: ${code}`;
    throw new DriverError('retry', code, message, { cause: error });
  }
}
