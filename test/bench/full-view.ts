// An etcd full of statuses: environments as agents leave them when every config is in force everywhere.

import { randomUUID } from 'node:crypto';
import { agentKey, encodeRoster, encodeStatus, rosterKey, statusKey } from '#libs/keyspace';
import {
  ACCEPTED_AT,
  appliedStatus,
  digestFor,
  registrationText,
} from '#services/status-aggregator/domain/testing/story.ts';
import type { AggregatorPlace } from '#test/aggregator-place';
import { openRawEtcd, PUTS_MAX, type Put, type RawEtcd } from './floors/etcd.ts';

const GENERATION = 1;
/** Beyond any bench. */
const LEASE_SECONDS = 86_400;
const CONFIGS_AT_ONCE = 8;
const AGENTS_AT_ONCE = 8;

export interface Filling {
  readonly env: string;
  readonly agents: number;
  readonly configs: number;
}

export const configId = (index: number): string => `config-${index}`;

/** Sets the configs, and writes for each agent what it says once it has applied them all. */
export async function fill(place: AggregatorPlace, { env, agents, configs }: Filling) {
  await eachOf(configs, CONFIGS_AT_ONCE, (index) =>
    place.set(configId(index), GENERATION, {}, env),
  );
  const [endpoint = ''] = place.etcd.endpoints;
  const etcd = openRawEtcd(endpoint);
  await eachOf(agents, AGENTS_AT_ONCE, async (index) => {
    await writeAgent(etcd, place, { env, name: `agent-${index}`, configs });
  });
}

/** Under one lease, in transactions as full as the agent's. */
async function writeAgent(
  etcd: RawEtcd,
  { epoch, revision }: AggregatorPlace,
  { env, name, configs }: { env: string; name: string; configs: number },
): Promise<void> {
  const lease = await etcd.grant(LEASE_SECONDS);
  const instance = randomUUID();
  const last_attempt = {
    ...({
      generation: GENERATION,
      digest: digestFor(GENERATION),
      result: 'ok',
      reason: '',
    } as const),
    ...{ message: '', attempts: 1, final: false, at: ACCEPTED_AT },
  };
  const status = encodeStatus(appliedStatus(GENERATION, { instance, epoch }, { last_attempt }));
  const keys = Array.from({ length: configs }, (_, index) => statusKey(env, configId(index), name));
  const puts = keys.map((key): Put => put(key, status, lease));
  for (let first = 0; first < puts.length; first += PUTS_MAX) {
    await etcd.txn(puts.slice(first, first + PUTS_MAX));
  }
  const registration = registrationText(name, instance, { epoch, revision });
  const member = encodeRoster({ instance, joined_at: ACCEPTED_AT });
  await etcd.txn([
    put(agentKey(env, name), registration, lease),
    put(rosterKey(env, name), member),
  ]);
}

function put(key: string, value: string, lease?: number): Put {
  const bytes = { key: Buffer.from(key), value: Buffer.from(value) };
  return lease === undefined ? bytes : { ...bytes, lease };
}

/** Does `work` for each number below `count`, so many at once. */
async function eachOf(count: number, width: number, work: (index: number) => Promise<void>) {
  let next = 0;
  const takeNext = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, takeNext));
}
