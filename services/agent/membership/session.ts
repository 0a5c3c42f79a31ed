import type { Lease, Revision } from '#libs/etcd';

/** A registration that stands: whose lease carries the statuses, and what proves that it is ours. */
export interface Session {
  readonly lease: Lease;
  /** Create revision of the registration: compared in every transaction of the session. */
  readonly createRevision: Revision;
  /** Revision of the store when it was put. */
  readonly revision: Revision;
}
