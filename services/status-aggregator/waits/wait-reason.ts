import type { Answer } from '../answers/answerer.ts';
import type { AgentStatus } from '../domain/agent-statuses.ts';
import type { Blocker } from '../domain/blockers.ts';

/** Blockers named in one line; who wants all of them asks for the statuses. */
const NAMED_MAX = 3;
/** Environments named in one line. */
const ENVS_MAX = 3;

/** The one agent that a wait is for. */
export interface WaitedAgent {
  readonly name: string;
  /** Undefined: it is no member. */
  readonly status: AgentStatus | undefined;
}

/** How far it is, and who blocks, in one line: the environments that are not done, in order. */
export function waitReason(answers: readonly Answer[], agent?: WaitedAgent): string {
  const open = answers.filter(({ completion }) => completion.blockersTotal > 0);
  const shown = (open.length > 0 ? open : answers).slice(0, ENVS_MAX).map(reasonOf);
  const more = open.length - ENVS_MAX;
  return [
    ...(agent ? [agentText(agent)] : []),
    ...shown,
    ...(more > 0 ? [`and ${more} more environments`] : []),
  ].join('; ');
}

function agentText({ name, status }: WaitedAgent): string {
  if (!status) return `${name} is no member`;
  return status.blocker ? blockerText(status.blocker) : `${name} ${status.standing}`;
}

function reasonOf({ env, completion }: Answer): string {
  const { state, counts, blockers, blockersTotal, unknownReason } = completion;
  if (unknownReason !== '') return `env ${env}: ${state}: ${unknownReason}`;
  const named = blockers.slice(0, NAMED_MAX).map(blockerText);
  const more = blockersTotal - named.length;
  return [
    `env ${env}: ${state}, ${counts.done}/${counts.expected} done`,
    ...named,
    ...(more > 0 ? [`${more} more`] : []),
  ].join(', ');
}

function blockerText({ agent, reason, message }: Blocker): string {
  return message === '' ? `${agent} ${reason}` : `${agent} ${reason}: ${message}`;
}
