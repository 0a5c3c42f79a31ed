import { randomUUID } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { RpcError } from '#libs/grpc';
import { mapBounded } from '#libs/lifecycle';
import type { SetIngressConfigResponse } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { type ConfigDocument, readDocuments } from '../documents.ts';
import { CliError, EXIT, type ExitCode, explainError } from '../exit-codes.ts';
import { answersText, plainAnswers, refusalLines } from '../output/agent-words.ts';
import type { Entry } from '../output/printer.ts';
import { withoutPrefix } from '../output/values.ts';
import { plainConfig } from '../output/words.ts';
import { parseEnvs, parseLabels, usage } from '../refs.ts';
import { waitForGoals } from '../rollout-wait.ts';
import { everyEnvironment } from './environments.ts';

export interface ApplyOptions {
  filename: string;
  env?: string;
  allEnvs?: boolean;
  id?: string;
  labels?: string;
  policy?: string;
  note?: string;
  dryRun?: boolean;
  askAgents?: boolean;
  wait?: boolean;
  timeout: number;
  exceptions: boolean;
}

/** Calls at once: enough for the server to gather them in one transaction. */
const CALLS_MAX = 32;
/** Calls at once that ask agents: they leave room for others who ask. */
const ASKING_CALLS_MAX = 2;
const POLICIES = { applied: 'COMPLETION_POLICY_APPLIED', verified: 'COMPLETION_POLICY_VERIFIED' };

interface Target {
  readonly document: ConfigDocument;
  readonly env: string;
  readonly id: string;
}

interface Applied extends Target {
  readonly answer: SetIngressConfigResponse;
}

/**
 * Sets every document in every environment. All of them are checked before the first one is set, so
 * that bad input changes nothing.
 */
export async function apply(context: CommandContext, options: ApplyOptions): Promise<ExitCode> {
  if (options.askAgents && !options.dryRun) throw usage('--ask-agents goes with --dry-run');
  const stdin = addAbortSignal(context.signal, context.stdin);
  const documents = named(await readDocuments(options.filename, stdin), options);
  const envs = await environmentsOf(context, options);
  const targets = envs.flatMap((env) =>
    documents.map(({ document, id }) => ({ document, id, env })),
  );
  const checked = await mapBounded(
    documents.map(({ document, id }) => ({ document, id, env: envs[0] ?? '' })),
    CALLS_MAX,
    async (target) => await set(context, target, options, { validateOnly: true }),
  );
  failTogether(checked, 'nothing was applied');
  const { dryRun: validateOnly = false, askAgents = false } = options;
  const results = await mapBounded(targets, askAgents ? ASKING_CALLS_MAX : CALLS_MAX, (target) =>
    set(context, target, options, { validateOnly, askAgents }),
  );
  const applied = results.flatMap((result) => ('answer' in result ? [result] : []));
  const waits = options.wait && !options.dryRun && applied.length === results.length;
  if (!waits) printApplied(context, applied, options);
  failTogether(results, `${applied.length} of ${results.length} were applied`);
  if (!waits) return verdictCode(applied);
  context.note(summaryOf(applied));
  const goals = applied.map(({ env, id, answer }) => ({
    ...{ env, id, deleted: false },
    generation: answer.config?.generation ?? 0,
    after: answer.config?.after ?? null,
  }));
  return await waitForGoals(context, goals, {
    timeoutMs: options.timeout * 1000,
    acceptExceptions: options.exceptions,
  });
}

async function environmentsOf(
  context: CommandContext,
  { env, allEnvs }: ApplyOptions,
): Promise<string[]> {
  if ((env === undefined) === (allEnvs === undefined)) {
    throw usage('give the environments with --env a,b, or --all-envs');
  }
  if (env !== undefined) return parseEnvs(env);
  const all = await everyEnvironment(context);
  if (all.length === 0) throw new CliError('there is no environment yet: name one with --env');
  return all.map((environment) => environment.env);
}

/** Every document with its id; ids must differ, or the last one would silently win. */
function named(
  documents: readonly ConfigDocument[],
  { id }: ApplyOptions,
): { document: ConfigDocument; id: string }[] {
  if (id !== undefined && documents.length > 1) {
    throw usage(`--id names one document, and there are ${documents.length}`);
  }
  const sources = new Map<string, string>();
  return documents.map((document) => {
    const name = id ?? document.id;
    if (name === undefined) {
      throw new CliError(`${document.source}: has no metadata.name: give an id with --id`);
    }
    const before = sources.get(name);
    if (before !== undefined) {
      throw new CliError(`${document.source}: has the same id (${name}) as ${before}`);
    }
    sources.set(name, document.source);
    return { document, id: name };
  });
}

async function set(
  { services, signal }: CommandContext,
  target: Target,
  options: ApplyOptions,
  { validateOnly, askAgents = false }: { validateOnly: boolean; askAgents?: boolean },
): Promise<Applied | { failure: unknown; target: Target }> {
  const { env, id, document } = target;
  const { policy = 'applied' } = options;
  const request = {
    ...{ env, id, configJson: document.json, validateOnly, askAgents },
    labels: { ...document.labels, ...(options.labels && parseLabels(options.labels)) },
    completionPolicy: POLICIES[policy as keyof typeof POLICIES] as 'COMPLETION_POLICY_APPLIED',
    note: options.note ?? '',
    requestId: validateOnly ? '' : randomUUID(),
  };
  try {
    const answer = await services
      .controller()
      .ask((client) => client.call('SetIngressConfig', request, { signal }));
    return { ...target, answer };
  } catch (error) {
    // While nothing is set yet, one server that is not there says it all.
    const isOfOne = error instanceof RpcError || (!validateOnly && error instanceof CliError);
    if (!isOfOne || signal.aborted) throw error;
    return { failure: error, target };
  }
}

function failTogether(
  results: readonly (Applied | { failure: unknown; target: Target })[],
  outcome: string,
): void {
  const failed = results.flatMap((result) => ('failure' in result ? [result] : []));
  if (failed.length === 0) return;
  const details = failed.flatMap(({ failure, target: { document, env, id } }) => {
    const [first = '', ...rest] = explainError(failure).lines;
    return [`${document.source} (${env}/${id}): ${first.replace(/^error: /, '')}`, ...rest];
  });
  throw new CliError(outcome, { details });
}

function printApplied(
  { print }: CommandContext,
  applied: readonly Applied[],
  { dryRun = false, askAgents = false }: ApplyOptions,
): void {
  const entries = applied.map(({ env, id, answer }): Entry => {
    const { config, agents } = answer;
    const generation = config?.generation ?? 0;
    const result = resultOf(answer);
    const state = withoutPrefix(config?.publishState ?? '', 'PUBLISH_STATE_');
    return {
      plain: {
        ...(config && plainConfig(config)),
        ...{ result, dryRun },
        ...(agents && { agents: plainAnswers(agents) }),
      },
      row: [
        ...[env, id, dryRun ? `${result} (dry run)` : result, `${generation}`],
        agents ? answersText(agents) : dryRun ? '' : state,
      ],
      below: agents ? refusalLines(agents) : [],
    };
  });
  const last = askAgents ? 'AGENTS' : 'STATE';
  print.list(['ENV', 'ID', 'RESULT', 'GENERATION', last], entries, 'nothing to apply');
}

/** An agent that says no is a failure; one that says nothing is no yes. */
function verdictCode(applied: readonly Applied[]): ExitCode {
  const verdicts = applied.flatMap(({ answer }) => answer.agents?.verdicts ?? []);
  if (verdicts.some(({ verdict }) => verdict === 'VERDICT_REJECTED')) return EXIT.FAILED;
  return verdicts.every(({ verdict }) => verdict === 'VERDICT_VALID') ? EXIT.DONE : EXIT.ERROR;
}

const RESULTS = ['created', 'updated', 'unchanged'] as const;

function resultOf({ config, changed }: SetIngressConfigResponse): (typeof RESULTS)[number] {
  if (!changed) return 'unchanged';
  return (config?.generation ?? 0) <= 1 ? 'created' : 'updated';
}

/** `2 created, 1 unchanged`: what is durable already, whatever comes of the wait. */
function summaryOf(applied: readonly Applied[]): string {
  const counts = RESULTS.map((result) => {
    const count = applied.filter(({ answer }) => resultOf(answer) === result).length;
    return count > 0 ? `${count} ${result}` : '';
  });
  return counts.filter((text) => text !== '').join(', ');
}
