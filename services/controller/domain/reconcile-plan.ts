import { type ConfigRow, refKey } from './config-row.ts';

/** A deleted row's tombstone is put back while it is younger: etcd's own copy lives 8 to 9 days. */
const TOMBSTONE_RESTORED_MS = 7 * 24 * 3_600_000;
/** A delete younger than this may be newer than the last clean pass: etcd may have been away. */
const RECENT_DELETE_MS = 24 * 3_600_000;

/** What etcd lists of one config. */
export interface ListedConfig {
  /** `foreign`: the value is not one of ours. Absent: the key is missing. */
  readonly config?: { readonly generation: number; readonly digest: string } | 'foreign';
  readonly tombstone?: number | 'foreign';
}

/** What etcd listed at one revision, by `refKey`. */
export type Listed = ReadonlyMap<string, ListedConfig>;

/** The rows whose keys in etcd are not as they should be. `nowMs` is the wall clock. */
export function planReconcile(
  rows: readonly ConfigRow[],
  listed: Listed,
  nowMs: number,
): ConfigRow[] {
  return rows.filter((row) => {
    const keys = listed.get(refKey(row)) ?? {};
    return row.deleted ? !isGone(row, keys, nowMs) : !isThere(row, keys);
  });
}

function isThere(row: ConfigRow, { config, tombstone }: ListedConfig): boolean {
  return (
    tombstone === undefined &&
    typeof config === 'object' &&
    config.generation === row.generation &&
    config.digest === row.digest
  );
}

function isGone(row: ConfigRow, { config, tombstone }: ListedConfig, nowMs: number): boolean {
  if (config !== undefined) return false;
  if (typeof tombstone === 'number') return tombstone === row.generation;
  return tombstone === undefined && nowMs - row.acceptedAt.getTime() >= TOMBSTONE_RESTORED_MS;
}

/** Listed configs that MySQL has never known: they are kept, and an operator is told. */
export function setAside(listed: Listed, known: ReadonlySet<string>): string[] {
  return [...listed.keys()].filter((key) => !known.has(key));
}

/** What a pass counted in MySQL. */
export interface RowCounts {
  live: number;
  /** Deleted rows that may have been live at the last clean pass. */
  deletedSince: number;
  total: number;
}

export function countRows(counts: RowCounts, rows: readonly ConfigRow[], nowMs: number): RowCounts {
  const deleted = rows.filter((row) => row.deleted);
  const since = deleted.filter(
    (row) =>
      row.publishedGeneration < row.generation ||
      nowMs - row.acceptedAt.getTime() < RECENT_DELETE_MS,
  );
  return {
    live: counts.live + rows.length - deleted.length,
    deletedSince: counts.deletedSince + since.length,
    total: counts.total + rows.length,
  };
}

/**
 * Whether MySQL looks as if it had lost its content: empty beside a filled etcd, or more than half
 * of the rows gone that were live at the last clean pass. Deletes leave rows, so they do not count.
 */
export function isSafetyStop(
  counts: RowCounts,
  liveRowsBefore: number,
  configsInEtcd: number,
): boolean {
  if (counts.total === 0 && (configsInEtcd > 0 || liveRowsBefore > 0)) return true;
  return (counts.live + counts.deletedSince) * 2 < liveRowsBefore;
}
