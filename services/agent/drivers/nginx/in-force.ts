import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readRegularFile, removeFile, replaceFile } from '#libs/files';
import { isConfigId } from '#libs/keyspace';
import { type DriverConfig, DriverError } from '../driver.ts';

const SUFFIX = '.json';
/** Longest file name that Linux file systems take. */
const ID_BYTES_MAX = 255 - SUFFIX.length;

/** What is kept of a config in force: enough to render it again. */
export type Kept = Pick<DriverConfig, 'id' | 'content' | 'generation' | 'createdAt'>;

const kept = z.object({ content: z.string(), generation: z.int(), createdAt: z.string() });

/** Throws a DriverError for an id that cannot name a record. */
export function checkId(id: string): void {
  if (!isConfigId(id) || Buffer.byteLength(id) > ID_BYTES_MAX) {
    throw new DriverError('rejected', 'BAD_ID', 'the id cannot be the name of a file');
  }
}

/** Notes durably that this version is in force. */
export async function keep(dir: string, { id, ...version }: Kept): Promise<void> {
  const { content, generation, createdAt } = version;
  await replaceFile(dir, id + SUFFIX, JSON.stringify({ content, generation, createdAt }));
}

/** Notes durably that no version is in force. */
export async function forget(dir: string, id: string): Promise<void> {
  await removeFile(dir, id + SUFFIX);
}

/** What was noted, by id. What cannot be read is left out: it is put in force anew. */
export async function readKept(dir: string): Promise<Map<string, Kept>> {
  const all = new Map<string, Kept>();
  for (const name of await readdir(dir)) {
    const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
    if (!isConfigId(id)) continue;
    const found = await readOne(dir, id);
    if (found) all.set(id, found);
  }
  return all;
}

/** What was noted of one config; undefined when there is nothing that can be read. */
export async function readOne(dir: string, id: string): Promise<Kept | undefined> {
  const found = parsed(await readRegularFile(join(dir, id + SUFFIX)).catch(() => undefined));
  return found && { id, ...found };
}

function parsed(bytes: Buffer | undefined) {
  try {
    return kept.safeParse(JSON.parse(bytes?.toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}
