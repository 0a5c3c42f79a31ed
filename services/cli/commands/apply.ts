import { randomUUID } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { RpcError } from '#libs/grpc';
import { mapBounded } from '#libs/lifecycle';
import type { IngressConfig } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { type ConfigDocument, readDocuments } from '../documents.ts';
import { CliError, EXIT, type ExitCode, explainError } from '../exit-codes.ts';
import {
  type AnsweredSet,
  appliedEntry,
  planText,
  prunedEntry,
  summaryOf,
} from '../output/apply-words.ts';
import { parseEnvs, parseLabels, requireOne, usage } from '../refs.ts';
import { waitForGoals } from '../rollout-wait.ts';
import { failureLines } from './configs.ts';
import { everyEnvironment, withoutAgents } from './environments.ts';
import { confirmPrune, findPruned, prune } from './prune.ts';

export interface ApplyOptions {
  filename: string;
  env?: string;
  allEnvs?: boolean;
  id?: string;
  labels?: string;
  policy?: string;
  expect?: number;
  note?: string;
  dryRun?: boolean;
  askAgents?: boolean;
  prune?: boolean;
  yes?: boolean;
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

type Applied = Target & AnsweredSet;
type Result = Applied | { readonly failure: unknown; readonly target: Target };

/** What is to be done. */
interface Plan {
  readonly envs: readonly string[];
  readonly targets: readonly Target[];
  readonly planned: readonly Applied[];
  readonly pruned: readonly IngressConfig[];
}

/**
 * Sets every document in every environment, and with `prune` deletes what carries the labels and is in
 * none. All of it is checked, and what would happen is told, before the first one is set.
 */
export async function apply(context: CommandContext, options: ApplyOptions): Promise<ExitCode> {
  if (options.askAgents && !options.dryRun) throw usage('--ask-agents goes with --dry-run');
  const plan = await planOf(context, options);
  context.note(planText(plan.planned, plan.pruned.length));
  for (const env of await withoutAgents(context, plan.envs)) {
    context.note(`environment ${env} has no agents`);
  }
  if (options.dryRun) {
    printApplied(context, plan.planned, plan.pruned, options);
    return verdictCode(plan.planned);
  }
  if (plan.pruned.length > 0 && !options.yes) await confirmPrune(context, plan.pruned);
  return await carryOut(context, plan, options);
}

async function planOf(context: CommandContext, options: ApplyOptions): Promise<Plan> {
  const labels = options.labels === undefined ? {} : parseLabels(options.labels);
  if (options.prune && Object.keys(labels).length === 0) {
    throw usage('--prune needs -l: only configs with these labels are deleted');
  }
  const isStdin = options.filename === '-';
  const stdin = isStdin ? addAbortSignal(context.signal, context.stdin) : context.stdin;
  const documents = named(await readDocuments(options.filename, stdin), options);
  const envs = await environmentsOf(context, options);
  const targets = envs.flatMap((env) =>
    documents.map(({ document, id }) => ({ document, id, env })),
  );
  requireOne('--expect', options.expect, targets.length);
  const results: Result[] = [];
  // In one environment first: what is wrong with a document is wrong in all of them.
  const one = documents.length;
  for (const some of [targets.slice(0, one), targets.slice(one)]) {
    results.push(...(await setAll(context, some, options, true)));
    failTogether(results, 'nothing was applied');
  }
  const kept = new Set(documents.map(({ id }) => id));
  const pruned = options.prune ? await findPruned(context, { envs, labels, kept }) : [];
  return { envs, targets, planned: succeeded(results), pruned };
}

async function carryOut(
  context: CommandContext,
  { targets, pruned }: Plan,
  options: ApplyOptions,
): Promise<ExitCode> {
  const results = await setAll(context, targets, options, false);
  const applied = succeeded(results);
  // What is gone from the files goes only once what replaces it is there.
  const isWhole = applied.length === results.length;
  const deletions = isWhole ? await prune(context, pruned, options.note ?? '') : [];
  const deleted = deletions.flatMap((result) => ('config' in result ? [result.config] : []));
  const failures = deletions.flatMap((result) => ('failure' in result ? [result] : []));
  const waits = options.wait && isWhole && failures.length === 0;
  if (!waits) printApplied(context, applied, deleted, options);
  failTogether(results, `${applied.length} of ${results.length} were applied`);
  if (failures.length > 0) {
    const details = failures.flatMap(failureLines);
    throw new CliError(`${deleted.length} of ${pruned.length} were deleted`, { details });
  }
  if (!waits) return EXIT.DONE;
  context.note(summaryOf(applied, deleted.length));
  const configs = [...applied.flatMap(({ answer }) => answer.config ?? []), ...deleted];
  const goals = configs.map(({ env, id, generation, after, deleted }) => ({
    ...{ env, id, generation, after, deleted },
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

async function setAll(
  context: CommandContext,
  targets: readonly Target[],
  options: ApplyOptions,
  validateOnly: boolean,
): Promise<Result[]> {
  const askAgents = validateOnly && options.askAgents === true;
  return await mapBounded(targets, askAgents ? ASKING_CALLS_MAX : CALLS_MAX, (target) =>
    set(context, target, options, { validateOnly, askAgents }),
  );
}

async function set(
  { services, signal }: CommandContext,
  target: Target,
  options: ApplyOptions,
  { validateOnly, askAgents = false }: { validateOnly: boolean; askAgents?: boolean },
): Promise<Result> {
  const { env, id, document } = target;
  const { policy = 'applied' } = options;
  const request = {
    ...{ env, id, configJson: document.json, validateOnly, askAgents },
    labels: { ...document.labels, ...(options.labels && parseLabels(options.labels)) },
    completionPolicy: POLICIES[policy as keyof typeof POLICIES] as 'COMPLETION_POLICY_APPLIED',
    ...(options.expect !== undefined && { expectedGeneration: options.expect }),
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

function failTogether(results: readonly Result[], outcome: string): void {
  const failed = results.flatMap((result) => ('failure' in result ? [result] : []));
  if (failed.length === 0) return;
  const details = failed.flatMap(({ failure, target: { document, env, id } }) => {
    const [first = '', ...rest] = explainError(failure).lines;
    return [`${document.source} (${env}/${id}): ${first.replace(/^error: /, '')}`, ...rest];
  });
  throw new CliError(outcome, { details });
}

function succeeded(results: readonly Result[]): Applied[] {
  return results.flatMap((result) => ('answer' in result ? [result] : []));
}

function printApplied(
  { print }: CommandContext,
  applied: readonly Applied[],
  deleted: readonly IngressConfig[],
  { dryRun = false, askAgents = false }: ApplyOptions,
): void {
  const entries = [
    ...applied.map((each) => appliedEntry(each, dryRun)),
    ...deleted.map((config) => prunedEntry(config, dryRun)),
  ];
  const last = askAgents ? 'AGENTS' : 'STATE';
  print.list(['ENV', 'ID', 'RESULT', 'GENERATION', last], entries, 'nothing to apply');
}

/** An agent that says no is a failure; one that says nothing is no yes. */
function verdictCode(applied: readonly Applied[]): ExitCode {
  const verdicts = applied.flatMap(({ answer }) => answer.agents?.verdicts ?? []);
  if (verdicts.some(({ verdict }) => verdict === 'VERDICT_REJECTED')) return EXIT.FAILED;
  return verdicts.every(({ verdict }) => verdict === 'VERDICT_VALID') ? EXIT.DONE : EXIT.ERROR;
}
