import { type Stats, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Document, parseAllDocuments, visit } from 'yaml';
import { isObject, type JsonObject } from '#libs/keyspace';
import { CliError, EXIT } from './exit-codes.ts';
import { jsonNumber } from './json-number.ts';

/** One config to apply. */
export interface ConfigDocument {
  /** File and place in it, for messages. */
  readonly source: string;
  /** `<namespace>.<name>` of a manifest; undefined when it names neither. */
  readonly id: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** JSON with every number as it was written: the server says which it cannot keep. */
  readonly json: string;
}

/** One config may have 1 MiB in etcd; a file with many of them still fits. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** A folder with more is a mistake, such as a home folder. */
const FILES_MAX = 10_000;
/** Aliases may grow a document without end. */
const ALIASES_MAX = 100;
const ENDINGS = ['.yaml', '.yml', '.json'];
const STDIN = '-';

/**
 * The documents of a file, of the YAML and JSON files of a folder and the folders in it (in order of
 * their names), or of standard input for `-`. Throws CliError naming file and document.
 */
export async function readDocuments(path: string, stdin: Readable): Promise<ConfigDocument[]> {
  if (path === STDIN) return parseDocuments('standard input', await readAll(stdin));
  const files = await filesOf(path);
  const documents: ConfigDocument[] = [];
  for (const file of files) documents.push(...parseDocuments(file, await readText(file)));
  if (documents.length === 0) throw new CliError(`${path}: there is no document in it`);
  return documents;
}

/** The documents of one text. Empty documents are left out. */
export function parseDocuments(source: string, text: string): ConfigDocument[] {
  const parsed = parseAllDocuments(text);
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.flatMap((document, index) => {
    const place = documents.length > 1 ? `${source}, document ${index + 1}` : source;
    const [error] = document.errors;
    if (error) throw new CliError(`${place}: ${firstLine(error.message)}`);
    const json = toJson(document, place);
    const value: unknown = JSON.parse(json);
    if (value === null) return [];
    if (!isObject(value)) throw new CliError(`${place}: must be an object`);
    const metadata = isObject(value['metadata']) ? value['metadata'] : {};
    return [documentOf(place, metadata, json)];
  });
}

function documentOf(source: string, metadata: JsonObject, json: string): ConfigDocument {
  const { name, namespace = 'default', labels } = metadata;
  const id =
    typeof name === 'string' && typeof namespace === 'string' ? `${namespace}.${name}` : undefined;
  return { source, id, labels: labelsOf(labels), json };
}

function labelsOf(labels: unknown): Record<string, string> {
  if (!isObject(labels)) return {};
  return Object.fromEntries(
    Object.entries(labels).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** What YAML has beyond JSON, such as dates and keys that are no texts, becomes JSON or an error. */
function toJson(document: Document.Parsed, source: string): string {
  try {
    visit(document, {
      Scalar: (at, node) => {
        if (at !== 'key' && typeof node.value === 'number') node.value = jsonNumber(node);
      },
    });
    return JSON.stringify(document.toJS({ maxAliasCount: ALIASES_MAX })) ?? 'null';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(`${source}: ${firstLine(message)}`);
  }
}

async function filesOf(path: string): Promise<string[]> {
  if (!statOf(path).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && ENDINGS.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1));
  if (files.length > FILES_MAX) throw new CliError(`${path}: has more than ${FILES_MAX} files`);
  if (files.length === 0) throw wrongPath(path, `has no ${ENDINGS.join(', ')} file`);
  return files;
}

async function readText(file: string): Promise<string> {
  if (statOf(file).size > FILE_BYTES_MAX) {
    throw new CliError(`${file}: is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB`);
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function readAll(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FILE_BYTES_MAX) throw new CliError('standard input: is too large');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException;
  return wrongPath(path, code === 'ENOENT' ? 'does not exist' : (code ?? 'unreadable'));
}

function wrongPath(path: string, problem: string): CliError {
  const details = ['give a file, a folder with YAML or JSON files, or - for standard input'];
  return new CliError(`${path}: ${problem}`, { code: EXIT.USAGE, details });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
