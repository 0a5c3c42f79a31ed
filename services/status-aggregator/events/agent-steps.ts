// What a change of one agent's keys amounts to: pure comparisons of before and after.

import { isLive, isMember, type Member } from '../domain/member.ts';
import { PROOF, type Problem, type StatusTable } from '../domain/status-table.ts';
import type { HistoryEvent } from './history-event.ts';

/** What happened, without where and when. */
export type Step = Pick<HistoryEvent, 'type' | 'generation' | 'reason' | 'message'>;

/** Where a member stands on the roster. */
export interface Presence {
  readonly state: 'live' | 'lost' | 'left' | 'forgotten' | 'gone';
  /** Incarnation and lease of its registration; empty: none. */
  readonly registration: string;
}

export function presenceOf(member: Member | undefined): Presence {
  if (!member) return { state: 'gone', registration: '' };
  const { registration } = member;
  if (isLive(member)) {
    const { instance = 'unreadable', lease = '' } = registration ?? {};
    return { state: 'live', registration: `${instance}, lease ${lease}` };
  }
  return { state: isMember(member) ? 'lost' : awayOf(member), registration: '' };
}

/** A roster key that is not there is no evidence of leaving. */
function awayOf({ forgottenAtMs, hasLeft }: Member): Presence['state'] {
  if (forgottenAtMs !== undefined) return 'forgotten';
  return hasLeft ? 'left' : 'gone';
}

/** What a member went through; undefined: nothing to tell. */
export function memberStep(before: Presence, after: Presence): Step | undefined {
  const step = (type: Step['type'], reason: string, message: string): Step => ({
    ...{ type, generation: 0, reason, message },
  });
  const instance = `instance ${after.registration}`;
  switch (after.state) {
    case 'live':
      if (before.state === 'live') {
        if (before.registration === after.registration) return undefined;
        return step('REGISTERED', 'NEW_INSTANCE', instance);
      }
      if (before.state === 'gone' || before.state === 'left') {
        return step('REGISTERED', '', instance);
      }
      return step('BACK', before.state.toUpperCase(), instance);
    case 'lost':
      if (before.state === 'lost') return undefined;
      return step('LOST', '', 'on the roster without a registration');
    case 'forgotten':
      if (before.state === 'forgotten') return undefined;
      return step('FORGOTTEN', '', 'was lost for so long that it is not counted any more');
    case 'left':
      if (before.state === 'live') return step('LEFT', 'CLEAN_EXIT', 'left the roster by itself');
      if (before.state !== 'lost') return undefined;
      return step('LEFT', 'DECOMMISSIONED', 'was taken off the roster while it was lost');
    default:
      if (before.state !== 'live') return undefined;
      return step('LOST', 'NOT_ON_ROSTER', 'neither registered nor on the roster');
  }
}

/** What an agent said of a config. */
export interface Said {
  readonly generation: number;
  readonly digest: number;
  readonly isRemoved: boolean;
  readonly isVerified: boolean;
  readonly problem: Problem | undefined;
}

const NOTHING: Said = {
  ...{ generation: 0, digest: 0, isRemoved: false, isVerified: false },
  problem: undefined,
};

export function saidOf(statuses: StatusTable | undefined, member: Member | undefined): Said {
  if (!statuses || !member) return NOTHING;
  const { slot } = member;
  return {
    generation: statuses.generation(slot),
    digest: statuses.digest(slot),
    isRemoved: statuses.isRemoved(slot),
    isVerified: statuses.proof(slot) >= PROOF.VERIFIED,
    problem: statuses.problem(slot),
  };
}

const PROBLEM_TYPES = {
  failed: 'FAILED',
  rejected: 'REJECTED',
  rolled_back: 'ROLLED_BACK',
} as const;
/** Reason of an agent that found something else in force than it had applied. */
const DRIFTED = 'DRIFTED';
/** Reason of the attempt that put it right. */
const DRIFT_REPAIRED = 'DRIFT_REPAIRED';

/** What a report adds to the one before. `attemptReason` reads the reason of the last attempt. */
export function reportStep(
  before: Said,
  after: Said,
  attemptReason: () => string | undefined,
): Step | undefined {
  const { problem, generation, isRemoved } = after;
  const isSame = before.generation === generation && before.isRemoved === isRemoved;
  if (problem && !isSameProblem(before.problem, problem)) return problemStep(problem);
  if (isRemoved) {
    return isSame
      ? undefined
      : { type: 'REMOVED', generation, reason: '', message: 'is not in force any more' };
  }
  if (generation === 0) return undefined;
  const wasDrifted = before.problem?.reason === DRIFTED && !problem;
  if (isSame && wasDrifted && attemptReason() === DRIFT_REPAIRED) {
    const message = 'what was applied is in force again';
    return { type: 'DRIFT_REPAIRED', generation, reason: DRIFT_REPAIRED, message };
  }
  const isNewlyVerified = after.isVerified && !before.isVerified;
  if (!isSame || before.digest !== after.digest || isNewlyVerified) {
    const reason = after.isVerified ? 'VERIFIED' : 'APPLIED';
    return { type: 'APPLIED', generation, reason, message: 'is in force' };
  }
  return undefined;
}

function problemStep({ result, reason, message, generation, final }: Problem): Step {
  const type = reason === DRIFTED && result === 'failed' ? DRIFTED : PROBLEM_TYPES[result];
  const isRetried = type === 'FAILED' && !final;
  return { type, generation, reason, message: isRetried ? `${message} (tried again)` : message };
}

function isSameProblem(before: Problem | undefined, after: Problem): boolean {
  return (
    before?.generation === after.generation &&
    before.result === after.result &&
    before.reason === after.reason &&
    before.final === after.final
  );
}
