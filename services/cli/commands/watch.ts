import { type GrpcClient, RpcError } from '#libs/grpc';
import { isAbortError, sleep } from '#libs/lifecycle';
import type { StatusAggregatorDefinition, WatchCompletionsResponse } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { COMPLETION_HEADER, completionEntry, plainCompletion } from '../output/words.ts';
import { parseEnvs, parseRef, usage } from '../refs.ts';

/** Between two calls while no aggregator answers. */
const RETRY_MS = 500;

/**
 * Prints where configs stand, and then each change, until Ctrl-C. For programs one JSON object in each
 * line. A stream that breaks is taken up again where it was.
 */
export async function watchStatus(
  context: CommandContext,
  names: readonly string[],
  options: { env?: string },
): Promise<ExitCode> {
  const { services, print, signal } = context;
  if (print.format === 'yaml') throw usage('--watch prints a table, or one JSON object a line');
  const query = queryOf(names, options);
  if (print.format === 'table') print.lines([COMPLETION_HEADER.join('  ')]);
  let resumeToken = '';
  while (!signal.aborted) {
    try {
      const follow = async (client: GrpcClient<StatusAggregatorDefinition>) => {
        const request = { ...query, resumeToken };
        for await (const message of client.stream('WatchCompletions', request, { signal })) {
          if (message.resumeToken !== '') resumeToken = message.resumeToken;
          show(context, message);
        }
      };
      // However long there is no aggregator: the next one goes on from the token.
      await services.aggregator().ask(follow, Number.POSITIVE_INFINITY);
    } catch (error) {
      if (signal.aborted || isAbortError(error)) break;
      if (!isPassing(error)) throw error;
      await sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
  return EXIT.INTERRUPTED;
}

/** The stream has had its hour, or we read too slowly. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return error.codeName === 'DEADLINE_EXCEEDED' || error.reason === 'SLOW_READER';
}

function queryOf(names: readonly string[], { env }: { env?: string }): { env: string; id: string } {
  const envs = env === undefined ? ['-'] : parseEnvs(env);
  const [name] = names;
  if (envs.length > 1 || names.length > 1) {
    throw usage('--watch takes one environment and one config, or all');
  }
  const [only = '-'] = envs;
  if (name === undefined) return { env: only, id: '' };
  if (name.includes('/')) return parseRef(name, env);
  return { env: only, id: parseRef(`x/${name}`, undefined).id };
}

function show({ print, note }: CommandContext, message: WatchCompletionsResponse): void {
  const { type, completion, unknownReason } = message;
  switch (type) {
    case 'TYPE_VIEW':
      if (unknownReason !== '') note(`nothing is known for certain: ${unknownReason}`);
      return;
    case 'TYPE_REMOVED':
      if (print.format === 'table') print.lines([`${completion?.env}  ${completion?.id}  REMOVED`]);
      else line(print, { env: completion?.env, id: completion?.id, removed: true });
      return;
    case 'TYPE_CHANGED': {
      if (!completion) return;
      if (print.format !== 'table') line(print, plainCompletion(completion));
      else {
        const { row, below = [] } = completionEntry(completion);
        print.lines([row.join('  '), ...below.map((text) => `  ${text}`)]);
      }
      return;
    }
    default:
  }
}

function line(print: CommandContext['print'], value: object): void {
  print.lines([JSON.stringify(value)]);
}
