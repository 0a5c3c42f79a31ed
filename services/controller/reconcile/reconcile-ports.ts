import type { ConfigRef, ConfigRow } from '../domain/config-row.ts';
import type { KnownEpoch } from '../domain/epoch-plan.ts';
import type { Member } from '../domain/roster-plan.ts';

/** What a pass knows of MySQL before it looks at etcd. */
export interface EpochState extends KnownEpoch {
  /** Live rows at the last clean pass. */
  readonly liveRows: number;
  /** Every generation has to be above it. */
  readonly generationBase: number;
  /** The safety stop, and what an operator accepted of it. */
  readonly stop?:
    | {
        readonly liveRows: number;
        readonly liveRowsBefore: number;
        readonly confirmedLiveRows: number | undefined;
      }
    | undefined;
}

/** What reconciling needs of `ingress_config`. Reads go to the primary. */
export interface RowSource {
  /** Rows after `after`, live and deleted, ordered by env and id. */
  scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRow[]>;
  /** Lifts rows at or below `base` above it, a bounded number at once; returns how many it found. */
  liftRows(base: number): Promise<number>;
}

/** What reconciling needs of `etcd_state` and `safety_stop`. */
export interface EpochStore {
  read(): Promise<EpochState>;
  /**
   * Allocates the epoch above `above` and above every one before, and forgets the high water; `young`
   * when another controller allocated one less than 2 s ago.
   */
  allocate(above: number): Promise<{ allocated: number } | { young: true }>;
  /**
   * Records a clean pass, if `epoch` still is the newest; the high water only rises. A safety stop ends,
   * and its confirmation with it.
   */
  markReady(pass: { epoch: number; highWaterRevision: bigint; liveRows: number }): Promise<void>;
  /** Records that MySQL seems to have lost rows, unless a clean pass has ended since `liveRowsBefore`. */
  markStopped(found: {
    liveRows: number;
    liveRowsBefore: number;
    configsInEtcd: number;
  }): Promise<void>;
}

/** What restoring the roster needs of `agent_member`. */
export interface MemberSource {
  list(): Promise<readonly Member[]>;
}
