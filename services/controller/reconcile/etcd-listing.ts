import type { EtcdKv, KeyValue, Revision } from '#libs/etcd';
import {
  CONFIG_PREFIX,
  decodeConfig,
  fixed20FromValue,
  type KeyRef,
  parseKey,
  TOMBSTONE_PREFIX,
} from '#libs/keyspace';
import { refKey } from '../domain/config-row.ts';
import type { ListedConfig } from '../domain/reconcile-plan.ts';

/** Configs and tombstones at one revision. */
export interface EtcdListing {
  readonly listed: Map<string, ListedConfig>;
  /** Keys under the two prefixes that name no config. */
  readonly foreignKeys: string[];
}

/** Lists configs and tombstones as of `revision`. Contents are checked and dropped, page by page. */
export async function listEtcd(
  etcd: Pick<EtcdKv, 'list'>,
  revision: Revision,
  signal: AbortSignal,
): Promise<EtcdListing> {
  const listed = new Map<string, ListedConfig>();
  const foreignKeys: string[] = [];
  for (const prefix of [CONFIG_PREFIX, TOMBSTONE_PREFIX]) {
    for await (const { kvs } of etcd.list(prefix, { signal, revision })) {
      for (const kv of kvs) {
        const ref = parseKey(kv.key);
        const entry = ref && entryFrom(ref, kv);
        if (entry) listed.set(entry.key, { ...listed.get(entry.key), ...entry.found });
        else foreignKeys.push(kv.key);
      }
    }
  }
  return { listed, foreignKeys };
}

function entryFrom(
  ref: KeyRef,
  { value }: KeyValue,
): { key: string; found: ListedConfig } | undefined {
  if (ref.kind === 'tombstone') {
    return { key: refKey(ref), found: { tombstone: fixed20FromValue(value) ?? 'foreign' } };
  }
  if (ref.kind !== 'config') return undefined;
  const decoded = decodeConfig(value);
  if ('foreign' in decoded) return { key: refKey(ref), found: { config: 'foreign' } };
  const { generation, digest } = decoded;
  return { key: refKey(ref), found: { config: { generation, digest } } };
}
