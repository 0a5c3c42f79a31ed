import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { mapBounded } from '#libs/lifecycle';
import type { IngressConfig } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError } from '../exit-codes.ts';
import { everyPage } from '../pages.ts';
import { deleteOne } from './configs.ts';

const CALLS_MAX = 32;
/** Configs named before the question; the rest is a number. */
const NAMED_MAX = 20;

export interface PruneQuery {
  readonly envs: readonly string[];
  /** Every one of them must be carried by what is pruned. Never empty. */
  readonly labels: Readonly<Record<string, string>>;
  /** Ids that stay. */
  readonly kept: ReadonlySet<string>;
}

/** The configs that carry the labels and are not among those that stay. */
export async function findPruned(
  { services, signal }: CommandContext,
  { envs, labels, kept }: PruneQuery,
): Promise<IngressConfig[]> {
  const pages = await mapBounded(envs, CALLS_MAX, (env) =>
    everyPage(async (pageToken) => {
      const request = { env, labels, pageSize: 1000, pageToken };
      const answer = await services
        .controller()
        .ask((client) => client.call('ListIngressConfigs', request, { signal }));
      return { items: answer.configs, next: answer.nextPageToken };
    }),
  );
  return pages.flat().filter(({ id }) => !kept.has(id));
}

/** Asks the person at the terminal. Throws CliError without a yes, or without a person to ask. */
export async function confirmPrune(
  { note, stdin, signal }: CommandContext,
  pruned: readonly IngressConfig[],
): Promise<void> {
  const names = pruned.slice(0, NAMED_MAX).map(({ env, id }) => `  ${env}/${id}`);
  const more = pruned.length - names.length;
  for (const name of [...names, ...(more > 0 ? [`  and ${more} more`] : [])]) note(name);
  if (!(stdin as Readable & { isTTY?: boolean }).isTTY) {
    throw new CliError(`--prune would delete ${pruned.length}: nothing was changed`, {
      details: ['without a terminal to ask on, --yes says that this is meant'],
    });
  }
  note(`delete these ${pruned.length}? type yes`);
  if ((await lineOf(stdin, signal)).trim() !== 'yes') throw new CliError('nothing was changed');
}

/** Deletes them as they were found: what changed meanwhile stays, and is told as a failure. */
export async function prune(
  context: CommandContext,
  pruned: readonly IngressConfig[],
  note: string,
): Promise<Awaited<ReturnType<typeof deleteOne>>[]> {
  return await mapBounded(pruned, CALLS_MAX, ({ env, id, generation }) =>
    deleteOne(context, { env, id }, { note, expectedGeneration: generation }),
  );
}

/** The first line; empty when there is none. */
async function lineOf(input: Readable, signal: AbortSignal): Promise<string> {
  using lines = createInterface({ input, signal });
  for await (const line of lines) return line;
  return '';
}
