import { del, type EtcdClient, type Op, put } from '#libs/etcd';
import {
  agentKey,
  encodeRoster,
  encodeStatus,
  rosterKey,
  type StatusValue,
  statusKey,
} from '#libs/keyspace';
import {
  ACCEPTED_AT,
  appliedStatus,
  registrationText,
  removedStatus,
} from '#services/status-aggregator/domain/testing/story.ts';

/** Far above any test: such a lease ends when it is told to. */
const LEASE_SECONDS = 3_600;

/** Where an agent writes. */
export interface KeysPlace {
  readonly kv: EtcdClient;
  readonly epoch: number;
  readonly revision: number;
  write(...ops: Op[]): Promise<void>;
  wrote(revision: bigint): void;
}

/** One incarnation of an agent that is nothing but what it writes into etcd. */
export class KeysAgent {
  readonly env: string;
  readonly name: string;
  readonly instance: string;
  readonly #place: KeysPlace;
  #lease = '0';

  constructor(place: KeysPlace, who: { env: string; name: string; instance: string }) {
    this.#place = place;
    this.env = who.env;
    this.name = who.name;
    this.instance = who.instance;
  }

  /** Registers under a new lease, and joins the roster; not synced yet. */
  async register(): Promise<void> {
    this.#lease = await this.#place.kv.leaseGrant(LEASE_SECONDS);
    const member = encodeRoster({ instance: this.instance, joined_at: ACCEPTED_AT });
    await this.#place.write(put(rosterKey(this.env, this.name), member), this.#registration(null));
  }

  /** Says that it has reported all that etcd holds now. */
  async sync(): Promise<void> {
    const { epoch, revision } = this.#place;
    await this.#place.write(this.#registration({ epoch, revision }));
  }

  /** Reports that `generation` is in force, or what `more` says. */
  async report(id: string, generation: number, more: Partial<StatusValue> = {}): Promise<void> {
    await this.#place.write(this.#status(id, appliedStatus(generation, this.#by(), more)));
  }

  /** Reports several configs in one transaction. */
  async reportAll(ids: readonly string[], generation: number): Promise<void> {
    const status = appliedStatus(generation, this.#by());
    await this.#place.write(...ids.map((id) => this.#status(id, status)));
  }

  /** Reports that it has carried out the delete of `generation`. */
  async reportRemoved(id: string, generation: number): Promise<void> {
    await this.#place.write(this.#status(id, removedStatus(generation, this.#by())));
  }

  /** Its lease ends: registration and reports go, the roster key stays. */
  async die(): Promise<void> {
    await this.#place.kv.leaseRevoke(this.#lease);
    await this.#showRevision();
  }

  /** A clean exit. */
  async leave(): Promise<void> {
    await this.#place.write(
      del(agentKey(this.env, this.name)),
      put(rosterKey(this.env, this.name), encodeRoster({ left_at: ACCEPTED_AT })),
    );
    await this.die();
  }

  /** A revoke answers no revision. */
  async #showRevision(): Promise<void> {
    const key = agentKey(this.env, this.name);
    this.#place.wrote((await this.#place.kv.range({ key })).revision);
  }

  #by() {
    return { instance: this.instance, epoch: this.#place.epoch };
  }

  #status(id: string, status: StatusValue): Op {
    return put(statusKey(this.env, id, this.name), encodeStatus(status), this.#lease);
  }

  #registration(synced: Parameters<typeof registrationText>[2]): Op {
    const text = registrationText(this.name, this.instance, synced);
    return put(agentKey(this.env, this.name), text, this.#lease);
  }
}
