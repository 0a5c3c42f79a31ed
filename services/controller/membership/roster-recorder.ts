import type { EtcdKv } from '#libs/etcd';
import { rosterKey } from '#libs/keyspace';
import { counter, type Logger } from '#libs/telemetry';
import type { Member, MirrorAction } from '../domain/roster-plan.ts';
import { putWhileLost } from './roster-txns.ts';

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
  /** It has no registration; the first such call says since when. */
  lost(env: string, name: string): Promise<boolean>;
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

  /** `row`: the member as it was recorded before. Throws MysqlErrors and EtcdErrors. */
  async execute(action: MirrorAction, row: Member | undefined, signal: AbortSignal): Promise<void> {
    const changed = await this.#write(action, signal);
    if (action.kind === 'left') await this.#removeRosterKey(action, signal);
    if (!changed) return;
    const { env, name, kind } = action;
    recorded(1, { kind });
    const event = {
      ...{ env, agent: name, change: kind, since: sinceOf(action, row) },
      ...(kind === 'joined' && { instance: action.instance }),
    };
    const isBad = kind === 'lost' || kind === 'forgotten' || kind === 'restored';
    this.#deps.log[isBad ? 'warn' : 'info'](event, `agent ${kind}`);
  }

  async #write(action: MirrorAction, signal: AbortSignal): Promise<boolean> {
    const { members, etcd } = this.#deps;
    const { env, name } = action;
    switch (action.kind) {
      case 'joined':
        return await members.joined(action);
      case 'lost':
        return await members.lost(env, name);
      case 'back':
        return await members.back(env, name);
      case 'forgotten':
        return await members.forgotten(env, name, new Date(action.at));
      case 'restored':
        return await putWhileLost(etcd, action, { signal });
      case 'left':
        return !action.recorded && (await members.left(env, name));
    }
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

/** Since when it was lost, by the database's clock; undefined: it was not. */
function sinceOf({ kind }: MirrorAction, row: Member | undefined): Date | undefined {
  // What has just been written is at most a round trip younger than the look before it.
  return kind === 'lost' ? (row?.readAt ?? undefined) : (row?.lostSince ?? undefined);
}
