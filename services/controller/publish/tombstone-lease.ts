import type { EtcdKv, LeaseId } from '#libs/etcd';
import type { Clock } from '#libs/lifecycle';

/** How long a tombstone stays in etcd at most: agents remember removed ids as long. */
const TTL_SECONDS = 9 * 24 * 3_600;
/** Deletes of one day share a lease, so that leases stay few and tombstones live 8 to 9 days. */
const SHARED_FOR_MS = 24 * 3_600_000;
/** Deadline of the grant: as of every call of the data path. */
const GRANT_TIMEOUT_MS = 1_000;

/** The lease under which tombstones are put. It is never revoked: it ends by itself. */
export class TombstoneLease {
  readonly #etcd: Pick<EtcdKv, 'leaseGrant'>;
  readonly #clock: Clock;
  #held: { lease: LeaseId; epoch: number; grantedAtMs: number } | undefined;
  #granting: Promise<LeaseId> | undefined;

  constructor(deps: { etcd: Pick<EtcdKv, 'leaseGrant'>; clock: Clock }) {
    this.#etcd = deps.etcd;
    this.#clock = deps.clock;
  }

  /** The day's lease in `epoch`. Another epoch is another etcd, which does not know the old lease. */
  async get(epoch: number): Promise<LeaseId> {
    const held = this.#held;
    const isFresh =
      held?.epoch === epoch && this.#clock.monotonicMs() - held.grantedAtMs < SHARED_FOR_MS;
    if (isFresh) return held.lease;
    this.#granting ??= this.#grant(epoch).finally(() => {
      this.#granting = undefined;
    });
    return await this.#granting;
  }

  /** Forgets a lease that etcd does not know. */
  drop(lease: LeaseId): void {
    if (this.#held?.lease === lease) this.#held = undefined;
  }

  async #grant(epoch: number): Promise<LeaseId> {
    const grantedAtMs = this.#clock.monotonicMs();
    const lease = await this.#etcd.leaseGrant(TTL_SECONDS, { timeoutMs: GRANT_TIMEOUT_MS });
    this.#held = { lease, epoch, grantedAtMs };
    return lease;
  }
}
