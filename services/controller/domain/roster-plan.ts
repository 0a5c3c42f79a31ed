import type { RosterValue } from '#libs/keyspace';

/** A member as MySQL mirrors it. */
export interface Member {
  readonly env: string;
  readonly name: string;
  readonly instance: string;
  /** As the agent wrote it: ISO 8601, by its own clock. */
  readonly joinedAt: string;
  readonly lostSince?: Date | null;
  /** When it left, or was forgotten. */
  readonly leftAt?: Date | null;
  /** It did not leave: it was lost for so long that it is not counted any more. */
  readonly forgotten?: boolean;
  /** The database's time when the row was read. */
  readonly readAt?: Date;
}

/** An agent's two keys as etcd shows them. */
export interface AgentKeys {
  readonly env: string;
  readonly name: string;
  /** The registration key exists. */
  readonly live: boolean;
  /** From the registration; absent when its value is garbage. */
  readonly registration?: { readonly instance: string; readonly started_at: string };
  readonly roster?: RosterEntry;
}

export interface RosterEntry {
  readonly modRevision: bigint;
  readonly member?: { readonly instance: string; readonly joinedAt: string };
  /** A clean exit, or forgotten. */
  readonly left: boolean;
  /** Set when it was forgotten: when, ISO 8601 by the database's clock. */
  readonly forgottenAt?: string;
}

export type MirrorAction =
  | { kind: 'joined'; env: string; name: string; instance: string; joinedAt: string }
  | { kind: 'back'; env: string; name: string }
  | { kind: 'lost'; env: string; name: string }
  /** Record the leaving, then remove the roster key if it is still at this revision. */
  | { kind: 'left'; env: string; name: string; modRevision: bigint; recorded: boolean }
  /** Record that it was forgotten; the key stays, for it names an exception. */
  | { kind: 'forgotten'; env: string; name: string; at: string }
  /** The key is older than the record: put what the record says, if it is still at this revision. */
  | { kind: 'restored'; env: string; name: string; modRevision: bigint; value: RosterValue };

/** How long a forgotten agent's roster key is kept: what it blocks from being whole is named so long. */
const FORGOTTEN_KEPT_MS = 30 * 24 * 3_600_000;

/**
 * What makes `agent_member` say what etcd says. A member whose roster key is missing stays a member:
 * absence is never evidence of leaving.
 */
export function planMirror(
  agents: readonly AgentKeys[],
  members: readonly Member[],
): MirrorAction[] {
  const rows = new Map(members.map((member) => [`${member.env}/${member.name}`, member]));
  const listed = new Set(agents.map(({ env, name }) => `${env}/${name}`));
  const actions = agents.flatMap((agent) =>
    planAgent(agent, rows.get(`${agent.env}/${agent.name}`)),
  );
  for (const row of members) {
    // Neither key exists: after a wipe, until the roster is restored and the agent is back.
    if (!row.leftAt && !row.lostSince && !listed.has(`${row.env}/${row.name}`)) {
      actions.push({ kind: 'lost', env: row.env, name: row.name });
    }
  }
  return actions;
}

function planAgent(agent: AgentKeys, row: Member | undefined): MirrorAction[] {
  const { env, name, live, roster } = agent;
  if (roster?.left && !live) return planLeft(agent, roster, row);
  const isStale =
    roster?.member && row?.leftAt && !row.forgotten && isNoLaterLife(roster.member, row);
  if (isStale && !live) {
    // Of a history before its leaving: etcd was restored from a backup.
    return [{ kind: 'left', env, name, modRevision: roster.modRevision, recorded: true }];
  }
  const actions: MirrorAction[] = [];
  const isMember = row !== undefined && !row.leftAt;
  const member = memberOf(agent, isMember);
  if (member && !(isMember && isSameMember(row, member))) {
    actions.push({ kind: 'joined', env, name, ...member });
  }
  const known = isMember || member !== undefined;
  if (known && !live && !(isMember && row.lostSince)) actions.push({ kind: 'lost', env, name });
  // First, for joining as another instance clears the time that it was lost.
  if (known && live && row?.lostSince) actions.unshift({ kind: 'back', env, name });
  return actions;
}

function planLeft(
  { env, name }: AgentKeys,
  { modRevision, forgottenAt }: RosterEntry,
  row: Member | undefined,
): MirrorAction[] {
  const isRecorded = row === undefined || (Boolean(row.leftAt) && !row.forgotten);
  const left: MirrorAction = { kind: 'left', env, name, modRevision, recorded: isRecorded };
  if (forgottenAt === undefined || isRecorded) return [left];
  if (row.leftAt) return isKept(row) ? [] : [{ ...left, recorded: true }];
  if (wasLostBy(row, forgottenAt)) return [{ kind: 'forgotten', env, name, at: forgottenAt }];
  // Of a history before it came back: etcd was restored from a backup.
  const value = { instance: row.instance, joined_at: row.joinedAt };
  return [{ kind: 'restored', env, name, modRevision, value }];
}

/** Whether a forgetting is about this loss, not about one before it. Both times are the database's. */
function wasLostBy({ lostSince }: Member, at: string): boolean {
  return Boolean(lostSince) && Date.parse(at) >= (lostSince?.getTime() ?? 0);
}

/** Whether a forgotten member's key is still wanted. */
function isKept(row: Member | undefined): boolean {
  if (!row?.leftAt || !row.readAt) return false;
  return row.readAt.getTime() - row.leftAt.getTime() < FORGOTTEN_KEPT_MS;
}

function memberOf(
  { live, registration, roster }: AgentKeys,
  isMember: boolean,
): { instance: string; joinedAt: string } | undefined {
  // Garbage decodes to an unknown instance: it is a member, but the record is the better source.
  if (roster?.member) return roster.member.instance === '' && isMember ? undefined : roster.member;
  // A registration without a roster key: somebody deleted it, and the agent is a member all the same.
  if (roster || isMember || !live || !registration) return undefined;
  return { instance: registration.instance, joinedAt: registration.started_at };
}

/** Whether a roster key is of the life of an agent that the record tells of, or of one before it. */
function isNoLaterLife(
  member: { readonly instance: string; readonly joinedAt: string },
  row: Member,
): boolean {
  return isSameMember(row, member) || Date.parse(member.joinedAt) < Date.parse(row.joinedAt);
}

/** Whether the record and the roster key are of the same life of an agent. */
export function isSameMember(
  row: Member,
  member: { readonly instance: string; readonly joinedAt: string },
): boolean {
  return row.instance === member.instance && row.joinedAt === member.joinedAt;
}

/** A roster key to put back. */
export interface RestoredKey {
  readonly env: string;
  readonly name: string;
  readonly value: RosterValue;
}

/** Roster keys that are missing although nobody recorded a leaving: members, and who was forgotten. */
export function planRestore(
  rosterKeys: ReadonlySet<string>,
  members: readonly Member[],
): RestoredKey[] {
  return members.flatMap((member): RestoredKey[] => {
    const { env, name, instance, joinedAt, leftAt, forgotten } = member;
    if (rosterKeys.has(`${env}/${name}`)) return [];
    if (!leftAt) return [{ env, name, value: { instance, joined_at: joinedAt } }];
    if (!forgotten || !isKept(member)) return [];
    return [{ env, name, value: { left_at: leftAt.toISOString(), forgotten: true } }];
  });
}
