import { RpcError } from '#libs/grpc';
import { deriveSignal, mapBounded, sleepUntilAborted } from '#libs/lifecycle';
import type { Completion, ReadAfterInput, WaitForCompletionResponse } from '#proto';
import type { CommandContext } from './command-context.ts';
import { EXIT, type ExitCode, explainError } from './exit-codes.ts';
import { COMPLETION_HEADER, completionEntry, progressText } from './output/words.ts';
import type { Ref } from './refs.ts';

/** What to wait for. */
export interface RolloutGoal extends Ref {
  /** 0: the current one. */
  readonly generation: number;
  readonly after: ReadAfterInput | null;
  readonly deleted: boolean;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Lost agents are no reason to go on waiting. */
  readonly acceptExceptions: boolean;
}

/** Waits at once: more than a rollout has, and well below the 10 000 that a server holds. */
const WAITS_MAX = 2_000;
/** Time that a call gets at least, so that it says where a config stands also at the very end. */
const CALL_MS_MIN = 1_000;
/** Between two looks at the progress. */
const LOOK_EVERY_MS = 1_000;
/** A single call lasts at most so long; the server's own bound is an hour. */
const CALL_MS_MAX = 3_600_000;

type Outcome = WaitForCompletionResponse['outcome'];

interface Waited {
  readonly outcome: Outcome;
  readonly completion: Completion | undefined;
}

/**
 * Waits until every goal is reached, cannot be reached, or the time is over, with progress on
 * standard error; then prints where each stands. Resolves with the exit code.
 */
export async function waitForGoals(
  context: CommandContext,
  goals: readonly RolloutGoal[],
  options: WaitOptions,
): Promise<ExitCode> {
  const pending = new Set(goals);
  using showing = deriveSignal(context.signal);
  const shown = showProgress(context, goals.length, pending, showing.signal);
  const untilMs = performance.now() + options.timeoutMs;
  const waitForEach = async () =>
    await mapBounded(goals, WAITS_MAX, async (goal) => {
      const waited = await waitForGoal(context, goal, { ...options, untilMs });
      pending.delete(goal);
      return waited;
    });
  const results = await waitForEach().finally(() => showing.abort());
  await shown;
  context.progress.clear();
  const completions = results.flatMap(({ completion }) => (completion ? [completion] : []));
  context.print.list(COMPLETION_HEADER, completions.map(completionEntry), 'nothing to show');
  for (const [index, waited] of results.entries()) explain(context, goals[index], waited);
  return exitCodeOf(results.map(({ outcome }) => outcome));
}

async function waitForGoal(
  { services, signal }: CommandContext,
  { env, id, generation, after, deleted }: RolloutGoal,
  { acceptExceptions, untilMs }: WaitOptions & { untilMs: number },
): Promise<Waited> {
  const request = {
    ...{ envs: [env], id, generation, after, acceptExceptions },
    waitFor: deleted ? ('WAIT_FOR_DELETED' as const) : ('WAIT_FOR_COMPLETE' as const),
  };
  let timeoutMs = 0;
  try {
    for (;;) {
      // A server that goes away says UNAVAILABLE: the next one is asked the same.
      const { outcome, completions } = await services.aggregator().ask((client) => {
        const remainingMs = Math.max(CALL_MS_MIN, untilMs - performance.now());
        timeoutMs = Math.min(CALL_MS_MAX, remainingMs);
        return client.call('WaitForCompletion', request, { signal, timeoutMs });
      }, untilMs);
      const [completion] = completions;
      if (outcome !== 'WAIT_OUTCOME_TIMED_OUT' || timeoutMs < CALL_MS_MAX) {
        return { outcome, completion };
      }
      // What was current when the wait began stays what is waited for.
      request.generation ||= completion?.generation ?? 0;
    }
  } catch (error) {
    if (!(error instanceof RpcError) || error.codeName !== 'DEADLINE_EXCEEDED') throw error;
    return { outcome: 'WAIT_OUTCOME_TIMED_OUT', completion: undefined };
  }
}

/** One line about how far it is; never the reason for a failure. */
async function showProgress(
  { services, progress }: CommandContext,
  total: number,
  pending: ReadonlySet<RolloutGoal>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await sleepUntilAborted(LOOK_EVERY_MS, signal);
    const [first] = pending;
    if (signal.aborted || !first) return;
    const { env, id } = first;
    try {
      const { completion } = await services
        .aggregator()
        .ask((client) => client.call('GetCompletion', { env, id }, { signal, timeoutMs: 2_000 }));
      const count = total > 1 ? `${total - pending.size}/${total} complete   ` : '';
      if (completion && !signal.aborted) progress.show(count + progressText(completion));
    } catch (error) {
      // The wait goes on, and says itself what is wrong in the end.
      if (!signal.aborted) progress.show(explainError(error).lines.join(' '));
    }
  }
}

function explain(
  { note }: CommandContext,
  goal: RolloutGoal | undefined,
  { outcome, completion }: Waited,
): void {
  if (!goal) return;
  const { env, id } = goal;
  const generation = goal.generation > 0 ? `generation ${goal.generation} of ` : '';
  const text = {
    WAIT_OUTCOME_FAILED: 'failed on an agent',
    WAIT_OUTCOME_SUPERSEDED: isDelete(completion) ? 'was deleted' : 'is not the newest any more',
    WAIT_OUTCOME_TIMED_OUT: completion
      ? `was not ${goal.deleted ? 'gone' : 'complete'} in time`
      : 'is not known: the aggregator did not answer in time',
  }[outcome as string];
  if (text) note(`${generation}${env}/${id} ${text}`);
}

function isDelete(completion: Completion | undefined): boolean {
  return /DELETING|DELETED/.test(completion?.state ?? '');
}

const WORST_FIRST: readonly (readonly [Outcome, ExitCode])[] = [
  ['WAIT_OUTCOME_FAILED', EXIT.FAILED],
  ['WAIT_OUTCOME_TIMED_OUT', EXIT.TIMED_OUT],
  ['WAIT_OUTCOME_SUPERSEDED', EXIT.SUPERSEDED],
];

/** The exit code of the worst outcome. */
export function exitCodeOf(outcomes: readonly Outcome[]): ExitCode {
  return WORST_FIRST.find(([outcome]) => outcomes.includes(outcome))?.[1] ?? EXIT.DONE;
}
