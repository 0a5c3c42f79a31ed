import { type Clock, systemClock } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { EtcdClient } from './client.ts';
import type { LeaseId } from './types.ts';

export interface LeaseOptions {
  ttlSeconds: number;
  heartbeatMs: number;
  /** Gives up opening. Has no effect on an open lease. */
  signal?: AbortSignal;
  clock?: Clock;
  log: Logger;
}

/** A lease that is kept alive until it is disposed, which also revokes it. */
export interface Lease extends AsyncDisposable {
  readonly id: LeaseId;
  /**
   * Fires with a LeaseLostError once etcd said that the lease is gone, or after `end`. Silence of
   * etcd never fires it: the lease may still be alive there.
   */
  readonly ended: AbortSignal;
  /** Whether a write sent now is still covered by the last answered keepalive. */
  writable(): boolean;
  /** Gives the lease up, for a reason such as the DELETE of one's own key. */
  end(reason: string): void;
}

export async function openLease(client: EtcdClient, options: LeaseOptions): Promise<Lease> {
  void client;
  void options;
  void systemClock;
  throw new Error('soon');
}
