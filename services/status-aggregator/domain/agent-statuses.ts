import { type Blocker, blockerOf } from './blockers.ts';
import { type CompletionState, type ConfigRef, type Situation, targetOf } from './completion.ts';
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
  const env = view.env(ref.env);
  const entry = env?.entries.get(ref.id);
  const target = targetOf(view, ref, facts);
  const statuses = entry?.statuses ?? new StatusTable();
  for (const member of env?.members ?? []) {
    if (member.name <= after || !isMember(member)) continue;
    yield statusOf(member, { target, statuses, sinceMs: entry?.config?.acceptedAtMs });
  }
}

/**
 * The situation as if the environment had this one agent. Without it, or while the current generation
 * is not in etcd, nobody has settled anything.
 */
export function situationOfAgent(
  view: View,
  ref: ConfigRef,
  { facts, situation, agent }: { facts: Facts; situation: Situation; agent: string },
): Situation {
  if (situation.state === 'UNKNOWN' || situation.state === 'PENDING') return situation;
  let state: CompletionState = situation.deleted ? 'DELETING' : 'PROGRESSING';
  for (const { agent: name, standing } of agentStatusesOf(view, ref, { facts })) {
    if (name !== agent) continue;
    if (standing === 'FAILED') state = 'FAILED';
    if (standing === 'DONE') state = situation.deleted ? 'DELETED' : 'COMPLETE';
  }
  return { ...situation, state };
}

interface StatusInput {
  target: Target | undefined;
  statuses: StatusTable;
  sinceMs: number | undefined;
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
