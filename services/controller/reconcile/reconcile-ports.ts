import type { ConfigRef, ConfigRow } from '../domain/config-row.ts';
import type { KnownEpoch } from '../domain/epoch-plan.ts';
import type { Member } from '../domain/roster-plan.ts';

/** What reconciling needs of `ingress_config`. Reads go to the primary. */
export interface RowSource {
  /** Rows after `after`, live and deleted, ordered by env and id. */
  scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRow[]>;
}

/** What reconciling needs of `etcd_state`. */
export interface EpochStore {
  read(): Promise<KnownEpoch & { readonly liveRows: number }>;
  /**
   * Allocates the epoch above `above` and above every one before, and forgets the high water; `young`
   * when another controller allocated one less than 2 s ago.
   */
  allocate(above: number): Promise<{ allocated: number } | { young: true }>;
  /** Records a clean pass, if `epoch` still is the newest; the high water only rises. */
  markReady(pass: { epoch: number; highWaterRevision: bigint; liveRows: number }): Promise<void>;
}

/** What restoring the roster needs of `agent_member`. */
export interface MemberSource {
  list(): Promise<readonly Member[]>;
}
