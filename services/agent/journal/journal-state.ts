import type { LeaseId } from '#libs/etcd';
import type { AttemptSlot } from '#libs/keyspace';
import type { BrakeState } from '../domain/brake.ts';
import { highestMark } from '../domain/evidence.ts';
import { isSame } from '../domain/gate.ts';
import type {
  AppliedVersion,
  ConfigRecord,
  ConfigVersion,
  DriftRecord,
  PassMark,
  Proof,
  RemovedRecord,
} from '../domain/record.ts';

/**
 * Versions remembered that a driver was asked for without success. After more of them in a row, one that
 * took effect all the same is repaired as if somebody else had put it there.
 */
const TRIES_MAX = 4;

/** One fact of the journal. The state is what all of them say, in order. */
export type JournalEntry =
  /** First line of a journal: whose it is. */
  | { t: 'header'; format: 1; env: string; agent: string }
  /** The driver is about to be asked to apply this version. */
  | { t: 'try'; id: string; version: ConfigVersion }
  /** The version of the last `try` is in force. */
  | { t: 'applied'; id: string; at: string; proof: Proof; attempt: AttemptSlot }
  /** A whole record: in a snapshot, or adopted from what is in force. */
  | { t: 'config'; id: string; applied: AppliedVersion | null; attempt: AttemptSlot | null }
  /** A try failed. */
  | { t: 'attempt'; id: string; attempt: AttemptSlot }
  /** What is in force is not what was applied, or its repair failed. Ends with the next `applied`. */
  | { t: 'drift'; id: string; drift: DriftRecord }
  /** The driver is about to be asked to remove; the evidence was good. */
  | { t: 'removing'; id: string; generation: number; tombstone: boolean }
  | { t: 'removed'; id: string; removed: RemovedRecord }
  /** A removal is remembered no longer. */
  | { t: 'forget'; id: string }
  | { t: 'mark'; mark: PassMark }
  | { t: 'brake'; brake: BrakeState }
  /** The lease that the registration will stand under. Empty: it was revoked. */
  | { t: 'lease'; lease: LeaseId }
  /** Whether removals are held because an earlier journal was lost. */
  | { t: 'hold'; held: boolean };

/** A removal that was decided and not yet confirmed. */
export interface PendingRemoval {
  readonly generation: number;
  readonly tombstone: boolean;
}

/** What the journal says. */
export interface JournalState {
  readonly configs: ReadonlyMap<string, ConfigRecord>;
  /** What the driver was asked to apply since the last `applied`, oldest first: any of it may be in force. */
  readonly tries: ReadonlyMap<string, readonly ConfigVersion[]>;
  readonly removing: ReadonlyMap<string, PendingRemoval>;
  readonly removed: ReadonlyMap<string, RemovedRecord>;
  readonly mark: PassMark | undefined;
  readonly brake: BrakeState | undefined;
  readonly lease: LeaseId;
  readonly held: boolean;
}

/** The state, and how facts change it. */
export class JournalMemory implements JournalState {
  readonly configs = new Map<string, ConfigRecord>();
  readonly tries = new Map<string, readonly ConfigVersion[]>();
  readonly removing = new Map<string, PendingRemoval>();
  readonly removed = new Map<string, RemovedRecord>();
  mark: PassMark | undefined;
  brake: BrakeState | undefined;
  lease: LeaseId = '';
  held = false;

  /** Takes in one fact. */
  take(entry: JournalEntry): void {
    switch (entry.t) {
      case 'header':
        return;
      case 'mark':
        this.mark = highestMark(this.mark, entry.mark);
        return;
      case 'brake':
        this.brake = entry.brake;
        return;
      case 'lease':
        this.lease = entry.lease;
        return;
      case 'hold':
        this.held = entry.held;
        return;
      default:
        this.#takeOfConfig(entry);
    }
  }

  /** The facts that lead to this state, fewest first to last. */
  *snapshot(): Generator<JournalEntry> {
    if (this.held) yield { t: 'hold', held: true };
    if (this.lease !== '') yield { t: 'lease', lease: this.lease };
    if (this.mark) yield { t: 'mark', mark: this.mark };
    if (this.brake) yield { t: 'brake', brake: this.brake };
    for (const [id, removed] of this.removed) yield { t: 'removed', id, removed };
    for (const [id, { applied, attempt, drift }] of this.configs) {
      yield { t: 'config', id, applied: applied ?? null, attempt: attempt ?? null };
      if (drift) yield { t: 'drift', id, drift };
    }
    for (const [id, versions] of this.tries) {
      for (const version of versions) yield { t: 'try', id, version };
    }
    for (const [id, pending] of this.removing) yield { t: 'removing', id, ...pending };
  }

  #takeOfConfig(entry: Extract<JournalEntry, { id: string }>): void {
    const { id } = entry;
    switch (entry.t) {
      case 'try':
        this.#try(id, entry.version);
        return;
      case 'applied':
        this.#apply(entry);
        return;
      case 'config':
        this.configs.set(id, {
          applied: entry.applied ?? undefined,
          attempt: entry.attempt ?? undefined,
          drift: undefined,
        });
        return;
      case 'attempt':
        this.configs.set(id, { ...this.#recordOf(id), attempt: entry.attempt });
        return;
      case 'drift':
        this.configs.set(id, { ...this.#recordOf(id), drift: entry.drift });
        return;
      case 'removing':
        this.removing.set(id, { generation: entry.generation, tombstone: entry.tombstone });
        return;
      case 'removed':
        for (const map of [this.configs, this.tries, this.removing]) map.delete(id);
        this.removed.set(id, entry.removed);
        return;
      case 'forget':
        this.removed.delete(id);
        return;
    }
  }

  #try(id: string, version: ConfigVersion): void {
    const others = (this.tries.get(id) ?? []).filter((tried) => !isSame(tried, version));
    this.tries.set(id, [...others, version].slice(-TRIES_MAX));
  }

  #apply({ id, at, proof, attempt }: Extract<JournalEntry, { t: 'applied' }>): void {
    const version = this.tries.get(id)?.at(-1);
    // A journal that lost the try is corrupt in a way that a checksum cannot show: the driver is
    // compared with the state at each start, so that what is in force gets adopted.
    if (!version) return;
    this.tries.delete(id);
    this.removed.delete(id);
    this.removing.delete(id);
    this.configs.set(id, { applied: { ...version, at, proof }, attempt, drift: undefined });
  }

  #recordOf(id: string): ConfigRecord {
    return this.configs.get(id) ?? { applied: undefined, attempt: undefined, drift: undefined };
  }
}
