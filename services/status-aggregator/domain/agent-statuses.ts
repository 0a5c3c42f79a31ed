import { type Blocker, blockerOf } from './blockers.ts';
import { type ConfigRef, type Situation, targetOf } from './completion.ts';
import type { Facts } from './facts.ts';
import { isMember, type Member } from './member.ts';
import { isApplied, STANDING, type Standing, standingOf, type Target } from './standing.ts';
import { ABSENT, PROOF, StatusTable, UNREADABLE } from './status-table.ts';
import type { View } from './view.ts';

/** Where one member stands towards a config. */
export interface AgentStatus {
  readonly agent: string;
  readonly standing: 'DONE' | 'PROGRESSING' | 'FAILED' | 'LOST';
  /** Undefined: it does not block. */
  readonly blocker: Blocker | undefined;
  /** Empty without a readable report. */
  readonly phase: string;
  /** Generation in force; 0: none is known. */
  readonly appliedGeneration: number;
  /** What is in force is the current generation, with its content. */
  readonly isUpToDate: boolean;
  readonly proof: 'NONE' | 'APPLIED' | 'VERIFIED';
}

const NAMES: Readonly<Record<Standing, AgentStatus['standing']>> = {
  [STANDING.NONE]: 'PROGRESSING',
  [STANDING.LOST]: 'LOST',
  [STANDING.PROGRESSING]: 'PROGRESSING',
  [STANDING.DONE]: 'DONE',
  [STANDING.FAILED]: 'FAILED',
};

/** The members after `after`, ordered by name, towards the current generation of a config. */
export function* agentStatusesOf(
  view: View,
  ref: ConfigRef,
  { facts, after = '' }: { facts: Facts; after?: string },
): Generator<AgentStatus> {
  const input = inputOf(view, ref, facts);
  for (const member of view.env(ref.env)?.members ?? []) {
    if (member.name > after && isMember(member)) yield statusOf(member, input);
  }
}

/** Where one agent stands; undefined: it is no member. */
export function agentStatusOf(
  view: View,
  ref: ConfigRef,
  { facts, agent }: { facts: Facts; agent: string },
): AgentStatus | undefined {
  const member = view.env(ref.env)?.member(agent);
  return member && isMember(member) ? statusOf(member, inputOf(view, ref, facts)) : undefined;
}

/**
 * The situation as if the environment had this one agent. Without it, or while the current generation
 * is not in etcd, nobody has settled anything.
 */
export function situationOfAgent(
  situation: Situation,
  status: Pick<AgentStatus, 'standing'> | undefined,
): Situation {
  const { state, deleted } = situation;
  if (state === 'UNKNOWN' || state === 'PENDING') return situation;
  switch (status?.standing) {
    case 'FAILED':
      return { ...situation, state: 'FAILED' };
    case 'DONE':
      return { ...situation, state: deleted ? 'DELETED' : 'COMPLETE' };
    default:
      return { ...situation, state: deleted ? 'DELETING' : 'PROGRESSING' };
  }
}

interface StatusInput {
  target: Target | undefined;
  statuses: StatusTable;
  /** Since when the target is wanted. */
  sinceMs: number | undefined;
}

function inputOf(view: View, ref: ConfigRef, facts: Facts): StatusInput {
  const entry = view.env(ref.env)?.entries.get(ref.id);
  const target = targetOf(view, ref, facts);
  const sinceMs = entry?.target === target ? entry?.wantedSinceMs : undefined;
  return { target, statuses: entry?.statuses ?? new StatusTable(), sinceMs };
}

function statusOf(member: Member, { target, statuses, sinceMs }: StatusInput): AgentStatus {
  const { name, slot } = member;
  const session = statuses.session(slot);
  const isRemoved = statuses.isRemoved(slot);
  const proof = statuses.proof(slot);
  return {
    agent: name,
    standing: NAMES[standingOf(member, target, statuses)],
    blocker: target && blockerOf(member, { target, statuses, members: [member], sinceMs }),
    phase: session === ABSENT || session === UNREADABLE ? '' : statuses.phase(slot),
    appliedGeneration: isRemoved ? 0 : statuses.generation(slot),
    isUpToDate: target !== undefined && !target.deleted && isApplied(slot, target, statuses),
    proof: proof === PROOF.VERIFIED ? 'VERIFIED' : proof === PROOF.APPLIED ? 'APPLIED' : 'NONE',
  };
}
