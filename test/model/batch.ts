import { importMutant, type Mutant } from '#test/mutants';
import * as production from './production.ts';
import { type Found, runOnce } from './run.ts';
import type { Production } from './world.ts';

/** Runs of consecutive seeds, of the product or of a mutant. */
export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly mutant?: Mutant;
}

/** How a batch went: up to the first run that broke a promise. */
export interface BatchResult {
  readonly runs: number;
  readonly found: Found | undefined;
}

/** Runs a batch in this process. */
export async function runBatch({ from, count, mutant }: Batch): Promise<BatchResult> {
  const code = mutant ? await broken(mutant) : production;
  // Thousands of errors are part of every run, and nobody reads where they come from.
  Error.stackTraceLimit = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const found = await runOnce(code, seed);
    if (found) return { runs: seed - from + 1, found };
  }
  return { runs: count, found: undefined };
}

/** The product with one rule broken. */
export async function broken(mutant: Mutant): Promise<Production> {
  return (await importMutant('test/model/production.ts', mutant, [
    'services/',
    'libs/etcd/',
    'test/model/production.ts',
  ])) as Production;
}
