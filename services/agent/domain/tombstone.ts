import type { RemovedRecord } from './record.ts';

/** How long a removal is remembered: the lease of tombstones, after which nobody can publish it. */
const REMEMBERED_MS = 9 * 24 * 3_600_000;

/**
 * A removal after one more look at its tombstone: the same object when nothing changed, undefined
 * when it need not be remembered any longer.
 */
export function followTombstone(
  removed: RemovedRecord,
  tombstone: number | undefined,
  nowMs: number,
): RemovedRecord | undefined {
  const isThere = tombstone !== undefined;
  if (!isThere && nowMs - Date.parse(removed.at) > REMEMBERED_MS) return undefined;
  const generation = Math.max(removed.generation, tombstone ?? 0);
  if (isThere === removed.tombstone && generation === removed.generation) return removed;
  return { generation, at: removed.at, tombstone: isThere };
}
