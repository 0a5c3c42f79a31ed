import { type Member, NO_SESSION } from './member.ts';
import { isApplied, isProven, STANDING, standingOf, type Target } from './standing.ts';
import { ABSENT, type Problem, type StatusTable, UNREADABLE } from './status-table.ts';

/** Names in an answer: enough to act on, whatever the size of the environment. */
export const BLOCKERS_MAX = 100;

export type BlockerReason =
  | 'LOST'
  | 'FORGOTTEN'
  | 'NOT_SYNCED'
  | 'NO_REPORT'
  | 'OLD_GENERATION'
  | 'WAITING'
  | 'APPLYING'
  | 'RETRYING'
  | 'UNPROVEN'
  | 'FAILED'
  | 'REJECTED'
  | 'ROLLED_BACK'
  | 'REMOVING';

/** A member that keeps a config from being complete. */
export interface Blocker {
  readonly agent: string;
  readonly reason: BlockerReason;
  readonly message: string;
  /** As this process observed it. Undefined: not known to it. */
  readonly sinceMs: number | undefined;
  /** Generation in force there; 0 when none is known. */
  readonly appliedGeneration: number;
}

export interface BlockersInput {
  readonly target: Target;
  readonly statuses: StatusTable;
  /** In the order of the answer. */
  readonly members: readonly Member[];
  /** Since when the target is wanted. */
  readonly sinceMs: number | undefined;
}

/** Why a member blocks; undefined: it does not, or is no member. */
export function blockerOf(member: Member, input: BlockersInput): Blocker | undefined {
  switch (standingOf(member, input.target, input.statuses)) {
    case STANDING.FAILED:
      return failedBlocker(member, input);
    case STANDING.LOST:
      return lostBlocker(member, input);
    case STANDING.PROGRESSING:
      return progressingBlocker(member, input);
    default:
      return undefined;
  }
}

/** Who blocks, at most BLOCKERS_MAX: failed first, then lost, then progressing. */
export function blockersOf(input: BlockersInput): Blocker[] {
  const { target, statuses, members } = input;
  const failed: Blocker[] = [];
  const lost: Blocker[] = [];
  const progressing: Blocker[] = [];
  for (const member of members) {
    const standing = standingOf(member, target, statuses);
    if (standing === STANDING.FAILED) add(failed, () => failedBlocker(member, input));
    else if (standing === STANDING.LOST) add(lost, () => lostBlocker(member, input));
    else if (standing === STANDING.PROGRESSING) {
      add(progressing, () => progressingBlocker(member, input));
    }
  }
  return [...failed, ...lost, ...progressing].slice(0, BLOCKERS_MAX);
}

/** The blockers with those who were forgotten: after the failed and lost ones. */
export function withForgotten(
  blockers: readonly Blocker[],
  forgotten: readonly Member[],
  about: Pick<BlockersInput, 'target' | 'statuses'>,
): readonly Blocker[] {
  if (forgotten.length === 0) return blockers;
  const isProgressing = ({ reason }: Blocker) => !WORSE_THAN_FORGOTTEN.has(reason);
  const at = blockers.findIndex(isProgressing);
  const before = at < 0 ? blockers.length : at;
  return blockers
    .toSpliced(before, 0, ...forgotten.map((member) => forgottenBlocker(member, about)))
    .slice(0, BLOCKERS_MAX);
}

const WORSE_THAN_FORGOTTEN: ReadonlySet<BlockerReason> = new Set([
  ...(['FAILED', 'REJECTED', 'ROLLED_BACK', 'LOST'] as const),
]);

function forgottenBlocker(
  member: Member,
  { target, statuses }: Pick<BlockersInput, 'target' | 'statuses'>,
): Blocker {
  const { name, forgottenAtMs } = member;
  const what = 'was lost for so long that it is not counted any more';
  return {
    agent: name,
    reason: 'FORGOTTEN',
    message: target.deleted ? `${what}: its proxy may still serve it` : what,
    sinceMs: Number.isNaN(forgottenAtMs) ? undefined : forgottenAtMs,
    appliedGeneration: inForce(member, statuses),
  };
}

function add(list: Blocker[], make: () => Blocker): void {
  if (list.length < BLOCKERS_MAX) list.push(make());
}

const FAILED_REASONS = {
  failed: 'FAILED',
  rejected: 'REJECTED',
  rolled_back: 'ROLLED_BACK',
} as const;

function failedBlocker(member: Member, { statuses }: BlockersInput): Blocker {
  const problem = statuses.problem(member.slot);
  return {
    agent: member.name,
    reason: FAILED_REASONS[problem?.result ?? 'failed'],
    message: textOf(problem),
    sinceMs: problem?.sinceMs,
    appliedGeneration: inForce(member, statuses),
  };
}

function lostBlocker(member: Member, { target, statuses }: BlockersInput): Blocker {
  return {
    agent: member.name,
    reason: 'LOST',
    message: target.deleted
      ? 'on the roster without a registration: its proxy may still serve it'
      : 'on the roster without a registration',
    sinceMs: member.lostSinceMs,
    appliedGeneration: inForce(member, statuses),
  };
}

function progressingBlocker(member: Member, input: BlockersInput): Blocker {
  const { reason, message, sinceMs } = whyProgressing(member, input);
  const note = member.onRoster ? '' : ' (registered, but not on the roster)';
  return {
    agent: member.name,
    reason,
    message: message + note,
    sinceMs: sinceMs ?? input.sinceMs,
    appliedGeneration: inForce(member, input.statuses),
  };
}

interface Why {
  reason: BlockerReason;
  message: string;
  sinceMs?: number;
}

function whyProgressing(member: Member, { target, statuses }: BlockersInput): Why {
  const { slot, session, registration } = member;
  if (session === NO_SESSION) {
    const message = registration?.instance === undefined ? UNREADABLE_MEMBER : NOT_SYNCED;
    return { reason: 'NOT_SYNCED', message };
  }
  const reported = statuses.session(slot);
  if (reported === ABSENT) {
    const what = target.deleted ? 'the delete' : 'it';
    return { reason: 'NO_REPORT', message: `has not reported ${what} yet` };
  }
  if (reported === UNREADABLE) {
    return { reason: 'NO_REPORT', message: 'its report cannot be read' };
  }
  if (reported !== session) return { reason: 'NO_REPORT', message: STALE_REPORT };
  const problem = statuses.problem(slot);
  if (problem && problem.generation >= target.generation) {
    return { reason: 'RETRYING', message: textOf(problem), sinceMs: problem.sinceMs };
  }
  return target.deleted ? whyNotRemoved(slot, statuses) : whyNotApplied(slot, target, statuses);
}

const UNREADABLE_MEMBER = 'its registration cannot be read';
const NOT_SYNCED = 'has not listed and reported everything in this epoch yet';
const STALE_REPORT = 'its report is of an earlier incarnation, lease or epoch';

function whyNotRemoved(slot: number, statuses: StatusTable): Why {
  const generation = statuses.generation(slot);
  const message = statuses.isRemoved(slot)
    ? `has removed it at generation ${generation} only`
    : `generation ${generation} is in force`;
  return { reason: 'REMOVING', message };
}

function whyNotApplied(slot: number, target: Target, statuses: StatusTable): Why {
  if (isApplied(slot, target, statuses) && !isProven(slot, target, statuses)) {
    return { reason: 'UNPROVEN', message: `applied, but not proven as ${target.policy}` };
  }
  const phase = statuses.phase(slot);
  const generation = statuses.generation(slot);
  switch (phase) {
    case 'WAITING':
    case 'RECEIVED':
      return { reason: 'WAITING', message: 'has it, and has not begun' };
    case 'APPLYING':
      return { reason: 'APPLYING', message: 'applies it' };
    case 'REMOVING':
    case 'REMOVED':
      return { reason: 'OLD_GENERATION', message: 'has removed an earlier generation' };
    default:
      return {
        reason: 'OLD_GENERATION',
        message:
          generation === target.generation
            ? `another content of generation ${generation} is in force`
            : `generation ${generation} is in force`,
      };
  }
}

function inForce({ slot }: Member, statuses: StatusTable): number {
  return statuses.isRemoved(slot) ? 0 : statuses.generation(slot);
}

function textOf(problem: Problem | undefined): string {
  if (!problem) return '';
  return problem.message === '' ? problem.reason : `${problem.reason}: ${problem.message}`;
}
