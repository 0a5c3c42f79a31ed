import { isSame } from './gate.ts';
import type { AppliedVersion, ConfigRecord, ConfigVersion, DriftKind } from './record.ts';

/** What was under way when the process before this one ended. */
export interface RecoveryInput {
  configs: ReadonlyMap<string, ConfigRecord>;
  /** Versions that a driver was asked to apply without saying that it did, oldest first. */
  tries: ReadonlyMap<string, readonly ConfigVersion[]>;
  /** Removals that were decided. */
  removing: ReadonlyMap<string, { readonly generation: number }>;
  /** Configs that were removed. */
  removed: ReadonlyMap<string, unknown>;
  /** Whether the journal has lost facts: then what is on disk may be newer than what it says. */
  damaged: boolean;
  /** What the driver has: a hash of the content by id. */
  installed: ReadonlyMap<string, string>;
  hashOf: (content: string) => string;
}

export interface RecoveryPlan {
  /** Applied, but the process ended before the journal said so. */
  complete: ReadonlyMap<string, ConfigVersion>;
  /** Removals to finish. */
  remove: readonly string[];
  /**
   * In force without the journal knowing it: the journal has lost something, or what was removed is
   * back. What a whole journal has never heard of is not the agent's, and left alone.
   */
  adopt: readonly string[];
  /** The driver has something else than the journal's last-known-good, or nothing. */
  drifted: ReadonlyMap<string, DriftKind>;
}

/** Compares journal and driver at a start. Nothing that is in force is given up. */
export function planRecovery(input: RecoveryInput): RecoveryPlan {
  const { configs, tries, removing, removed, installed, damaged, hashOf } = input;
  const complete = findUnconfirmed({ configs, tries, installed, hashOf });
  const remove: string[] = [];
  for (const [id, { generation }] of removing) {
    // It was created anew since: the removal does not speak for what the driver was asked for then.
    if ((tries.get(id) ?? []).some((tried) => tried.generation > generation)) continue;
    complete.delete(id);
    remove.push(id);
  }
  const adopt: string[] = [];
  for (const [id, hash] of installed) {
    if (removing.has(id) || complete.has(id)) continue;
    const applied = configs.get(id)?.applied;
    if (!applied && !tries.has(id)) {
      if (damaged || removed.has(id)) adopt.push(id);
    } else if (damaged && applied && hashOf(applied.content) !== hash) {
      adopt.push(id);
    }
  }
  const drifted = findDrifted({ configs, installed, hashOf });
  for (const id of [...complete.keys(), ...removing.keys(), ...adopt]) drifted.delete(id);
  return { complete, remove, adopt, drifted };
}

/** Versions in force although the driver failed, was given up, or was not heard any more. */
export function findUnconfirmed({
  configs,
  tries,
  installed,
  hashOf,
}: Pick<RecoveryInput, 'configs' | 'tries' | 'installed' | 'hashOf'>): Map<string, ConfigVersion> {
  const unconfirmed = new Map<string, ConfigVersion>();
  for (const [id, versions] of tries) {
    const applied = configs.get(id)?.applied;
    const hash = installed.get(id);
    const found = versions.findLast(
      (version) => isNewer(version, applied) && hashOf(version.content) === hash,
    );
    if (found) unconfirmed.set(id, found);
  }
  return unconfirmed;
}

/** Configs whose last-known-good is not what the driver has. What was adopted cannot be compared. */
export function findDrifted({
  configs,
  installed,
  hashOf,
}: Pick<RecoveryInput, 'configs' | 'installed' | 'hashOf'>): Map<string, DriftKind> {
  const drifted = new Map<string, DriftKind>();
  for (const [id, { applied }] of configs) {
    if (!applied || applied.content === '') continue;
    const hash = installed.get(id);
    if (hash === undefined) drifted.set(id, 'missing');
    else if (hash !== hashOf(applied.content)) drifted.set(id, 'changed');
  }
  return drifted;
}

function isNewer(tried: ConfigVersion, applied: AppliedVersion | undefined): boolean {
  return !applied || (tried.generation >= applied.generation && !isSame(tried, applied));
}
