import { type AttemptSlot, MESSAGE_LENGTH_MAX } from '#libs/keyspace';
import { isSame } from './gate.ts';
import type {
  AppliedVersion,
  ConfigRecord,
  ConfigVersion,
  DriftKind,
  DriftRecord,
} from './record.ts';

// A drift is kept beside the last attempt, not in its place: a newer generation that was rejected
// stays rejected while the version in force is being repaired.

const FOUND: Record<DriftKind, string> = {
  missing: 'what was in force is missing',
  changed: 'what was in force was changed',
  unreadable: 'what is in force cannot be read',
};

/** The drift of `applied` before the first repair. */
export function driftOf(
  { generation, digest }: AppliedVersion,
  { found, at }: { found: DriftKind; at: string },
): DriftRecord {
  const message = FOUND[found];
  const outcome = { result: 'failed', reason: 'DRIFTED', message, final: false } as const;
  return { found, attempt: { generation, digest, ...outcome, attempts: 0, at } };
}

/** How a repair ended that failed. */
export type RepairFailure = Pick<AttemptSlot, 'reason' | 'message' | 'at'> & {
  result: DriftRecord['attempt']['result'];
};

/**
 * The drift after a repair that failed. It stays a drift, and is tried again, unless the driver has
 * said that it can never put this version in force.
 */
export function afterFailedRepair(drift: DriftRecord, failure: RepairFailure): DriftRecord {
  const { result, reason, message, at } = failure;
  const final = result !== 'failed';
  const attempt: AttemptSlot = {
    ...drift.attempt,
    result,
    reason: final ? reason : 'DRIFTED',
    message: `${FOUND[drift.found]}; not repaired: ${message}`.slice(0, MESSAGE_LENGTH_MAX),
    attempts: drift.attempt.attempts + 1,
    final,
    at,
  };
  return { found: drift.found, attempt };
}

/** The attempt that put the version in force back. */
export function repairedAttempt({ found, attempt }: DriftRecord, at: string): AttemptSlot {
  return {
    ...attempt,
    result: 'ok',
    reason: 'DRIFT_REPAIRED',
    message: FOUND[found],
    attempts: attempt.attempts + 1,
    final: false,
    at,
  };
}

/** The drift that applying `version` would repair. */
export function driftRepairedBy(
  record: ConfigRecord | undefined,
  version: Pick<ConfigVersion, 'generation' | 'digest'>,
): DriftRecord | undefined {
  return record?.applied && isSame(record.applied, version) ? record.drift : undefined;
}

/** Whether the last attempt was about another version than the one in force, and failed. */
export function hasFailedOther({ applied, attempt }: ConfigRecord): boolean {
  if (!applied || !attempt || attempt.result === 'ok') return false;
  return !isSame(applied, attempt);
}

/** What is said of the last attempt: a drift, unless a newer version has failed on top of it. */
export function shownAttempt(record: ConfigRecord): AttemptSlot | undefined {
  const { drift, attempt } = record;
  return drift && !hasFailedOther(record) ? drift.attempt : attempt;
}
