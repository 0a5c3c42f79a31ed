import { RpcError } from '#libs/grpc';
import { mapBounded } from '#libs/lifecycle';
import type { Completion } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import { RECEIPT_HEADER, receiptEntry } from '../output/receipt-words.ts';
import { COMPLETION_HEADER, completionEntry } from '../output/words.ts';
import { everyPage } from '../pages.ts';
import { parseEnvs, parseRef, type Ref, usage } from '../refs.ts';
import { waitForGoals } from '../rollout-wait.ts';
import { failureLines } from './configs.ts';

const CALLS_MAX = 32;

/** Shows where configs stand, and who blocks. */
export async function status(
  context: CommandContext,
  names: readonly string[],
  options: { env?: string },
): Promise<ExitCode> {
  const results = await completionsOf(context, names, options);
  const completions = results.flatMap((result) => ('failure' in result ? [] : result.completions));
  const missing = results.flatMap((result) => ('failure' in result ? [result] : []));
  context.print.list(COMPLETION_HEADER, completions.map(completionEntry), 'there is no config');
  if (missing.length === 0) return EXIT.DONE;
  const details = missing.flatMap(failureLines);
  throw new CliError(`${missing.length} of ${results.length} are not there`, { details });
}

type Told = { readonly completions: readonly Completion[] } | { ref: Ref; failure: RpcError };

/** One for each config that was asked for; of several, one that is not there does not hide the others. */
async function completionsOf(
  { services, signal }: CommandContext,
  names: readonly string[],
  { env }: { env?: string },
): Promise<Told[]> {
  const list = async (of: { env: string; id: string }) =>
    await everyPage(async (pageToken) => {
      const answer = await services
        .aggregator()
        .ask((client) =>
          client.call('ListCompletions', { ...of, pageSize: 1000, pageToken }, { signal }),
        );
      return { items: answer.completions, next: answer.nextPageToken };
    });
  const envs = env === undefined ? ['-'] : parseEnvs(env);
  if (names.length === 0) {
    const pages = await mapBounded(envs, CALLS_MAX, (of) => list({ env: of, id: '' }));
    return pages.map((completions) => ({ completions }));
  }
  // A single name without an environment is that config everywhere.
  const refs = names.flatMap((name) =>
    name.includes('/')
      ? [parseRef(name, undefined)]
      : envs.map((of) => ({ env: of, id: parseRef(`x/${name}`, undefined).id })),
  );
  const get = async (ref: Ref) => {
    const { completion } = await services
      .aggregator()
      .ask((client) => client.call('GetCompletion', ref, { signal }));
    return completion ? [completion] : [];
  };
  return await mapBounded(refs, CALLS_MAX, async (ref): Promise<Told> => {
    try {
      return { completions: ref.env === '-' ? await list(ref) : await get(ref) };
    } catch (failure) {
      const isMissing = failure instanceof RpcError && failure.codeName === 'NOT_FOUND';
      if (!isMissing || refs.length === 1) throw failure;
      return { ref, failure };
    }
  });
}

/** Lists receipts: what was complete, or gone, once. */
export async function receipts(
  { services, print, signal }: CommandContext,
  names: readonly string[],
  options: { env?: string },
): Promise<ExitCode> {
  const envs = options.env === undefined ? ['-'] : parseEnvs(options.env);
  const asked =
    names.length === 0
      ? envs.map((env) => ({ env, id: '' }))
      : names.map((name) => parseRef(name, options.env));
  const pages = await mapBounded(asked, CALLS_MAX, (of) =>
    everyPage(async (pageToken) => {
      const answer = await services
        .aggregator()
        .ask((client) =>
          client.call('ListReceipts', { ...of, pageSize: 1000, pageToken }, { signal }),
        );
      return { items: answer.receipts, next: answer.nextPageToken };
    }),
  );
  print.list(RECEIPT_HEADER, pages.flat().map(receiptEntry), 'there is no receipt');
  return EXIT.DONE;
}

export interface WaitCommandOptions {
  env?: string;
  generation: number;
  for: string;
  timeout: number;
  exceptions: boolean;
}

/** Waits until configs are complete, or deleted. */
export async function wait(
  context: CommandContext,
  names: readonly string[],
  options: WaitCommandOptions,
): Promise<ExitCode> {
  const { generation } = options;
  if (names.length > 1 && generation > 0) throw usage('--generation goes with one config');
  const goals = names.map((name) => ({
    ...parseRef(name, options.env),
    ...{ generation, after: null, deleted: options.for === 'deleted' },
  }));
  return await waitForGoals(context, goals, {
    timeoutMs: options.timeout * 1000,
    acceptExceptions: options.exceptions,
  });
}
