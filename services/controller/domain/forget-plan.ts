import { type AgentKeys, isSameMember, type Member } from './roster-plan.ts';

/** A lost member to be taken off the roster, under conditions that etcd checks. */
export interface Forgetting {
  readonly env: string;
  readonly name: string;
  /** Its roster key must still be at this revision. */
  readonly modRevision: bigint;
  /** A member that stays: its roster key must still be at this revision. */
  readonly survivor: { readonly name: string; readonly modRevision: bigint };
  readonly lostSince: Date;
  /** When it is forgotten: the database's time. */
  readonly at: Date;
}

/**
 * Members that have been lost for longer than `forgetAfterMs`, by the database's clock. An environment
 * keeps a member, whatever happens: the live ones, or else the one that was lost last.
 */
export function planForget(
  agents: readonly AgentKeys[],
  members: readonly Member[],
  forgetAfterMs: number,
): Forgetting[] {
  const rows = new Map(members.map((member) => [`${member.env}/${member.name}`, member]));
  const byEnv = Map.groupBy(agents.filter(isOnRoster), ({ env }) => env);
  return [...byEnv.values()].flatMap((present) => {
    const lostForMs = (agent: AgentKeys) =>
      agent.live ? 0 : lostMsOf(agent, rows.get(`${agent.env}/${agent.name}`));
    // The one that stays is the one that was there last.
    const [stays, ...others] = present.toSorted(
      (a, b) => lostForMs(a) - lostForMs(b) || (a.name < b.name ? -1 : 1),
    );
    return others
      .filter((agent) => lostForMs(agent) > forgetAfterMs)
      .flatMap((agent) => forgettingOf(agent, rows.get(`${agent.env}/${agent.name}`), stays));
  });
}

function isOnRoster({ roster }: AgentKeys): boolean {
  return roster !== undefined && !roster.left;
}

/** 0 for who is not known to be lost. Another instance than the recorded one was lost later. */
function lostMsOf({ roster }: AgentKeys, row: Member | undefined): number {
  if (!row?.lostSince || !row.readAt || row.leftAt) return 0;
  const member = roster?.member;
  const isKnown = member !== undefined && member.instance !== '';
  if (isKnown && !isSameMember(row, member)) return 0;
  return row.readAt.getTime() - row.lostSince.getTime();
}

function forgettingOf(
  { env, name, roster }: AgentKeys,
  row: Member | undefined,
  stays: AgentKeys | undefined,
): Forgetting[] {
  if (!roster || !row?.lostSince || !row.readAt || !stays?.roster) return [];
  const survivor = { name: stays.name, modRevision: stays.roster.modRevision };
  const { lostSince, readAt: at } = row;
  return [{ env, name, modRevision: roster.modRevision, survivor, lostSince, at }];
}
