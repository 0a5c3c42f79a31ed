import {
  type AgentPhase,
  type AttemptSlot,
  MESSAGE_LENGTH_MAX,
  type StatusValue,
} from '#libs/keyspace';
import { shownAttempt } from './drift.ts';
import type { ConfigRecord, ConfigVersion, Proof, RemovedRecord } from './record.ts';

/** Who writes a status, and in which epoch. */
export interface StatusAuthor {
  instance: string;
  epoch: number;
}

/** What an agent knows of one config. */
export interface StatusFacts {
  record: ConfigRecord | undefined;
  removed: RemovedRecord | undefined;
  /** What is being done about it at this moment. */
  active: AgentPhase | undefined;
}

/**
 * The status of a config, or undefined: nothing to report. What is in force for the first time in a
 * moment is reported already, so that no report always means that nothing of it is here.
 */
export function statusOf(
  { record, removed, active }: StatusFacts,
  { instance, epoch }: StatusAuthor,
): StatusValue | undefined {
  if (record) {
    const { applied } = record;
    return {
      instance,
      epoch,
      phase: settledPhase(record),
      applied: applied
        ? { generation: applied.generation, digest: applied.digest, at: applied.at }
        : null,
      last_attempt: shownAttempt(record) ?? null,
      proof: shownProof(record) ?? null,
      traceparent: applied?.traceparent ?? '',
    };
  }
  const nothing = { instance, epoch, last_attempt: null, proof: null, traceparent: '' };
  if (removed?.tombstone) {
    const applied = { generation: removed.generation, digest: '', at: removed.at };
    return { ...nothing, phase: 'REMOVED', applied };
  }
  return active && { ...nothing, phase: active, applied: null };
}

/** The proof for what is in force. None while it has drifted: then nobody vouches for it. */
export function shownProof({ applied, drift }: ConfigRecord): Proof | undefined {
  return drift ? undefined : applied?.proof;
}

/** Where a config stands that nothing is being done about. */
export function settledPhase(record: ConfigRecord): AgentPhase {
  const { applied, drift } = record;
  const attempt = shownAttempt(record);
  switch (attempt?.result) {
    case 'failed':
      // A drift is repaired until it is gone, so it is never settled.
      return attempt === drift?.attempt ? 'APPLYING' : 'FAILED';
    case 'rejected':
      return 'REJECTED';
    case 'rolled_back':
      return 'ROLLED_BACK';
    default:
      return applied ? (applied.proof.level === 'VERIFIED' ? 'VERIFIED' : 'APPLIED') : 'WAITING';
  }
}

/** How a try ended. */
export interface AttemptOutcome {
  result: AttemptSlot['result'];
  reason: string;
  message: string;
  final: boolean;
  /** ISO 8601. */
  at: string;
}

/** The attempt slot after one more try of `version`: tries of another version are not counted. */
export function nextAttempt(
  before: AttemptSlot | undefined,
  version: Pick<ConfigVersion, 'generation' | 'digest'>,
  outcome: AttemptOutcome,
): AttemptSlot {
  const { generation, digest } = version;
  const isRetry =
    before?.generation === generation && before.digest === digest && before.result !== 'ok';
  return {
    generation,
    digest,
    result: outcome.result,
    reason: outcome.reason,
    message: outcome.message.slice(0, MESSAGE_LENGTH_MAX),
    attempts: isRetry ? before.attempts + 1 : 1,
    final: outcome.final,
    at: outcome.at,
  };
}
