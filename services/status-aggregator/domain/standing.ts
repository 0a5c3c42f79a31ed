// The rule of completion.md: which report counts. Everything else is counting.

import type { CompletionPolicy } from '#libs/keyspace';
import { isLive, isMember, type Member, NO_SESSION } from './member.ts';
import { ABSENT, PROOF, type StatusTable } from './status-table.ts';

/** Where an agent stands towards a generation. NONE: it is not a member. */
export const STANDING = { NONE: 0, LOST: 1, PROGRESSING: 2, DONE: 3, FAILED: 4 } as const;
export type Standing = (typeof STANDING)[keyof typeof STANDING];

/** The generation that reports are compared with. */
export interface Target {
  readonly generation: number;
  /** From the view's digests; of a delete: none. */
  readonly digest: number;
  readonly policy: CompletionPolicy;
  readonly deleted: boolean;
  /** Where its tombstone stands in etcd's history; 0 for a config, or when there is none any more. */
  readonly tombstoneRevision: number;
}

/** Where `member` stands towards `target`; without one nobody can be done. */
export function standingOf(
  member: Member,
  target: Target | undefined,
  statuses: StatusTable,
): Standing {
  if (!isMember(member)) return STANDING.NONE;
  if (!isLive(member)) return STANDING.LOST;
  // Not synced: what it reported, or did not report yet, says nothing.
  if (!target || member.session === NO_SESSION) return STANDING.PROGRESSING;
  return target.deleted
    ? standingOnDelete(member, target, statuses)
    : standingOnConfig(member, target, statuses);
}

function standingOnConfig(member: Member, target: Target, statuses: StatusTable): Standing {
  const { slot } = member;
  if (statuses.session(slot) !== member.session) return STANDING.PROGRESSING;
  const { generation, digest } = target;
  const problem = statuses.problem(slot);
  if (problem?.final && problem.generation === generation && problem.digest === digest) {
    return STANDING.FAILED;
  }
  return isApplied(slot, target, statuses) && isProven(slot, target, statuses)
    ? STANDING.DONE
    : STANDING.PROGRESSING;
}

function standingOnDelete(member: Member, target: Target, statuses: StatusTable): Standing {
  const { slot } = member;
  const session = statuses.session(slot);
  if (session === ABSENT) {
    // It has reported everything that it had at that revision. What it began to apply since is not
    // reported before it is in force, so of a later delete it has to say that it knows.
    const { syncedRevision = 0 } = member.registration ?? {};
    return target.tombstoneRevision <= syncedRevision ? STANDING.DONE : STANDING.PROGRESSING;
  }
  if (session !== member.session) return STANDING.PROGRESSING;
  // A removal of an earlier delete is none: the config may have come back in between.
  if (statuses.isRemoved(slot) && statuses.generation(slot) >= target.generation) {
    return STANDING.DONE;
  }
  const problem = statuses.problem(slot);
  return problem?.final && problem.generation >= target.generation
    ? STANDING.FAILED
    : STANDING.PROGRESSING;
}

/** Whether the generation itself is in force, with the same content. */
export function isApplied(
  slot: number,
  { generation, digest }: Target,
  statuses: StatusTable,
): boolean {
  return (
    statuses.generation(slot) === generation &&
    statuses.digest(slot) === digest &&
    !statuses.isRemoved(slot)
  );
}

/** Whether the proof is as strong as the policy wants. */
export function isProven(slot: number, { policy }: Target, statuses: StatusTable): boolean {
  return statuses.proof(slot) >= PROOF[policy];
}
