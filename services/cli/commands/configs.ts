import { randomUUID } from 'node:crypto';
import { RpcError } from '#libs/grpc';
import { mapBounded } from '#libs/lifecycle';
import type { IngressConfig } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode, explainError } from '../exit-codes.ts';
import { CONFIG_HEADER, configEntry, plainConfig } from '../output/words.ts';
import { everyPage } from '../pages.ts';
import { parseEnvs, parseLabels, parseRef, type Ref, requireOne } from '../refs.ts';
import { waitForGoals } from '../rollout-wait.ts';
import { getGeneration } from './history.ts';

const CALLS_MAX = 32;
const PUBLISH_STATES = {
  any: 'PUBLISH_STATE_UNSPECIFIED',
  pending: 'PUBLISH_STATE_PENDING',
  published: 'PUBLISH_STATE_PUBLISHED',
} as const;

/** Shows one config with its content. */
export async function get(
  context: CommandContext,
  name: string,
  options: { env?: string; showDeleted?: boolean; generation?: number },
): Promise<ExitCode> {
  const { services, print, signal } = context;
  const ref = parseRef(name, options.env);
  if (options.generation !== undefined) {
    return await getGeneration(context, ref, options.generation);
  }
  const request = {
    ...ref,
    view: 'CONFIG_VIEW_JSON' as const,
    showDeleted: options.showDeleted ?? false,
  };
  const { config } = await services
    .controller()
    .ask((client) => client.call('GetIngressConfig', request, { signal }));
  if (!config) throw new CliError('the answer is empty');
  if (print.format !== 'table') {
    print.document(withoutJson(plainConfig(config)));
    return EXIT.DONE;
  }
  print.list(CONFIG_HEADER, [configEntry(config)], '');
  print.lines(['']);
  print.document(JSON.parse(config.configJson || '{}'), 'yaml');
  return EXIT.DONE;
}

/** Lists configs without their contents. */
export async function list(
  { services, print, signal }: CommandContext,
  options: { env?: string; selector?: string; text?: string; state?: 'pending' | 'published' },
): Promise<ExitCode> {
  const envs = options.env === undefined ? ['-'] : parseEnvs(options.env);
  const labels = options.selector === undefined ? {} : parseLabels(options.selector);
  const { text = '', state } = options;
  const publishState = PUBLISH_STATES[state ?? 'any'];
  const pages = await mapBounded(envs, CALLS_MAX, (env) =>
    everyPage(async (pageToken) => {
      const request = { env, labels, text, publishState, pageSize: 1000, pageToken };
      const answer = await services
        .controller()
        .ask((client) => client.call('ListIngressConfigs', request, { signal }));
      return { items: answer.configs, next: answer.nextPageToken };
    }),
  );
  const entries = pages.flat().map((config) => {
    const entry = configEntry(config);
    return { ...entry, plain: withoutJson(entry.plain as object) };
  });
  print.list(CONFIG_HEADER, entries, 'there is no config');
  return EXIT.DONE;
}

export interface DeleteOptions {
  env?: string;
  wait?: boolean;
  timeout: number;
  exceptions: boolean;
  expect?: number;
  note?: string;
}

/** Deletes configs; with `wait` until they are proven to be gone. */
export async function deleteConfigs(
  context: CommandContext,
  names: readonly string[],
  options: DeleteOptions,
): Promise<ExitCode> {
  const refs = names.map((name) => parseRef(name, options.env));
  const { expect: expectedGeneration, note = '' } = options;
  requireOne('--expect', expectedGeneration, refs.length);
  const condition = { note, ...(expectedGeneration !== undefined && { expectedGeneration }) };
  const results = await mapBounded(refs, CALLS_MAX, (ref) => deleteOne(context, ref, condition));
  const deleted = results.flatMap((result) => ('config' in result ? [result.config] : []));
  const failures = results.flatMap((result) => ('failure' in result ? [result] : []));
  // Of a single one there is nothing else to tell.
  if (refs.length === 1 && failures[0]) throw failures[0].failure;
  if (!options.wait || failures.length > 0) {
    context.print.list(CONFIG_HEADER, deleted.map(configEntry), 'nothing was deleted');
  }
  if (failures.length > 0) {
    throw new CliError(`${deleted.length} of ${refs.length} were deleted`, {
      details: failures.flatMap(failureLines),
    });
  }
  if (!options.wait) return EXIT.DONE;
  const goals = deleted.map(({ env, id, generation, after }) => ({
    ...{ env, id, generation, after },
    deleted: true,
  }));
  return await waitForGoals(context, goals, {
    timeoutMs: options.timeout * 1000,
    acceptExceptions: options.exceptions,
  });
}

/** What failed for one config, and why. */
export function failureLines({
  ref: { env, id },
  failure,
}: {
  ref: Ref;
  failure: unknown;
}): string[] {
  const [first = '', ...rest] = explainError(failure).lines;
  return [`${env}/${id}: ${first.replace(/^error: /, '')}`, ...rest];
}

/** A failure is told beside what became of the others. */
export async function deleteOne(
  { services, signal }: CommandContext,
  ref: Ref,
  condition: { note: string; expectedGeneration?: number },
): Promise<{ config: IngressConfig } | { ref: Ref; failure: unknown }> {
  const request = { ...ref, ...condition, requestId: randomUUID() };
  try {
    const { config } = await services
      .controller()
      .ask((client) => client.call('DeleteIngressConfig', request, { signal }));
    if (!config) throw new CliError('the answer is empty');
    return { config };
  } catch (error) {
    const isOfOne = error instanceof RpcError || error instanceof CliError;
    if (!isOfOne || signal.aborted) throw error;
    return { ref, failure: error };
  }
}

/** `config` holds the content already. */
function withoutJson(plain: object): object {
  const { configJson: _, ...rest } = plain as { configJson?: string };
  return rest;
}
