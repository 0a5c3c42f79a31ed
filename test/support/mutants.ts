// Sources with one rule broken, to show that a test bench would notice. A mutant is a piece of text
// that stands exactly once in one source and is replaced when that source is loaded; the sources on
// disk stay as they are, and the unbroken modules stay loaded beside the broken ones.

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One rule, broken. */
export interface Mutant {
  /** The broken rule, in words. */
  readonly name: string;
  /** Path in the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The mutant says nothing about today's source: it has to be written anew. */
export class StaleMutantError extends Error {
  constructor({ name, file }: Mutant, why: string) {
    super(`mutant "${name}" of ${file}: ${why}`);
    this.name = 'StaleMutantError';
  }
}

interface Loading {
  readonly mutant: Mutant;
  readonly url: string;
  readonly within: readonly string[];
  isLoaded: boolean;
}

const root = join(import.meta.dirname, '../..');
const PARAMETER = 'mutant';
const loadings = new Map<string, Loading>();
let hooks: ReturnType<typeof registerHooks> | undefined;

/** Throws StaleMutantError when the mutant's text is not in its source exactly once. */
export function assertFresh(mutant: Mutant): void {
  const source = readFileSync(join(root, mutant.file), 'utf8');
  const count = source.split(mutant.find).length - 1;
  if (count !== 1) throw new StaleMutantError(mutant, `its text stands there ${count} times`);
}

/**
 * Imports `entry` (a path in the repository) with the mutant in everything that it imports from
 * `within`: those modules are loaded once more, the others are shared. Throws StaleMutantError when
 * the text is not there exactly once, or the entry does not lead to the file.
 */
export async function importMutant(
  entry: string,
  mutant: Mutant,
  within: readonly string[] = ['services/'],
): Promise<unknown> {
  assertFresh(mutant);
  hooks ??= installHooks();
  const id = String(loadings.size);
  const loading = {
    ...{ mutant, url: pathToFileURL(join(root, mutant.file)).href, isLoaded: false },
    within: within.map((folder) => pathToFileURL(join(root, folder)).href),
  };
  loadings.set(id, loading);
  const loaded: unknown = await import(
    `${pathToFileURL(join(root, entry)).href}?${PARAMETER}=${id}`
  );
  if (!loading.isLoaded) throw new StaleMutantError(mutant, `${entry} does not lead to it`);
  return loaded;
}

function installHooks() {
  return registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const id = idOf(context.parentURL);
      const loading = id === undefined ? undefined : loadings.get(id);
      if (!loading?.within.some((folder) => resolved.url.startsWith(folder))) return resolved;
      return { ...resolved, url: `${resolved.url}?${PARAMETER}=${id}` };
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const loading = loadings.get(idOf(url) ?? '');
      if (!loading || url.split('?')[0] !== loading.url || !loaded.source) return loaded;
      loading.isLoaded = true;
      const { find, replace } = loading.mutant;
      const text = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      return { ...loaded, source: text.split(find).join(replace) };
    },
  });
}

function idOf(url: string | undefined): string | undefined {
  if (!url?.includes(`?${PARAMETER}=`)) return undefined;
  return new URL(url).searchParams.get(PARAMETER) ?? undefined;
}
