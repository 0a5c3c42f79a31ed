import type { EtcdKv } from '#libs/etcd';
import { rosterKey } from '#libs/keyspace';
import { counter, type Logger } from '#libs/telemetry';
import type { AgentKeys, Member, MirrorAction } from '../domain/roster-plan.ts';
import { isAsSeen, putWhileLost } from './roster-txns.ts';

/** Deadline of a call to etcd. */
const CALL_TIMEOUT_MS = 1_000;

/** What the mirror needs of `agent_member`. Every write is idempotent; true: it changed something. */
export interface MemberMirror {
  list(): Promise<readonly Member[]>;
  /** The member is there, as this instance, neither left nor, for all that is known, lost. */
  joined(member: {
    env: string;
    name: string;
    instance: string;
    joinedAt: string;
  }): Promise<boolean>;
  /** It left by a clean exit. */
  left(env: string, name: string): Promise<boolean>;
  /** It has no registration. The first such call records since when, and returns it. */
  lost(env: string, name: string): Promise<Date | undefined>;
  /** It was lost for so long that it is not counted any more, since `at`. */
  forgotten(env: string, name: string, at: Date): Promise<boolean>;
  /** It has a registration again. */
  back(env: string, name: string): Promise<boolean>;
}

export interface RosterRecorderDeps {
  members: Omit<MemberMirror, 'list'>;
  etcd: Pick<EtcdKv, 'txn'>;
  log: Logger;
}

const recorded = counter('rollcall_roster_changes', 'Changes of the roster recorded in MySQL');

/** Executes what the mirror has planned. Of all controllers, the one that changes a row logs it. */
export class RosterRecorder {
  readonly #deps: RosterRecorderDeps;

  constructor(deps: RosterRecorderDeps) {
    this.#deps = deps;
  }

  /**
   * Executes what was planned for one agent, in order, on what was `seen` of it. Nothing happens when
   * etcd shows something else by now: the other controllers may have recorded that already, and a view
   * that lags must not undo it. Throws MysqlErrors and EtcdErrors.
   */
  async record(
    actions: readonly MirrorAction[],
    seen: { keys: AgentKeys | undefined; row: Member | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const [first] = actions;
    if (!first || !(await isAsSeen(this.#deps.etcd, first, seen.keys, signal))) return;
    for (const action of actions) await this.#execute(action, seen.row, signal);
  }

  async #execute(
    action: MirrorAction,
    row: Member | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const changed = await this.#write(action, signal);
    if (action.kind === 'left') await this.#removeRosterKey(action, signal);
    if (!changed) return;
    const { env, name, kind } = action;
    const since = changed instanceof Date ? changed : (row?.lostSince ?? undefined);
    recorded(1, { kind });
    const event = {
      ...{ env, agent: name, change: kind, since },
      ...(kind === 'joined' && { instance: action.instance }),
    };
    const isBad = kind === 'lost' || kind === 'forgotten' || kind === 'restored';
    this.#deps.log[isBad ? 'warn' : 'info'](event, `agent ${kind}`);
  }

  /** Truthy: it changed something. A date is since when the member is lost. */
  async #write(action: MirrorAction, signal: AbortSignal): Promise<boolean | Date | undefined> {
    const { members, etcd } = this.#deps;
    const { env, name } = action;
    if (action.kind === 'joined') return await members.joined(action);
    if (action.kind === 'lost') return await members.lost(env, name);
    if (action.kind === 'back') return await members.back(env, name);
    if (action.kind === 'forgotten') {
      return await members.forgotten(env, name, new Date(action.at));
    }
    if (action.kind === 'restored') return await putWhileLost(etcd, action, { signal });
    return !action.recorded && (await members.left(env, name));
  }

  /** Only once MySQL knows of the leaving, and only what said so: a new registration puts anew. */
  async #removeRosterKey(
    { env, name, modRevision }: { env: string; name: string; modRevision: bigint },
    signal: AbortSignal,
  ): Promise<void> {
    const key = rosterKey(env, name);
    await this.#deps.etcd.txn(
      {
        compare: [{ key, target: 'mod', op: '=', value: modRevision }],
        success: [{ delete: { key } }],
      },
      { signal, timeoutMs: CALL_TIMEOUT_MS },
    );
  }
}
