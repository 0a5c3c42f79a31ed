import {
  type CallOptions,
  type Compare,
  compareCreate,
  compareMod,
  del,
  type EtcdKv,
  get,
  type KeyValue,
  type LeaseId,
  type Op,
  put,
  type Revision,
  type TxnRequest,
  type TxnResult,
} from '#libs/etcd';
import {
  type AgentRegistration,
  agentKey,
  decodeAgentRegistration,
  encodeAgentRegistration,
  encodeRoster,
  rosterKey,
  type Synced,
} from '#libs/keyspace';
import type { Holder } from '../domain/claim.ts';

/** How long the clean exit waits for etcd: afterwards the agent counts as lost, not as gone. */
const LEAVE_TIMEOUT_MS = 1_000;

export interface RegistrarOptions {
  kv: Pick<EtcdKv, 'txn'>;
  env: string;
  name: string;
  /** The registration before it is synced. Asked for when there is one to write. */
  registration: () => AgentRegistration;
}

/** A registration that was put, or the one that stood in its way. */
export type ClaimResult =
  | { claimed: true; createRevision: Revision; revision: Revision }
  | { claimed: false; holder: Holder | undefined };

/** A write that only the holder of the registration may make. */
export interface OwnWrite {
  /** Of the registration. */
  readonly createRevision: Revision;
  /** Of the session that writes: a process that took its own registration over has had another. */
  readonly lease: LeaseId;
  readonly success: readonly Op[];
  readonly guards: readonly Compare[];
}

/** `isOurs`: the registration stands, a guard does not. */
export type OwnWriteResult =
  | { written: true; request: TxnRequest; result: TxnResult }
  | { written: false; isOurs: boolean };

/** The transactions on an agent's registration and its place in the roster. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #key: string;
  readonly #rosterKey: string;

  constructor(options: RegistrarOptions) {
    const { env, name } = options;
    this.#options = options;
    this.#key = agentKey(env, name);
    this.#rosterKey = rosterKey(env, name);
  }

  /** Registers where nobody is registered. */
  async create(lease: LeaseId, options: CallOptions): Promise<ClaimResult> {
    return await this.#claim(lease, undefined, options);
  }

  /**
   * Replaces the registration that was read, if it is still the same: it is this process's own. A call
   * that is late must not take back what was said since.
   */
  async takeOver(lease: LeaseId, holder: Holder, options: CallOptions): Promise<ClaimResult> {
    return await this.#claim(lease, holder, options);
  }

  /** The put that says how far the agent is, under the conditions of `writeOwn`. */
  synced(lease: LeaseId, synced: Synced | null): Op {
    const value = encodeAgentRegistration({ ...this.#options.registration(), synced });
    return put(this.#key, value, lease);
  }

  /**
   * Writes while the registration with this create revision stands, and `guards` hold. Throws EtcdErrors,
   * LeaseNotFoundError among them.
   */
  async writeOwn(
    { createRevision, lease, success, guards }: OwnWrite,
    options: CallOptions,
  ): Promise<OwnWriteResult> {
    const request = {
      compare: [
        compareCreate(this.#key, '=', createRevision),
        { key: this.#key, target: 'lease', op: '=', value: lease } as const,
        ...guards,
      ],
      success: [...success],
      failure: [get(this.#key)],
    };
    const result = await this.#options.kv.txn(request, options);
    if (result.succeeded) return { written: true, request, result };
    const held = keyIn(result);
    const isOurs = held?.createRevision === createRevision && held.lease === lease;
    return { written: false, isOurs };
  }

  /** Leaves the roster, if the registration is still ours. */
  async leave(createRevision: Revision, leftAt: string): Promise<boolean> {
    const request = {
      compare: [compareCreate(this.#key, '=', createRevision)],
      success: [del(this.#key), put(this.#rosterKey, encodeRoster({ left_at: leftAt }))],
    };
    return (await this.#options.kv.txn(request, { timeoutMs: LEAVE_TIMEOUT_MS })).succeeded;
  }

  async #claim(
    lease: LeaseId,
    holder: Holder | undefined,
    options: CallOptions,
  ): Promise<ClaimResult> {
    const registration = this.#options.registration();
    // One incarnation joins once, however often it has to register.
    const member = { instance: registration.instance, joined_at: registration.started_at };
    const success: Op[] = [
      put(this.#key, encodeAgentRegistration(registration), lease),
      put(this.#rosterKey, encodeRoster(member)),
    ];
    const expected = holder?.createRevision ?? 0n;
    const unchanged = holder ? [compareMod(this.#key, '=', holder.modRevision)] : [];
    const compare = [compareCreate(this.#key, '=', expected), ...unchanged];
    const result = await this.#options.kv.txn(
      { compare, success, failure: [get(this.#key)] },
      options,
    );
    if (!result.succeeded) return { claimed: false, holder: holderIn(result) };
    const { revision } = result;
    return { claimed: true, createRevision: expected === 0n ? revision : expected, revision };
  }
}

function keyIn({ results: [found] }: TxnResult): KeyValue | undefined {
  return found?.kind === 'range' ? found.kvs[0] : undefined;
}

function holderIn(result: TxnResult): Holder | undefined {
  const kv = keyIn(result);
  if (!kv) return undefined;
  const { createRevision, modRevision } = kv;
  return { instance: decodeAgentRegistration(kv.value)?.instance, createRevision, modRevision };
}
