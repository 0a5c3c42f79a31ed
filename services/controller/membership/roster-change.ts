import type { Revision } from '#libs/etcd';
import { type AgentView, isMember } from './roster-state.ts';

/** A change of the roster's view, as of `revision`. */
export type RosterChange =
  /** A member joined or changed. */
  | { kind: 'agent'; agent: AgentView; revision: Revision }
  /** It is not a member any more. */
  | { kind: 'left'; env: string; name: string; revision: Revision }
  | { kind: 'controllers'; revision: Revision }
  /** The watch had broken and is up again. */
  | { kind: 'reconnected'; revision: Revision }
  /** `deleted`: a key under `ingress_meta/` was removed, which nobody of ours does. */
  | { kind: 'meta'; deleted: boolean; revision: Revision }
  /** A list was taken in whole: what changed by it has been told before. */
  | { kind: 'synced'; revision: Revision };

/** What the members see of an agent's change; undefined: nothing. */
export function agentChange(
  before: AgentView | undefined,
  after: AgentView | undefined,
  revision: Revision,
): RosterChange | undefined {
  if (after && isMember(after)) {
    return before && isMember(before) && isSame(before, after)
      ? undefined
      : { kind: 'agent', agent: after, revision };
  }
  if (!before || !isMember(before)) return undefined;
  return { kind: 'left', env: before.env, name: before.name, revision };
}

function isSame(a: AgentView, b: AgentView): boolean {
  return (
    a.live === b.live &&
    JSON.stringify([a.registration, a.roster?.member]) ===
      JSON.stringify([b.registration, b.roster?.member])
  );
}
