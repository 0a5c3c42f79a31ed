import { randomUUID } from 'node:crypto';
import type { Generation } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import {
  GENERATION_HEADER,
  generationEntry,
  plainChange,
  plainGeneration,
} from '../output/generation-words.ts';
import { CONFIG_HEADER, configEntry } from '../output/words.ts';
import { parseRef, type Ref } from '../refs.ts';
import { waitForGoals } from '../rollout-wait.ts';

/** Most generations of one answer of the server. */
const PAGE_MAX = 1_000;

/** Lists the generations of a config, the newest first, at most `limit`. */
export async function history(
  { services, print, note, signal }: CommandContext,
  name: string,
  options: { env?: string; limit: number },
): Promise<ExitCode> {
  const ref = parseRef(name, options.env);
  const generations: Generation[] = [];
  let pageToken = '';
  do {
    const pageSize = Math.min(PAGE_MAX, options.limit - generations.length);
    const request = { ...ref, pageSize, pageToken };
    const page = await services
      .controller()
      .ask((client) => client.call('ListGenerations', request, { signal }));
    generations.push(...page.generations);
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && generations.length < options.limit);
  print.list(GENERATION_HEADER, generations.map(generationEntry), 'there is no generation');
  if (pageToken !== '') note(`there are older generations: --limit shows more`);
  return EXIT.DONE;
}

/** Shows one generation with its content. */
export async function getGeneration(
  { services, print, signal }: CommandContext,
  ref: Ref,
  number: number,
): Promise<ExitCode> {
  const request = { ...ref, generation: number, view: 'CONFIG_VIEW_JSON' as const };
  const { generation } = await services
    .controller()
    .ask((client) => client.call('GetGeneration', request, { signal }));
  if (!generation) throw new CliError('the answer is empty');
  if (print.format !== 'table') {
    print.document(plainGeneration(generation));
    return EXIT.DONE;
  }
  print.list(GENERATION_HEADER, [generationEntry(generation)], '');
  print.lines(['']);
  print.document(JSON.parse(generation.configJson), 'yaml');
  return EXIT.DONE;
}

/** Shows what differs between two generations: as a unified diff, or value by value for programs. */
export async function diff(
  { services, print, note, signal }: CommandContext,
  name: string,
  options: { env?: string; from: number; to: number; unified: number },
): Promise<ExitCode> {
  const request = {
    ...parseRef(name, options.env),
    ...{ fromGeneration: options.from, toGeneration: options.to, contextLines: options.unified },
  };
  const { from, to, changes, changesTruncated, unified } = await services
    .controller()
    .ask((client) => client.call('DiffGenerations', request, { signal }));
  if (print.format !== 'table') {
    print.document({
      from: from && plainGeneration(from),
      to: to && plainGeneration(to),
      changes: changes.map(plainChange),
      changesTruncated,
      unified,
    });
    return EXIT.DONE;
  }
  print.diff(unified);
  if (changes.length === 0) note('nothing differs');
  else if (unified === '') {
    note('too many lines differ to be shown side by side; these are the values:');
    print.lines(changes.map(({ path, oldJson, newJson }) => `${path}: ${oldJson} -> ${newJson}`));
  }
  return EXIT.DONE;
}

export interface RollbackOptions {
  env?: string;
  to: number;
  expect?: number;
  note?: string;
  wait?: boolean;
  timeout: number;
  exceptions: boolean;
}

/** Makes a new generation with the content of an earlier one; with `wait` until it is in force. */
export async function rollback(
  context: CommandContext,
  name: string,
  options: RollbackOptions,
): Promise<ExitCode> {
  const { services, print, note, signal } = context;
  const request = {
    ...parseRef(name, options.env),
    toGeneration: options.to,
    ...(options.expect === undefined ? {} : { expectedGeneration: options.expect }),
    note: options.note ?? '',
    requestId: randomUUID(),
  };
  const { config, changed } = await services
    .controller()
    .ask((client) => client.call('RollbackIngressConfig', request, { signal }));
  if (!config) throw new CliError('the answer is empty');
  if (!changed) note(`generation ${options.to} is what is current already`);
  if (!options.wait) {
    print.list(CONFIG_HEADER, [configEntry(config)], '');
    return EXIT.DONE;
  }
  const { env, id, generation, after } = config;
  return await waitForGoals(context, [{ env, id, generation, after, deleted: false }], {
    timeoutMs: options.timeout * 1000,
    acceptExceptions: options.exceptions,
  });
}
