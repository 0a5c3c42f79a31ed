import type { ConfigRow } from './config-row.ts';

/** What etcd holds under a config's two keys; absent: the key is missing. */
export interface Stored {
  readonly config?: StoredConfig;
  readonly tombstone?: StoredTombstone;
}

export interface StoredConfig {
  readonly modRevision: bigint;
  /** How the value begins. A revision alone does not name it: a restored etcd gives revisions again. */
  readonly head: Buffer;
  /** Absent: the value is foreign. */
  readonly canonical?: { readonly generation: number; readonly digest: string };
}

export interface StoredTombstone {
  readonly modRevision: bigint;
  /** How the value begins. A revision alone does not name it: a restored etcd gives revisions again. */
  readonly head: Buffer;
  /** Absent: the value is foreign. */
  readonly generation?: number;
}

/** What a refused publication leads to. */
export type RefusedPlan =
  /** etcd says what the row says. */
  | { kind: 'done' }
  /** etcd is ahead of the row, or says something else at its generation: look at the row again. */
  | { kind: 'reread'; seen: number }
  /** Something there is foreign: replace exactly what was seen. */
  | { kind: 'overwrite'; seen: Stored };

type Decided = Pick<ConfigRow, 'generation' | 'digest' | 'deleted'>;

/** Decides on a publication that etcd refused for what it holds, from the row that was tried. */
export function planRefused(row: Decided, stored: Stored): RefusedPlan {
  const config = stored.config?.canonical;
  const tombstone = stored.tombstone?.generation;
  const seen = Math.max(config?.generation ?? 0, tombstone ?? 0);
  if (seen > row.generation) return { kind: 'reread', seen };
  if (agrees(row, stored)) return { kind: 'done' };
  if (contradicts(row, stored)) return { kind: 'reread', seen };
  return { kind: 'overwrite', seen: stored };
}

/**
 * Whether MySQL has lost commits: the row, read again after a refusal, is still behind what was
 * published, or still says something else at the same generation.
 */
export function mustHeal(tried: Decided, reread: Decided, seen: number): boolean {
  if (reread.generation !== seen) return reread.generation < seen;
  return (
    reread.generation === tried.generation &&
    reread.digest === tried.digest &&
    reread.deleted === tried.deleted
  );
}

/** Whether etcd says something else of the row's own generation. */
function contradicts(row: Decided, { config, tombstone }: Stored): boolean {
  const isSame = config?.canonical?.generation === row.generation;
  if (row.deleted) return isSame;
  const isOther = isSame && config.canonical?.digest !== row.digest;
  return isOther || tombstone?.generation === row.generation;
}

function agrees(row: Decided, { config, tombstone }: Stored): boolean {
  if (row.deleted) return config === undefined && tombstone?.generation === row.generation;
  return (
    config?.canonical?.generation === row.generation &&
    config.canonical.digest === row.digest &&
    tombstone === undefined
  );
}
