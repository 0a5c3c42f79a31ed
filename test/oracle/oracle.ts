// What completion.md says, computed the slow way: from every key of etcd and every row of MySQL, for
// one config at a time, agent by agent, with nothing remembered. Written apart from the aggregator
// and shares no line with it; only the key space's decoders are common, because they are the
// contract of etcd. Where the two differ, one of them is wrong.

import type { KeyValue } from '#libs/etcd';
import {
  type AgentRegistration,
  agentKey,
  type ConfigValue,
  configKey,
  decodeAgentRegistration,
  decodeConfig,
  decodeRoster,
  decodeStatus,
  EPOCH_KEY,
  fixed20FromValue,
  parseKey,
  READY_KEY,
  type StatusValue,
  statusKey,
  tombstoneKey,
} from '#libs/keyspace';
import type { EtcdDump } from '#test/sim-etcd';
import type { ConfigRow, MysqlDump } from './rows.ts';

/** Names in an answer at most. */
const BLOCKERS_MAX = 100;
/** After these many days the tombstone may have gone with its lease, and the row tells. */
const TOMBSTONE_KEPT_MS = 7 * 86_400_000;

/** Everything that an answer follows from. */
export interface World {
  readonly etcd: EtcdDump;
  /** Undefined: MySQL does not answer. */
  readonly mysql: MysqlDump | undefined;
  /** `min_agents` as last heard, for the time without MySQL. */
  readonly minAgentsHeard: ReadonlyMap<string, number>;
  /** The watch is behind or blind. */
  readonly blind: boolean;
}

export interface OracleBlocker {
  readonly agent: string;
  readonly reason: string;
  readonly appliedGeneration: number;
}

export interface OracleAnswer {
  readonly state: string;
  readonly generation: number;
  readonly digest: string;
  readonly deleted: boolean;
  readonly counts: Readonly<
    Record<'expected' | 'done' | 'progressing' | 'failed' | 'lost', number>
  >;
  /** Forgotten since the generation was accepted; no longer expected. */
  readonly forgotten: number;
  readonly fullyExecuted: boolean;
  readonly blockers: readonly OracleBlocker[];
  readonly blockersTotal: number;
}

/** What is compared with what agents report. */
interface Wanted {
  readonly generation: number;
  readonly digest: string;
  readonly deleted: boolean;
  readonly policy: 'APPLIED' | 'VERIFIED';
  /** Where the tombstone stands in history; 0: it is gone, and the row tells of the delete. */
  readonly tombstoneRevision: number;
  /** When it was accepted; undefined: not known. */
  readonly acceptedAtMs: number | undefined;
  readonly inEtcd: boolean;
}

/** One agent, as the roster and its registration have it. */
interface Agent {
  readonly name: string;
  readonly live: boolean;
  /** Undefined: not registered, or nobody can read it. */
  readonly registration: AgentRegistration | undefined;
  readonly lease: string;
}

type Verdict = { readonly kind: 'counts' | 'failed' | 'progressing'; readonly reason: string };

/** The answer for one config; undefined: neither etcd nor MySQL knows it. */
export function oracleAnswer(world: World, env: string, id: string): OracleAnswer | undefined {
  const { etcd, mysql } = world;
  const wanted = wantedOf(world, env, id);
  if (!wanted) return mysql ? undefined : nothingKnown('UNKNOWN', undefined);
  const epoch = counterAt(etcd, EPOCH_KEY);
  const ready = counterAt(etcd, READY_KEY);
  if (world.blind || epoch === undefined || ready !== epoch) return nothingKnown('UNKNOWN', wanted);

  const agents = agentsOf(etcd, env);
  const live = agents.filter((agent) => agent.live);
  const lost = agents.filter((agent) => !agent.live);
  const failed: OracleBlocker[] = [];
  const progressing: OracleBlocker[] = [];
  let counting = 0;
  for (const agent of live) {
    const status = etcd.keys.get(statusKey(env, id, agent.name));
    const verdict: Verdict = wanted.inEtcd
      ? wanted.deleted
        ? judgeDelete(agent, status, wanted, epoch)
        : judgeConfig(agent, status, wanted, epoch)
      : { kind: 'progressing', reason: '' };
    if (verdict.kind === 'counts') counting += 1;
    if (verdict.kind === 'failed') failed.push(blocker(agent.name, verdict.reason, status));
    if (verdict.kind === 'progressing')
      progressing.push(blocker(agent.name, verdict.reason, status));
  }
  const counts = {
    expected: agents.length,
    done: counting,
    progressing: progressing.length,
    failed: failed.length,
    lost: lost.length,
  };
  const forgotten = forgottenSince(etcd, env, wanted.acceptedAtMs);
  const hasKey = etcd.keys.has(configKey(env, id));
  const state = stateOf(wanted, counts, {
    hasKey,
    exceptions: lost.length + forgotten.length,
    minAgents: (mysql?.minAgents ?? world.minAgentsHeard).get(env) ?? 1,
  });
  const lostBlockers = lost.map(({ name }) =>
    blocker(name, 'LOST', etcd.keys.get(statusKey(env, id, name))),
  );
  const forgottenBlockers = forgotten.map((name) =>
    blocker(name, 'FORGOTTEN', etcd.keys.get(statusKey(env, id, name))),
  );
  const blockers =
    state === 'PENDING' ? [] : [...failed, ...lostBlockers, ...forgottenBlockers, ...progressing];
  return {
    state,
    generation: wanted.generation,
    digest: wanted.digest,
    deleted: wanted.deleted,
    counts,
    forgotten: forgotten.length,
    // In the article's words: all live agents have executed it, and there is one.
    fullyExecuted: state.startsWith('COMPLETE'),
    blockers: blockers.slice(0, BLOCKERS_MAX),
    blockersTotal: blockers.length,
  };
}

/** The table of completion.md from NO_AGENTS on: the first that holds. */
function stateOf(
  wanted: Wanted,
  counts: OracleAnswer['counts'],
  about: { hasKey: boolean; exceptions: number; minAgents: number },
): string {
  const live = counts.expected - counts.lost;
  if (!wanted.inEtcd) return 'PENDING';
  if (counts.expected === 0 || counts.expected < about.minAgents) return 'NO_AGENTS';
  if (live === 0) return 'STALLED';
  if (counts.failed > 0) return 'FAILED';
  if (wanted.deleted) {
    // As long as anything stands at the config's key an agent may still find it there.
    if (counts.done !== live || about.hasKey) return 'DELETING';
    return about.exceptions > 0 ? 'DELETED_WITH_EXCEPTIONS' : 'DELETED';
  }
  if (counts.done !== live) return 'PROGRESSING';
  return about.exceptions > 0 ? 'COMPLETE_WITH_EXCEPTIONS' : 'COMPLETE';
}

/** The current generation: the newest that etcd or MySQL knows. */
function wantedOf({ etcd, mysql }: World, env: string, id: string): Wanted | undefined {
  const configValue = etcd.keys.get(configKey(env, id));
  const config = configValue ? configFrom(configValue) : undefined;
  const tombstone = etcd.keys.get(tombstoneKey(env, id));
  const tombstoneGeneration = tombstone ? fixed20FromValue(tombstone.value) : undefined;
  const row = mysql?.configs.get(`${env}/${id}`);

  const isDeletedInEtcd =
    tombstoneGeneration !== undefined && tombstoneGeneration >= (config?.generation ?? 0);
  const storedGeneration = isDeletedInEtcd ? tombstoneGeneration : config?.generation;

  if (row) {
    const isDeleted = row.deletedAtMs !== undefined;
    const isSame =
      storedGeneration === row.generation &&
      isDeletedInEtcd === isDeleted &&
      (isDeleted || config?.digest === row.digest);
    const isStoredNewer = storedGeneration !== undefined && storedGeneration > row.generation;
    if (!isSame && !isStoredNewer) {
      return wantedFromRow(row, storedGeneration === undefined && !configValue, mysql?.nowMs ?? 0);
    }
  }
  if (storedGeneration === undefined) return undefined;
  if (isDeletedInEtcd) {
    const isRowOfIt = row?.generation === storedGeneration && row.deletedAtMs !== undefined;
    return {
      generation: storedGeneration,
      digest: '',
      deleted: true,
      policy: 'APPLIED',
      tombstoneRevision: Number(tombstone?.modRevision ?? 0n),
      acceptedAtMs: isRowOfIt ? row.deletedAtMs : undefined,
      inEtcd: true,
    };
  }
  if (!config) return undefined;
  const acceptedAtMs = Date.parse(config.acceptedAt);
  return {
    generation: config.generation,
    digest: config.digest,
    deleted: false,
    policy: config.completionPolicy,
    tombstoneRevision: 0,
    acceptedAtMs: Number.isNaN(acceptedAtMs) ? undefined : acceptedAtMs,
    inEtcd: true,
  };
}

/** Accepted, and etcd does not have it: PENDING, or a delete whose tombstone is long gone. */
function wantedFromRow(row: ConfigRow, isGoneFromEtcd: boolean, nowMs: number): Wanted {
  const deleted = row.deletedAtMs !== undefined;
  const isOld = row.deletedAtMs !== undefined && row.deletedAtMs < nowMs - TOMBSTONE_KEPT_MS;
  const wasPublished = row.publishedGeneration >= row.generation;
  return {
    generation: row.generation,
    digest: deleted ? '' : row.digest,
    deleted,
    policy: row.policy,
    tombstoneRevision: 0,
    acceptedAtMs: row.deletedAtMs ?? row.acceptedAtMs,
    inEtcd: deleted && isOld && wasPublished && isGoneFromEtcd,
  };
}

/** Members: on the roster, or registered although the roster does not know them. By name. */
function agentsOf(etcd: EtcdDump, env: string): Agent[] {
  const names = new Set<string>();
  for (const [key, { value }] of etcd.keys) {
    const ref = parseKey(key);
    if (ref?.kind === 'agent' && ref.env === env) names.add(ref.name);
    if (ref?.kind === 'roster' && ref.env === env && !('left_at' in decodeRoster(value))) {
      names.add(ref.name);
    }
  }
  return [...names].sort().map((name) => {
    const key = etcd.keys.get(agentKey(env, name));
    return {
      name,
      live: key !== undefined,
      registration: key ? registrationFrom(key) : undefined,
      lease: key?.lease ?? '',
    };
  });
}

/** Those who were forgotten, and not registered since, at or after the time of acceptance. */
function forgottenSince(etcd: EtcdDump, env: string, acceptedAtMs: number | undefined): string[] {
  const names: string[] = [];
  for (const [key, { value }] of etcd.keys) {
    const ref = parseKey(key);
    if (ref?.kind !== 'roster' || ref.env !== env) continue;
    const roster = decodeRoster(value);
    if (!('left_at' in roster) || roster.forgotten !== true) continue;
    if (etcd.keys.has(agentKey(env, ref.name))) continue;
    const leftAtMs = Date.parse(roster.left_at);
    const isBefore =
      acceptedAtMs !== undefined && !Number.isNaN(leftAtMs) && leftAtMs < acceptedAtMs;
    if (!isBefore) names.push(ref.name);
  }
  return names.sort();
}

/** "Which report counts", and who is FAILED, of a config that is wanted. */
function judgeConfig(
  agent: Agent,
  statusKv: KeyValue | undefined,
  wanted: Wanted,
  epoch: number,
): Verdict {
  const { registration } = agent;
  if (!registration) return progressing('NOT_SYNCED');
  if (registration.synced?.epoch !== epoch) return progressing('NOT_SYNCED');
  if (!statusKv) return progressing('NO_REPORT');
  const status = statusFrom(statusKv);
  if (!status) return progressing('NO_REPORT');
  if (status.epoch !== epoch) return progressing('NO_REPORT');
  if (status.instance !== registration.instance) return progressing('NO_REPORT');
  if (statusKv.lease !== agent.lease) return progressing('NO_REPORT');

  const attempt = status.last_attempt;
  const isOfThis = attempt?.generation === wanted.generation && attempt.digest === wanted.digest;
  if (isOfThis && attempt.result === 'rejected') return failed('REJECTED');
  if (isOfThis && attempt.result === 'rolled_back') return failed('ROLLED_BACK');
  if (isOfThis && attempt.result === 'failed' && attempt.final) return failed('FAILED');

  const { applied, proof, phase } = status;
  const isInForce =
    phase !== 'REMOVED' &&
    applied?.generation === wanted.generation &&
    applied.digest === wanted.digest;
  const isProven = wanted.policy === 'VERIFIED' ? proof?.level === 'VERIFIED' : proof !== null;
  if (isInForce && isProven) return { kind: 'counts', reason: '' };

  if (attempt && attempt.result !== 'ok' && attempt.generation >= wanted.generation) {
    return progressing('RETRYING');
  }
  if (isInForce) return progressing('UNPROVEN');
  if (phase === 'WAITING' || phase === 'RECEIVED') return progressing('WAITING');
  if (phase === 'APPLYING') return progressing('APPLYING');
  return progressing('OLD_GENERATION');
}

/** Who has removed it, or never had it; and who cannot remove it. */
function judgeDelete(
  agent: Agent,
  statusKv: KeyValue | undefined,
  wanted: Wanted,
  epoch: number,
): Verdict {
  const { registration } = agent;
  if (!registration) return progressing('NOT_SYNCED');
  const { synced } = registration;
  if (synced?.epoch !== epoch) return progressing('NOT_SYNCED');
  if (!statusKv) {
    // Silence says "never had it" only of what was there when the agent reported everything.
    return wanted.tombstoneRevision <= synced.revision
      ? { kind: 'counts', reason: '' }
      : progressing('NO_REPORT');
  }
  const status = statusFrom(statusKv);
  if (!status) return progressing('NO_REPORT');
  if (status.epoch !== epoch) return progressing('NO_REPORT');
  if (status.instance !== registration.instance) return progressing('NO_REPORT');
  if (statusKv.lease !== agent.lease) return progressing('NO_REPORT');

  const { applied, phase, last_attempt: attempt } = status;
  if (phase === 'REMOVED' && (applied?.generation ?? 0) >= wanted.generation) {
    return { kind: 'counts', reason: '' };
  }
  if (attempt && attempt.generation >= wanted.generation) {
    if (attempt.result === 'rejected') return failed('REJECTED');
    if (attempt.result === 'rolled_back') return failed('ROLLED_BACK');
    if (attempt.result === 'failed')
      return attempt.final ? failed('FAILED') : progressing('RETRYING');
  }
  return progressing('REMOVING');
}

function progressing(reason: string): Verdict {
  return { kind: 'progressing', reason };
}

function failed(reason: string): Verdict {
  return { kind: 'failed', reason };
}

function blocker(agent: string, reason: string, statusKv: KeyValue | undefined): OracleBlocker {
  const status = statusKv ? statusFrom(statusKv) : undefined;
  const applied = status?.phase === 'REMOVED' ? 0 : (status?.applied?.generation ?? 0);
  return { agent, reason, appliedGeneration: applied };
}

function nothingKnown(state: string, wanted: Wanted | undefined): OracleAnswer {
  const { generation, digest, deleted } = wanted ?? { generation: 0, digest: '', deleted: false };
  const counts = { expected: 0, done: 0, progressing: 0, failed: 0, lost: 0 };
  const nobody = { fullyExecuted: false, blockers: [], blockersTotal: 0 };
  return { state, generation, digest, deleted, counts, forgotten: 0, ...nobody };
}

function counterAt(etcd: EtcdDump, key: string): number | undefined {
  const kv = etcd.keys.get(key);
  return kv ? fixed20FromValue(kv.value) : undefined;
}

// Decoding is the costly part, and a value never changes: each is decoded once.
const configs = new WeakMap<KeyValue, ConfigValue | 'foreign'>();
const statuses = new WeakMap<KeyValue, StatusValue | 'unreadable'>();
const registrations = new WeakMap<KeyValue, AgentRegistration | 'unreadable'>();

function configFrom(kv: KeyValue): ConfigValue | undefined {
  let value = configs.get(kv);
  if (value === undefined) {
    const decoded = decodeConfig(kv.value);
    value = 'foreign' in decoded ? 'foreign' : decoded;
    configs.set(kv, value);
  }
  return value === 'foreign' ? undefined : value;
}

function statusFrom(kv: KeyValue): StatusValue | undefined {
  const value = statuses.get(kv) ?? decodeStatus(kv.value) ?? 'unreadable';
  statuses.set(kv, value);
  return value === 'unreadable' ? undefined : value;
}

function registrationFrom(kv: KeyValue): AgentRegistration | undefined {
  const value = registrations.get(kv) ?? decodeAgentRegistration(kv.value) ?? 'unreadable';
  registrations.set(kv, value);
  return value === 'unreadable' ? undefined : value;
}

/** An environment's line in the overview. */
export interface OracleEnvironment {
  readonly live: number;
  readonly lost: number;
  readonly states: Readonly<Record<string, number>>;
}

/** The environment's members, and its configs by state. */
export function oracleEnvironment(
  world: World,
  env: string,
  ids: readonly string[],
): OracleEnvironment {
  const states: Record<string, number> = {};
  for (const id of ids) {
    const state = oracleAnswer(world, env, id)?.state;
    if (state !== undefined) states[state] = (states[state] ?? 0) + 1;
  }
  const agents = agentsOf(world.etcd, env);
  const live = agents.filter((agent) => agent.live).length;
  return { live, lost: agents.length - live, states };
}
