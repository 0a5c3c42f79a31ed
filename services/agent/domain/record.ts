import type { AttemptSlot, ProofLevel } from '#libs/keyspace';

/** One version of a config, enough to put it in force again without etcd. */
export interface ConfigVersion {
  readonly generation: number;
  readonly digest: string;
  /** Canonical JSON. Empty for what was adopted from disk with its origin unknown. */
  readonly content: string;
  readonly traceparent: string;
  /**
   * When the config was created, or last created again after a delete: ISO 8601, UTC, milliseconds.
   * Of two configs that want the same, the older by (`createdAt`, id) has it. Empty: not known.
   */
  readonly createdAt: string;
}

/** How strongly a driver vouches for a version, and by which means. */
export interface Proof {
  readonly level: ProofLevel;
  readonly method: string;
}

/** A version in force: the last-known-good of its config. */
export interface AppliedVersion extends ConfigVersion {
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
  readonly proof: Proof;
}

/** How what is in force differs from what was applied. `unreadable`: nobody can tell. */
export type DriftKind = 'missing' | 'changed' | 'unreadable';

/** The version in force was changed behind the agent's back and is not back yet. */
export interface DriftRecord {
  readonly found: DriftKind;
  /** Of the version in force: how its repair stands. Never `ok`. */
  readonly attempt: AttemptSlot;
}

/** What the agent knows of a config that it has or tried to have. */
export interface ConfigRecord {
  readonly applied: AppliedVersion | undefined;
  readonly attempt: AttemptSlot | undefined;
  /** Undefined: `applied` is in force as far as the last look knows. */
  readonly drift: DriftRecord | undefined;
}

/** A config that was removed: nothing at or below its generation is applied again. */
export interface RemovedRecord {
  readonly generation: number;
  /** ISO 8601, by this machine's clock. */
  readonly at: string;
  /** Whether its tombstone is still in etcd, so that the removal is reported. */
  readonly tombstone: boolean;
}

/** A point in the sequence of full passes: later in the same epoch means that a pass completed. */
export interface PassMark {
  readonly epoch: number;
  readonly pass: number;
}

/** What the meta keys say, as of one revision. Undefined: absent or unreadable. */
export interface MetaView {
  readonly epoch: number | undefined;
  readonly ready: number | undefined;
  readonly pass: number | undefined;
  /** Epoch for which an operator lets held removals of this environment go on. */
  readonly resume: number | undefined;
}

/** The generation that a record stands for: in force, else tried. */
export function generationOf(record: ConfigRecord): number {
  return record.applied?.generation ?? record.attempt?.generation ?? 0;
}
