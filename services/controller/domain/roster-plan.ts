/** A member as MySQL mirrors it. */
export interface Member {
  readonly env: string;
  readonly name: string;
  readonly instance: string;
  /** As the agent wrote it: ISO 8601, by its own clock. */
  readonly joinedAt: string;
  readonly lostSince?: Date | null;
  readonly leftAt?: Date | null;
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
  /** A clean exit. */
  readonly left: boolean;
}

export type MirrorAction =
  | { kind: 'joined'; env: string; name: string; instance: string; joinedAt: string }
  | { kind: 'back'; env: string; name: string }
  | { kind: 'lost'; env: string; name: string }
  /** Record the leaving, then remove the roster key if it is still at this revision. */
  | { kind: 'left'; env: string; name: string; modRevision: bigint; recorded: boolean };

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
  if (roster?.left && !live) {
    const recorded = row === undefined || Boolean(row.leftAt);
    return [{ kind: 'left', env, name, modRevision: roster.modRevision, recorded }];
  }
  const actions: MirrorAction[] = [];
  const isMember = row !== undefined && !row.leftAt;
  const member = memberOf(agent, isMember);
  if (member && !(isMember && same(row, member))) {
    actions.push({ kind: 'joined', env, name, ...member });
  }
  const known = isMember || member !== undefined;
  if (known && !live && !(isMember && row.lostSince)) actions.push({ kind: 'lost', env, name });
  if (known && live && row?.lostSince) actions.push({ kind: 'back', env, name });
  return actions;
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

function same(row: Member, member: { instance: string; joinedAt: string }): boolean {
  return row.instance === member.instance && row.joinedAt === member.joinedAt;
}

/** Members to put back: those whose roster key is missing although nobody recorded their leaving. */
export function planRestore(rosterKeys: ReadonlySet<string>, members: readonly Member[]): Member[] {
  return members.filter(
    (member) => !member.leftAt && !rosterKeys.has(`${member.env}/${member.name}`),
  );
}
