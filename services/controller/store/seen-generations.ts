import type { EtcdKv, KeyValue } from '#libs/etcd';
import {
  CONFIG_PREFIX,
  decodeConfig,
  decodeStatus,
  fixed20FromValue,
  STATUS_PREFIX,
  TOMBSTONE_PREFIX,
} from '#libs/keyspace';
import { SEEN_MAX } from '../domain/rebase-plan.ts';

const READERS: readonly [string, (kv: KeyValue) => number][] = [
  [CONFIG_PREFIX, ({ value }) => ofConfig(value)],
  [TOMBSTONE_PREFIX, ({ value }) => fixed20FromValue(value) ?? 0],
  [STATUS_PREFIX, ({ value }) => ofStatus(value)],
];

/**
 * The highest generation that etcd shows: what is published, what is deleted, and what agents say that
 * they have in force or tried. 0: none. Foreign values do not count. Throws EtcdErrors.
 */
export async function seenInEtcd(etcd: Pick<EtcdKv, 'list'>, signal: AbortSignal): Promise<number> {
  let highest = 0;
  for (const [prefix, read] of READERS) {
    for await (const { kvs } of etcd.list(prefix, { signal })) {
      for (const kv of kvs) {
        const generation = read(kv);
        if (generation <= SEEN_MAX) highest = Math.max(highest, generation);
      }
    }
  }
  return highest;
}

function ofConfig(value: Buffer): number {
  const decoded = decodeConfig(value);
  return 'foreign' in decoded ? 0 : decoded.generation;
}

function ofStatus(value: Buffer): number {
  const status = decodeStatus(value);
  return Math.max(status?.applied?.generation ?? 0, status?.last_attempt?.generation ?? 0);
}
