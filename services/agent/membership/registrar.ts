import {
  compareCreate,
  del,
  type EtcdKv,
  get,
  type LeaseId,
  type Op,
  put,
  type Revision,
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
  async create(lease: LeaseId, signal: AbortSignal): Promise<ClaimResult> {
    return await this.#claim(lease, 0n, signal);
  }

  /** Replaces the registration with this create revision: it is this process's own. */
  async takeOver(
    lease: LeaseId,
    createRevision: Revision,
    signal: AbortSignal,
  ): Promise<ClaimResult> {
    return await this.#claim(lease, createRevision, signal);
  }

  /**
   * Says how far the agent is. The revision at which it was written; undefined: the registration is
   * not ours any more.
   */
  async setSynced(
    { lease, createRevision }: { lease: LeaseId; createRevision: Revision },
    synced: Synced,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const value = encodeAgentRegistration({ ...this.#options.registration(), synced });
    const request = {
      compare: [compareCreate(this.#key, '=', createRevision)],
      success: [put(this.#key, value, lease)],
    };
    const { succeeded, revision } = await this.#options.kv.txn(request, { signal });
    return succeeded ? revision : undefined;
  }

  /** Leaves the roster, if the registration is still ours. */
  async leave(createRevision: Revision, leftAt: string): Promise<boolean> {
    const request = {
      compare: [compareCreate(this.#key, '=', createRevision)],
      success: [del(this.#key), put(this.#rosterKey, encodeRoster({ left_at: leftAt }))],
    };
    return (await this.#options.kv.txn(request, { timeoutMs: LEAVE_TIMEOUT_MS })).succeeded;
  }

  async #claim(lease: LeaseId, expected: Revision, signal: AbortSignal): Promise<ClaimResult> {
    const registration = this.#options.registration();
    // One incarnation joins once, however often it has to register.
    const member = { instance: registration.instance, joined_at: registration.started_at };
    const success: Op[] = [
      put(this.#key, encodeAgentRegistration(registration), lease),
      put(this.#rosterKey, encodeRoster(member)),
    ];
    const compare = [compareCreate(this.#key, '=', expected)];
    const result = await this.#options.kv.txn(
      { compare, success, failure: [get(this.#key)] },
      { signal },
    );
    if (!result.succeeded) return { claimed: false, holder: holderIn(result) };
    const { revision } = result;
    return { claimed: true, createRevision: expected === 0n ? revision : expected, revision };
  }
}

function holderIn({ results: [found] }: TxnResult): Holder | undefined {
  const kv = found?.kind === 'range' ? found.kvs[0] : undefined;
  if (!kv) return undefined;
  const { createRevision } = kv;
  return { instance: decodeAgentRegistration(kv.value)?.instance, createRevision };
}
