import { type GrpcClient, RpcError } from '#libs/grpc';
import { isAbortError, sleep } from '#libs/lifecycle';
import type { StatusAggregatorDefinition, WatchCompletionsResponse } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode, explainError } from '../exit-codes.ts';
import { boardFrame } from '../output/board-frame.ts';
import { LiveScreen } from '../output/live-screen.ts';
import type { Screen } from '../output/printer.ts';
import { StatusBoard } from '../output/status-board.ts';
import { COMPLETION_HEADER, completionEntry, plainCompletion } from '../output/words.ts';
import { parseEnvs, parseRef, usage } from '../refs.ts';

/** Between two calls while no aggregator answers. */
const RETRY_MS = 500;

interface Query {
  readonly env: string;
  readonly id: string;
}

/** Told what a stream says. */
interface Watcher {
  take(message: WatchCompletionsResponse): void;
  /** The stream broke, and is taken up again. */
  broken(error: unknown): void;
}

/**
 * Shows where configs stand, and each change, until Ctrl-C: a table that is drawn anew on a terminal,
 * lines elsewhere, and for programs one JSON object in each line.
 */
export async function watchStatus(
  context: CommandContext,
  names: readonly string[],
  options: { env?: string },
): Promise<ExitCode> {
  const { print } = context;
  if (print.format === 'yaml') throw usage('--watch prints a table, or one JSON object a line');
  const query = queryOf(names, options);
  const { terminal } = print;
  if (terminal) await followLive(context, query, terminal);
  else await follow(context, query, lineWatcher(context));
  return EXIT.INTERRUPTED;
}

/** Tells the watcher everything until Ctrl-C. A stream that breaks is taken up again where it was. */
async function follow(
  { services, signal }: CommandContext,
  query: Query,
  watcher: Watcher,
): Promise<void> {
  let resumeToken = '';
  const read = async (client: GrpcClient<StatusAggregatorDefinition>) => {
    const request = { ...query, resumeToken };
    try {
      for await (const message of client.stream('WatchCompletions', request, { signal })) {
        if (message.resumeToken !== '') resumeToken = message.resumeToken;
        watcher.take(message);
      }
    } catch (error) {
      if (!signal.aborted) watcher.broken(error);
      throw error;
    }
  };
  while (!signal.aborted) {
    try {
      // However long there is no aggregator: the next one goes on from the token.
      await services.aggregator().ask(read, Number.POSITIVE_INFINITY);
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      if (!isPassing(error)) throw error;
      await sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
}

async function followLive(context: CommandContext, query: Query, terminal: Screen): Promise<void> {
  const board = new StatusBoard();
  const title = titleOf(query);
  const coloured = context.print.isColoured;
  let trouble = '';
  using screen = new LiveScreen(terminal, (size) =>
    boardFrame(board, { ...size, coloured, title, trouble, now: new Date() }),
  );
  await follow(context, query, {
    take: (message) => {
      trouble = '';
      board.take(message);
      screen.changed();
    },
    broken: (error) => {
      trouble = troubleOf(error);
      screen.changed();
    },
  });
}

function titleOf({ env, id }: Query): string {
  const where = env === '-' ? 'all environments' : `environment ${env}`;
  return id === '' ? where : `${where}, ${id}`;
}

function troubleOf(error: unknown): string {
  return `no news, trying again: ${explainError(error)
    .lines.join(' ')
    .replace(/^error: /, '')}`;
}

function lineWatcher(context: CommandContext): Watcher {
  const { print, note } = context;
  if (print.format === 'table') print.lines([COMPLETION_HEADER.join('  ')]);
  let isBroken = false;
  return {
    take: (message) => {
      isBroken = false;
      show(context, message);
    },
    broken: (error) => {
      if (!isBroken) note(troubleOf(error));
      isBroken = true;
    },
  };
}

/** The stream has had its hour, or we read too slowly. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return error.codeName === 'DEADLINE_EXCEEDED' || error.reason === 'SLOW_READER';
}

function queryOf(names: readonly string[], { env }: { env?: string }): Query {
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
