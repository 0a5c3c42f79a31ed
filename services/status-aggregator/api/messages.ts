import { durationFromMs, timestampFromDate } from '#libs/grpc';
import type { BlockerInput, CompletionInput, EnvironmentStatusInput } from '#proto';
import type { Answer, AsOf } from '../answers/answerer.ts';
import { BLOCKERS_MAX, type Blocker } from '../domain/blockers.ts';
import { isFullyExecuted } from '../domain/completion.ts';
import type { EnvironmentStatus } from '../domain/environment-status.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { receiptMessage } from './receipt-service.ts';

/** A completion as the API shows it; with its receipt where one was looked for and found. */
export function completionMessage(answer: Answer, receipt?: Receipt): CompletionInput {
  const { env, id, completion, asOf, acceptedKnown } = answer;
  const { state, generation, digest, blockers, blockersTotal, unknownReason } = completion;
  const counts = { ...completion.counts, forgotten: completion.forgotten };
  return {
    env,
    id,
    state: `COMPLETION_STATE_${state}`,
    generation,
    digest,
    counts,
    blockers: blockers.map((blocker) => blockerMessage(blocker, answer.lostSince)),
    blockersTotal,
    asOfRevision: asOf.revision,
    epoch: asOf.epoch,
    lag: durationFromMs(asOf.lagMs),
    acceptedKnown,
    fullyExecuted: isFullyExecuted(state),
    unknownReason,
    inSync: state === 'COMPLETE' || state === 'DELETED',
    receipt: receipt ? receiptMessage(receipt) : null,
  };
}

function blockerMessage(
  { agent, reason, message, sinceMs, appliedGeneration }: Blocker,
  lostSince: ReadonlyMap<string, Date>,
): BlockerInput {
  // MySQL's time survives every restart of ours.
  const known = reason === 'LOST' ? lostSince.get(agent) : undefined;
  const since = known ?? (sinceMs === undefined ? undefined : new Date(sinceMs));
  return {
    agent,
    reason,
    message,
    since: since ? timestampFromDate(since) : null,
    appliedGeneration,
  };
}

/** An environment as the API shows it. `lostAgents` in order; the answer is bounded. */
export function environmentMessage(
  status: EnvironmentStatus,
  { lostAgents, asOf }: { lostAgents: readonly string[]; asOf: AsOf },
): EnvironmentStatusInput {
  const { env, minAgents, live, lost, states } = status;
  return {
    ...{ env, minAgents, live, lost },
    states: states.map(({ state, count }) => ({ state: `COMPLETION_STATE_${state}`, count })),
    lostAgents: lostAgents.slice(0, BLOCKERS_MAX),
    asOfRevision: asOf.revision,
    epoch: asOf.epoch,
  };
}
