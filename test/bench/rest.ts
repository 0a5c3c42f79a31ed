import { setTimeout as delay } from 'node:timers/promises';
import { type EtcdClient, openEtcd, prefixEnd } from '#libs/etcd';
import { agentPrefix, STATUS_PREFIX } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { EtcdServer } from '#local';
import { readEtcdMetrics } from '#test/etcd-metrics';
import { cpuSeconds } from './cpu.ts';

/** Between two looks at the registrations. */
const LOOK_EVERY_MS = 3_000;
const READ_TIMEOUT_MS = 30_000;
/** Beats that every agent sends in a second, at the least: silent agents write nothing, either. */
const BEATS_MIN = 0.25;

/** What agents that nobody gave work have made etcd do. */
export interface AtRest {
  readonly proposals: number;
  readonly statusWrites: number;
  /** Agents whose registration was missing, or was another one, at one of the looks. */
  readonly lost: number;
  readonly etcdCpuPercent: number;
  readonly seconds: number;
}

export interface RestOptions {
  readonly etcd: EtcdServer;
  readonly env: string;
  readonly agents: number;
  readonly seconds: number;
}

/** Looks on for so long. Throws when the agents do not beat, or were not all registered at first. */
export async function lookAtRest({ etcd, env, agents, seconds }: RestOptions): Promise<AtRest> {
  const [endpoint = ''] = etcd.endpoints;
  const [pid = -1] = etcd.pids;
  await using kv = openEtcd({ endpoints: etcd.endpoints }, { log: silentLog });
  const registered = await revisions(kv, agentPrefix(env), 'createRevision');
  if (registered.size !== agents) throw new Error(`${registered.size} of ${agents} registered`);
  const statuses = await revisions(kv, STATUS_PREFIX, 'modRevision');
  const metrics = await readEtcdMetrics(endpoint);
  const [cpu, startMs] = [cpuSeconds(pid), performance.now()];
  const lost = new Set<string>();
  while (performance.now() - startMs < seconds * 1_000) {
    await delay(Math.min(LOOK_EVERY_MS, seconds * 1_000));
    const now = await revisions(kv, agentPrefix(env), 'createRevision');
    for (const [key, created] of registered) if (now.get(key) !== created) lost.add(key);
  }
  const tookSeconds = (performance.now() - startMs) / 1_000;
  const etcdCpuPercent = ((cpuSeconds(pid) - cpu) / tookSeconds) * 100;
  const metricsAfter = await readEtcdMetrics(endpoint);
  const grown = (name: string) => (metricsAfter.get(name) ?? NaN) - (metrics.get(name) ?? NaN);
  const beats = grown('etcd_debugging_lease_renewed_total') / agents / tookSeconds;
  if (!(beats >= BEATS_MIN)) throw new Error(`the agents beat only ${beats} times a second`);
  return {
    proposals: grown('etcd_server_proposals_applied_total'),
    statusWrites: differences(statuses, await revisions(kv, STATUS_PREFIX, 'modRevision')),
    lost: lost.size,
    etcdCpuPercent,
    seconds: tookSeconds,
  };
}

type Revisions = ReadonlyMap<string, bigint>;

async function revisions(
  kv: EtcdClient,
  prefix: string,
  which: 'createRevision' | 'modRevision',
): Promise<Revisions> {
  const request = { key: prefix, rangeEnd: prefixEnd(prefix), keysOnly: true };
  const { kvs } = await kv.range(request, { timeoutMs: READ_TIMEOUT_MS });
  return new Map(kvs.map((kv) => [kv.key, kv[which]]));
}

/** Keys that one of them does not have, or has at another revision. */
function differences(before: Revisions, after: Revisions): number {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).length;
}
