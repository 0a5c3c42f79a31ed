import type { RemovedRecord } from './record.ts';

/** A tombstone as it stands in etcd. */
export interface Tombstone {
  readonly generation: number;
  readonly modRevision: bigint;
}

/** How long a removal is remembered: the lease of tombstones, after which nobody can publish it. */
const REMEMBERED_MS = 9 * 24 * 3_600_000;

export interface TombstoneInput {
  /** Undefined: nothing was ever removed here under this id. */
  removed: RemovedRecord | undefined;
  tombstone: Tombstone | undefined;
  /** Revision of the first list in the epoch. */
  listedSince: bigint;
  nowMs: number;
}

/**
 * The removal of a config that is not in force here, after one more look at its tombstone: the same
 * object when nothing changed, undefined when there is nothing (any longer) to remember.
 *
 * A delete that came after the first list is acknowledged even when the config was never in force:
 * somebody who sees no report cannot tell "never had it" from "was still applying it". What the list
 * itself held already is covered by `synced`.
 */
export function followTombstone(input: TombstoneInput): RemovedRecord | undefined {
  const { removed, tombstone, listedSince, nowMs } = input;
  const now = new Date(nowMs).toISOString();
  if (!removed) {
    if (!tombstone || tombstone.modRevision <= listedSince) return undefined;
    return { generation: tombstone.generation, at: now, tombstone: true };
  }
  const isThere = tombstone !== undefined;
  if (!isThere && nowMs - Date.parse(removed.at) > REMEMBERED_MS) return undefined;
  const generation = Math.max(removed.generation, tombstone?.generation ?? 0);
  if (isThere === removed.tombstone && generation === removed.generation) return removed;
  // A later delete is remembered for its own nine days.
  const at = generation > removed.generation ? now : removed.at;
  return { generation, at, tombstone: isThere };
}
