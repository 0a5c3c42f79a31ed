import {
  type EtcdKv,
  type KeyValue,
  prefixEnd,
  type RangeRequest,
  type TxnRequest,
} from '#libs/etcd';
import {
  EPOCH_KEY,
  fixed20FromValue,
  PASS_KEY,
  READY_KEY,
  resumeRemovalsKey,
  rosterPrefix,
  toFixed20,
} from '#libs/keyspace';
import type { EtcdMeta } from '../domain/control-plane.ts';

/** Deadline of one call. */
const CALL_TIMEOUT_MS = 1_000;

const COUNTERS = [{ key: EPOCH_KEY }, { key: READY_KEY }, { key: PASS_KEY }];

type Etcd = Pick<EtcdKv, 'txn'>;

/** The counters under `ingress_meta/`, linearizable. Throws EtcdErrors. */
export async function readMeta(etcd: Etcd, signal: AbortSignal): Promise<EtcdMeta> {
  const { revision, found } = await readFirst(etcd, COUNTERS, signal);
  const [epoch, ready, pass] = found.map(counterOf);
  return { epoch, ready, pass, revision };
}

/** What decides whether an environment's removals may go on, at one revision. */
export interface EnvironmentMeta extends EtcdMeta {
  /** Epoch for which they go on already. */
  readonly resumed: number | undefined;
  /** Whether the environment's roster knows anybody. */
  readonly hasAgents: boolean;
}

/** Reads it, linearizably. Throws EtcdErrors. */
export async function readEnvironmentMeta(
  etcd: Etcd,
  env: string,
  signal: AbortSignal,
): Promise<EnvironmentMeta> {
  const members = rosterPrefix(env);
  const { revision, found } = await readFirst(
    etcd,
    [...COUNTERS, { key: resumeRemovalsKey(env) }, { key: members, rangeEnd: prefixEnd(members) }],
    signal,
  );
  const [epoch, ready, pass, resumed] = found.slice(0, -1).map(counterOf);
  return { epoch, ready, pass, resumed, revision, hasAgents: found.at(-1) !== undefined };
}

/**
 * Lets the removals of an environment go on in `epoch`, if etcd is READY in it; returns whether it was.
 * Throws EtcdErrors; after an unknown outcome it may be repeated.
 */
export async function putResumeRemovals(
  etcd: Etcd,
  env: string,
  epoch: number,
  signal: AbortSignal,
): Promise<boolean> {
  const value = toFixed20(epoch);
  const request: TxnRequest = {
    compare: [EPOCH_KEY, READY_KEY].map((key) => ({ key, target: 'value', op: '=', value })),
    success: [{ put: { key: resumeRemovalsKey(env), value } }],
  };
  return (await etcd.txn(request, { signal, timeoutMs: CALL_TIMEOUT_MS })).succeeded;
}

/** The first key of each range, at one revision. */
async function readFirst(
  etcd: Etcd,
  ranges: readonly RangeRequest[],
  signal: AbortSignal,
): Promise<{ revision: bigint; found: (KeyValue | undefined)[] }> {
  const { revision, results } = await etcd.txn(
    { compare: [], success: ranges.map((range) => ({ range: { ...range, limit: 1 } })) },
    { signal, timeoutMs: CALL_TIMEOUT_MS },
  );
  const found = results.map((result) => (result.kind === 'range' ? result.kvs[0] : undefined));
  return { revision, found };
}

function counterOf(kv: KeyValue | undefined): number | undefined {
  return kv && fixed20FromValue(kv.value);
}
