import type { EtcdKv, KeyValue, OpResult } from '#libs/etcd';
import {
  configKey,
  EPOCH_KEY,
  fixed20FromValue,
  PASS_KEY,
  READY_KEY,
  tombstoneKey,
} from '#libs/keyspace';

/** What etcd says of one config at one revision, linearizably. */
export interface Evidence {
  /** Whether there is a config key at all, canonical or not. */
  present: boolean;
  /** Generation of the delete. */
  tombstone: number | undefined;
  epoch: number | undefined;
  ready: number | undefined;
  pass: number | undefined;
}

/** Reads the evidence about one config. Throws while etcd does not answer. */
export async function readEvidence(
  kv: Pick<EtcdKv, 'txn'>,
  { env, id }: { env: string; id: string },
  signal: AbortSignal,
): Promise<Evidence> {
  const keys = [configKey(env, id), tombstoneKey(env, id), EPOCH_KEY, READY_KEY, PASS_KEY];
  const { results } = await kv.txn(
    { compare: [], success: keys.map((key) => ({ range: { key } })) },
    { signal },
  );
  const [config, ...counters] = results.map(onlyKey);
  const [tombstone, epoch, ready, pass] = counters.map((kv) => kv && fixed20FromValue(kv.value));
  return { present: config !== undefined, tombstone, epoch, ready, pass };
}

function onlyKey(result: OpResult): KeyValue | undefined {
  return result.kind === 'range' ? result.kvs[0] : undefined;
}
