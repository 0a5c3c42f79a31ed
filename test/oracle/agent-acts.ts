import {
  agentKey,
  encodeAgentRegistration,
  encodeRoster,
  encodeStatus,
  MESSAGE_LENGTH_MAX,
  rosterKey,
  type StatusValue,
  statusKey,
} from '#libs/keyspace';
import type { Random } from '#test/random';
import type { SimWrite } from '#test/sim-etcd';
import { type Actor, instanceOf, type Stage } from './stage.ts';

/** Something that happens; false when it could not. */
export type Act = (stage: Stage, random: Random) => boolean;

type Report = keyof typeof REPORT_WEIGHTS;

const REPORT_WEIGHTS = {
  ...{ applied: 14, verified: 8, waiting: 2, received: 2, applying: 2, retrying: 2, failed: 2 },
  ...{ rejected: 1, rolledBack: 1, failedElsewhere: 1, repairFails: 1 },
};
const PHASES = [
  ...(['WAITING', 'RECEIVED', 'APPLYING', 'APPLIED', 'VERIFIED'] as const),
  ...(['FAILED', 'REJECTED', 'ROLLED_BACK', 'REMOVING', 'REMOVED'] as const),
];
const RESULTS = ['ok', 'failed', 'rejected', 'rolled_back'] as const;
const GARBAGE = [
  '',
  'null',
  '{}',
  '[]',
  'x',
  '{"instance":1}',
  '\u0000',
  '12',
  '{"left_at":"then"}',
];

function registrationOf(actor: Actor): string {
  return encodeAgentRegistration({
    ...{ name: actor.name, env_uuid: '', ip: '127.0.0.1', grpc_port: 1, version: '1' },
    ...{ instance: instanceOf(actor), driver: 'noop', started_at: '', synced: actor.synced },
  });
}

/** Starts or comes back: the create-only transaction, once no other registration stands. */
export const join: Act = (stage, random) => {
  const { etcd } = stage;
  const idle = stage.actors.filter(
    (actor) => actor.life !== 'paused' && !(actor.life === 'up' && stage.isRegistered(actor)),
  );
  const actor = random.maybe(idle);
  if (!actor) return false;
  const { env, name } = actor;
  const other = etcd.get(agentKey(env, name));
  if (other) {
    if (random.chance(0.5) && other.lease !== '0') etcd.endLease(other.lease);
    else etcd.delete(agentKey(env, name));
  }
  // A process that lost its lease comes back as the same instance; a new process is another one.
  if (actor.life !== 'up' || random.chance(0.3)) actor.incarnation += 1;
  if (random.chance(0.1)) actor.journal.clear();
  actor.life = 'up';
  actor.lease = etcd.grant();
  actor.synced = null;
  const roster = { instance: instanceOf(actor), joined_at: new Date(stage.nowMs).toISOString() };
  etcd.txn([
    { key: agentKey(env, name), value: registrationOf(actor), lease: actor.lease },
    { key: rosterKey(env, name), value: encodeRoster(roster) },
  ]);
  actor.created = etcd.revision;
  if (random.chance(0.7)) rewriteAll(stage, actor);
  if (random.chance(0.5)) say(stage, actor, random);
  return true;
};

/** Writes everything that it knows anew, under its lease. */
function rewriteAll(stage: Stage, actor: Actor): void {
  const writes: SimWrite[] = [];
  for (const [id, status] of actor.journal) {
    const value = { ...status, instance: instanceOf(actor), epoch: stage.epoch ?? 0 };
    actor.journal.set(id, value);
    writes.push(statusWrite(actor, id, value));
  }
  stage.etcd.txn(writes);
}

function statusWrite(actor: Actor, id: string, value: StatusValue): SimWrite {
  return {
    key: statusKey(actor.env, id, actor.name),
    value: encodeStatus(value),
    lease: actor.lease,
  };
}

/** Lists, rewrites and says that it has: `synced`. */
function say(stage: Stage, actor: Actor, random: Random): void {
  const revision = Number(stage.etcd.revision);
  rewriteAll(stage, actor);
  const off = random.chance(0.1) ? random.int(-6, 3) : 0;
  actor.synced = { epoch: stage.epoch ?? 0, revision: Math.max(0, revision + off) };
  putRegistration(stage, actor);
}

function putRegistration(stage: Stage, actor: Actor): void {
  stage.etcd.put(agentKey(actor.env, actor.name), registrationOf(actor), actor.lease);
}

const sync: Act = (stage, random) => {
  const actor = random.maybe(stage.working());
  if (!actor) return false;
  if (random.chance(0.1)) actor.synced = null;
  else say(stage, actor, random);
  putRegistration(stage, actor);
  return true;
};

/** One agent looks at one config and says how far it is. */
const work: Act = (stage, random) => {
  const actor = random.maybe(stage.working());
  if (!actor) return false;
  return report(stage, actor, random.pick(stage.ids), random.weighted(REPORT_WEIGHTS), random);
};

/** All agents of an environment do what they should, and say so. */
const converge: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  const of = stage.working().filter((actor) => actor.env === env);
  const one = random.chance(0.4) ? random.pick(stage.ids) : undefined;
  for (const actor of random.shuffled(of)) {
    if (actor.synced?.epoch !== stage.epoch) say(stage, actor, random);
    for (const id of one === undefined ? stage.ids : [one]) {
      const kind = random.chance(0.85) ? 'verified' : 'applied';
      report(stage, actor, id, random.chance(0.02) ? 'failed' : kind, random);
    }
  }
  return of.length > 0;
};

function report(stage: Stage, actor: Actor, id: string, kind: Report, random: Random): boolean {
  const { env } = actor;
  const config = stage.configAt(env, id);
  const tombstone = stage.tombstoneAt(env, id);
  const isDelete = tombstone !== undefined && tombstone >= (config?.generation ?? 0);
  const before = actor.journal.get(id);
  let status: StatusValue;
  if (isDelete) {
    status = removal(statusBase(stage, actor), tombstone, { kind, before, random });
  } else if (config) {
    const { generation, digest } = config;
    const target = { generation, digest };
    status = application(statusBase(stage, actor), target, { kind, before, random });
  } else {
    // Nothing is wanted any more: the key goes with the tombstone.
    if (!before || random.chance(0.3)) return false;
    actor.journal.delete(id);
    stage.etcd.delete(statusKey(env, id, actor.name));
    return true;
  }
  actor.journal.set(id, status);
  stage.etcd.txn([statusWrite(actor, id, status)]);
  return true;
}

type Base = Pick<StatusValue, 'instance' | 'epoch' | 'traceparent'>;

interface Telling {
  kind: Report;
  before: StatusValue | undefined;
  random: Random;
}

function statusBase(stage: Stage, actor: Actor): Base {
  return { instance: instanceOf(actor), epoch: stage.epoch ?? 0, traceparent: '' };
}

function attempt(
  generation: number,
  digest: string,
  result: (typeof RESULTS)[number],
  final: boolean,
): NonNullable<StatusValue['last_attempt']> {
  const more = { reason: 'RELOAD', message: 'm'.repeat(generation % 3), attempts: 1, at: '' };
  return { generation, digest, result, final, ...more };
}

function application(
  base: Base,
  { generation, digest }: { generation: number; digest: string },
  { kind, before, random }: Telling,
): StatusValue {
  const old = before && before.phase !== 'REMOVED' ? before.applied : null;
  const now = { generation, digest, at: '' };
  const proof = { level: 'APPLIED', method: 'noop' } as const;
  const wait = { ...base, applied: old, last_attempt: before?.last_attempt ?? null, proof: null };
  const bad = { ...base, applied: old, proof: null };
  const tried = (result: (typeof RESULTS)[number], final: boolean) =>
    attempt(generation, digest, result, final);
  switch (kind) {
    case 'applied':
      return { ...base, phase: 'APPLIED', applied: now, last_attempt: tried('ok', true), proof };
    case 'verified':
      return {
        ...{ ...base, phase: 'VERIFIED', applied: now, last_attempt: null },
        proof: { level: 'VERIFIED', method: 'probe' },
      };
    case 'waiting':
      return { ...wait, phase: 'WAITING' };
    case 'received':
      return { ...wait, phase: 'RECEIVED' };
    case 'applying':
      return { ...wait, phase: 'APPLYING' };
    case 'retrying':
      return { ...bad, phase: 'FAILED', last_attempt: tried('failed', false) };
    case 'failed':
      return { ...bad, phase: 'FAILED', last_attempt: tried('failed', true) };
    case 'rejected':
      return { ...bad, phase: 'REJECTED', last_attempt: tried('rejected', random.chance(0.5)) };
    case 'rolledBack':
      return { ...bad, phase: 'ROLLED_BACK', last_attempt: tried('rolled_back', true) };
    case 'failedElsewhere': {
      const other = random.chance(0.5)
        ? attempt(Math.max(0, generation + random.pick([-1, 1])), digest, 'failed', true)
        : attempt(generation, 'd'.repeat(64), 'failed', true);
      return { ...bad, phase: 'FAILED', last_attempt: other };
    }
    default: {
      const result = random.pick(['failed', 'rolled_back'] as const);
      const last = tried(result, random.chance(0.5));
      return { ...base, phase: 'FAILED', applied: now, last_attempt: last, proof };
    }
  }
}

function removal(base: Base, tombstone: number, { kind, before, random }: Telling): StatusValue {
  const inForce = before && before.phase !== 'REMOVED' ? before.applied : null;
  const still = { ...base, applied: inForce, proof: null };
  const removed = { generation: tombstone, digest: '', at: '' };
  switch (kind) {
    case 'waiting':
    case 'received':
    case 'applying':
      return { ...still, phase: 'REMOVING', last_attempt: before?.last_attempt ?? null };
    case 'retrying':
      return { ...still, phase: 'REMOVING', last_attempt: attempt(tombstone, '', 'failed', false) };
    case 'failed':
    case 'rejected':
    case 'rolledBack':
      return { ...still, phase: 'FAILED', last_attempt: attempt(tombstone, '', 'failed', true) };
    case 'failedElsewhere': {
      const older = { ...removed, generation: Math.max(0, tombstone - random.int(1, 2)) };
      return { ...base, phase: 'REMOVED', applied: older, last_attempt: null, proof: null };
    }
    default:
      return { ...base, phase: 'REMOVED', applied: removed, last_attempt: null, proof: null };
  }
}

const leave: Act = (stage, random) => {
  const actor = random.maybe(stage.working());
  if (!actor) return false;
  const { env, name } = actor;
  stage.etcd.txn([
    { key: agentKey(env, name), value: undefined },
    {
      key: rosterKey(env, name),
      value: encodeRoster({ left_at: new Date(stage.nowMs).toISOString() }),
    },
  ]);
  if (random.chance(0.9)) stage.etcd.endLease(actor.lease);
  actor.life = 'out';
  return true;
};

/** Dies; its lease ends at once or later. */
const crash: Act = (stage, random) => {
  const actor = random.maybe(stage.actors.filter(({ life }) => life === 'up' || life === 'paused'));
  if (!actor) return false;
  actor.life = 'down';
  if (random.chance(0.5)) stage.etcd.endLease(actor.lease);
  return true;
};

const pause: Act = (stage, random) => {
  const actor = random.maybe(stage.working());
  if (!actor) return false;
  actor.life = 'paused';
  return true;
};

/** Goes on where it stopped; if its lease has ended meanwhile it has to register anew. */
const wake: Act = (stage, random) => {
  const actor = random.maybe(stage.actors.filter(({ life }) => life === 'paused'));
  if (!actor) return false;
  actor.life = 'up';
  return true;
};

/** A lease that nobody keeps alive ends. */
const leaseEnds: Act = (stage, random) => {
  const kept = new Set(stage.working().map(({ lease }) => lease));
  const left = [...stage.etcd.keys.values()].filter(
    ({ key, lease }) => lease !== '0' && !kept.has(lease) && !key.includes('/ingress_tombstone/'),
  );
  const kv = random.maybe(left);
  if (!kv) return false;
  stage.etcd.endLease(kv.lease);
  return true;
};

/** The lease of somebody who works ends: a partition. */
const partition: Act = (stage, random) => {
  const actor = random.maybe(stage.working());
  if (!actor) return false;
  stage.etcd.endLease(actor.lease);
  return true;
};

/** A status that is wrong in one way or several, under some key. */
const lie: Act = (stage, random) => {
  const liar = random.pick(stage.actors);
  const id = random.pick(stage.ids);
  const config = stage.configAt(liar.env, id);
  const generation = config?.generation ?? stage.tombstoneAt(liar.env, id) ?? 1;
  const target = { generation, digest: config?.digest ?? '' };
  const before = liar.journal.get(id);
  const telling = { kind: 'verified', before, random } as const;
  const base = statusBase(stage, liar);
  const honest = random.chance(0.5) && before ? before : application(base, target, telling);
  const lies = random.shuffled(LIES).slice(0, random.chance(0.7) ? 1 : 2);
  const status = lies.reduce((value, twist) => twist(value, random), honest);
  const lease = random.chance(0.25) ? leaseOfAnother(stage, liar, random) : liar.lease;
  const key = statusKey(liar.env, id, liar.name);
  stage.etcd.put(key, encodeStatus(status), lease);
  return true;
};

function leaseOfAnother(stage: Stage, liar: Actor, random: Random): string {
  return random.pick(['0', stage.etcd.grant(), random.pick(stage.actors).lease, liar.lease]);
}

type Twist = (status: StatusValue, random: Random) => StatusValue;

const LIES: readonly Twist[] = [
  (status) => status,
  (status, random) => ({ ...status, epoch: Math.max(0, status.epoch + random.pick([-1, 1])) }),
  (status) => ({ ...status, instance: `${status.instance}'` }),
  (status) => ({ ...status, phase: 'REMOVED' }),
  (status, random) => ({ ...status, phase: random.pick(PHASES) }),
  (status, random) => ({
    ...status,
    proof: random.pick([null, proofOf('APPLIED'), proofOf('VERIFIED')]),
  }),
  (status) => ({ ...status, applied: null }),
  (status) => ({
    ...status,
    applied: status.applied && { ...status.applied, digest: 'f'.repeat(64) },
  }),
  (status, random) => ({
    ...status,
    applied: status.applied && {
      ...status.applied,
      generation: Math.max(0, status.applied.generation + random.pick([-2, -1, 1, 2 ** 32])),
    },
  }),
  (status, random) => ({
    ...status,
    last_attempt: {
      ...attempt(
        Math.max(0, (status.applied?.generation ?? 1) + random.int(-1, 1)),
        random.chance(0.7) ? (status.applied?.digest ?? '') : 'e'.repeat(64),
        random.pick(RESULTS),
        random.chance(0.5),
      ),
      message: 'x'.repeat(random.pick([0, MESSAGE_LENGTH_MAX])),
    },
  }),
];

function proofOf(level: 'APPLIED' | 'VERIFIED') {
  return { level, method: 'lie' };
}

/** Bytes that nobody of ours wrote, at an agent's keys. */
const garbage: Act = (stage, random) => {
  const { env, name, lease } = random.pick(stage.actors);
  const key = random.pick([
    ...[agentKey(env, name), rosterKey(env, name), statusKey(env, random.pick(stage.ids), name)],
    ...[`/ingress/agent/${env}`, `/ingress/agent/${env}/${name}/x`, `/ingress/roster/${env}/`],
    ...[`/ingress/ingress_config_status/${env}/web/${name}/x`, `/ingress/agent/${env}/A`],
  ]);
  if (random.chance(0.3) && stage.etcd.get(key)) stage.etcd.delete(key);
  else stage.etcd.put(key, random.pick(GARBAGE), random.pick(['0', lease]));
  return true;
};

/** A status key goes away by itself. */
const statusGone: Act = (stage, random) => {
  const { env, name } = random.pick(stage.actors);
  const key = statusKey(env, random.pick(stage.ids), name);
  if (!stage.etcd.get(key)) return false;
  stage.etcd.delete(key);
  return true;
};

/** What agents do, and what is done to them. */
export const AGENT_ACTS = {
  ...{ join, sync, work, converge, leave, crash, pause, wake, leaseEnds, partition },
  ...{ lie, garbage, statusGone },
};
