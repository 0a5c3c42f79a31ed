// A controller's data path on a real etcd, as a controller runs it but without its API.

import { type EtcdClient, openEtcd } from '#libs/etcd';
import {
  configKey,
  decodeConfig,
  EPOCH_KEY,
  fixed20FromValue,
  PASS_KEY,
  READY_KEY,
  tombstoneKey,
} from '#libs/keyspace';
import { runAll } from '#libs/lifecycle';
import { type Logger, silentLog } from '#libs/telemetry';
import {
  createDataPath,
  type DataPath,
  type DataPathDeps,
} from '#services/controller/data-path.ts';

/** What a data path needs of MySQL. */
export type TestStore = Pick<DataPathDeps, 'configs' | 'epochs' | 'members'>;

/** A running data path. Disposal stops it and closes its client. */
export interface TestDataPath extends AsyncDisposable {
  readonly client: EtcdClient;
  readonly path: DataPath;
}

const DAY_MS = 86_400_000;

/** Opens a client and runs all parts of a data path over it. */
export async function runDataPath(
  endpoints: readonly string[],
  store: TestStore,
  { log = silentLog, forgetAfterMs = DAY_MS }: { log?: Logger; forgetAfterMs?: number } = {},
): Promise<TestDataPath> {
  const client = openEtcd({ endpoints }, { log });
  const path = createDataPath({ client, ...store, log, forgetAfterMs });
  const stop = new AbortController();
  const running = runAll(stop.signal, path.parts, { graceMs: 5_000 });
  running.catch(() => undefined);
  return {
    client,
    path,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      try {
        await running;
      } finally {
        await path[Symbol.asyncDispose]();
        await client[Symbol.asyncDispose]();
      }
    },
  };
}

/** The counters of `ingress_meta/` at one revision; 0 for a missing one. */
export async function readMeta(
  client: EtcdClient,
): Promise<{ epoch: number; ready: number; pass: number }> {
  const keys = [EPOCH_KEY, READY_KEY, PASS_KEY];
  const { results } = await client.txn({
    compare: [],
    success: keys.map((key) => ({ range: { key } })),
  });
  const [epoch = 0, ready = 0, pass = 0] = results.map((result) => {
    const kv = result.kind === 'range' ? result.kvs[0] : undefined;
    return (kv && fixed20FromValue(kv.value)) ?? 0;
  });
  return { epoch, ready, pass };
}

/** Whether a full pass has completed for the epoch that etcd is in. */
export async function isReady(client: EtcdClient): Promise<boolean> {
  const { epoch, ready, pass } = await readMeta(client);
  return epoch > 0 && ready === epoch && pass > 0;
}

/** The generation of a config in etcd, its text when it is foreign, or undefined. */
export async function publishedGeneration(
  client: EtcdClient,
  env: string,
  id: string,
): Promise<number | string | undefined> {
  const { kvs } = await client.range({ key: configKey(env, id) });
  const value = kvs[0]?.value;
  if (!value) return undefined;
  const decoded = decodeConfig(value);
  return 'foreign' in decoded ? value.toString() : decoded.generation;
}

/** The generation of a tombstone in etcd, or undefined. */
export async function tombstoneGeneration(
  client: EtcdClient,
  env: string,
  id: string,
): Promise<number | undefined> {
  const { kvs } = await client.range({ key: tombstoneKey(env, id) });
  return kvs[0] && fixed20FromValue(kvs[0].value);
}
