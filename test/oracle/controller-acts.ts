import {
  agentKey,
  configKey,
  decodeRoster,
  digestOf,
  EPOCH_KEY,
  encodeRoster,
  PASS_KEY,
  READY_KEY,
  rosterKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import type { Random } from '#test/random';
import { type Act, join } from './agent-acts.ts';
import type { ConfigRow } from './rows.ts';
import { configValueOf, contentOf, type Stage } from './stage.ts';

const DAY_MS = 86_400_000;
const FOREIGN = ['', '{}', 'null', '{"generation":"00000000000000000001"}', '\u00ff', '[1]'];

/** Accepts a new generation, and mostly publishes it at once. */
const set: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  const id = random.pick(stage.ids);
  const old = stage.configs.get(`${env}/${id}`);
  if (old?.deletedAtMs !== undefined && random.chance(0.4)) return false;
  const generation = (old?.generation ?? 0) + 1;
  const policy = random.chance(0.3) ? 'VERIFIED' : 'APPLIED';
  const content = contentOf(random.int(0, 2));
  const row: ConfigRow = {
    ...{ env, id, generation, policy, content, digest: digestOf(content, policy) },
    ...{ publishedGeneration: old?.publishedGeneration ?? 0 },
    ...{ acceptedAtMs: stage.nowMs, deletedAtMs: undefined },
  };
  stage.configs.set(`${env}/${id}`, row);
  if (random.chance(0.8)) publish(stage, row);
  return true;
};

/** Accepts a delete, and mostly publishes it at once. */
const remove: Act = (stage, random) => {
  const live = [...stage.configs.values()].filter((row) => row.deletedAtMs === undefined);
  const old = random.maybe(live);
  if (!old) return false;
  const times = { acceptedAtMs: stage.nowMs, deletedAtMs: stage.nowMs };
  const row = { ...old, ...times, generation: old.generation + 1 };
  stage.configs.set(`${row.env}/${row.id}`, row);
  if (random.chance(0.8)) publish(stage, row);
  return true;
};

/** The guarded transaction: nothing newer is ever replaced, and nothing without an epoch. */
function publish(stage: Stage, row: ConfigRow): boolean {
  const { etcd } = stage;
  const { env, id, generation } = row;
  if (stage.epoch === undefined) return false;
  const config = stage.configAt(env, id);
  const tombstone = stage.tombstoneAt(env, id) ?? 0;
  const isDelete = row.deletedAtMs !== undefined;
  const stored = Math.max(config?.generation ?? 0, tombstone);
  const isThere = isDelete ? tombstone === generation : config?.generation === generation;
  stage.configs.set(`${env}/${id}`, {
    ...row,
    publishedGeneration: Math.max(row.publishedGeneration, generation),
  });
  if (stored > generation || (isThere && stored === generation)) return false;
  if (isDelete) {
    etcd.txn([
      { key: configKey(env, id), value: undefined },
      { key: tombstoneKey(env, id), value: toFixed20(generation), lease: etcd.grant() },
    ]);
  } else {
    etcd.txn([
      { key: configKey(env, id), value: configValueOf(row) },
      { key: tombstoneKey(env, id), value: undefined },
    ]);
  }
  return true;
}

/** What a pass of the controllers repairs, row by row. */
function publishAll(stage: Stage, random: Random): void {
  for (const row of random.shuffled([...stage.configs.values()])) {
    const isOld = row.deletedAtMs !== undefined && row.deletedAtMs < stage.nowMs - 7 * DAY_MS;
    if (!isOld || stage.etcd.get(configKey(row.env, row.id))) publish(stage, row);
  }
}

/** A whole pass, or one row of it. */
const pass: Act = (stage, random) => {
  const row = random.maybe([...stage.configs.values()]);
  if (!row) return false;
  if (random.chance(0.5)) return publish(stage, row);
  publishAll(stage, random);
  return true;
};

/** The next step of a rebuild; without one, nothing. */
const rebuild: Act = (stage, random) => {
  const { etcd } = stage;
  if (stage.epoch === undefined || stage.epoch < stage.epochAllocated) {
    stage.epochAllocated = Math.max(stage.epochAllocated, stage.epoch ?? 0) + 1;
    etcd.put(EPOCH_KEY, toFixed20(stage.epochAllocated));
    return true;
  }
  if (etcd.text(READY_KEY) === etcd.text(EPOCH_KEY)) return false;
  restoreRoster(stage);
  publishAll(stage, random);
  if (random.chance(0.8)) etcd.put(READY_KEY, toFixed20(stage.epoch));
  etcd.put(PASS_KEY, toFixed20(random.int(1, 9)));
  return true;
};

function restoreRoster({ etcd, members }: Stage): void {
  for (const { env, name, instance, leftAtMs, forgotten } of members.values()) {
    if (etcd.get(rosterKey(env, name)) || (leftAtMs !== undefined && !forgotten)) continue;
    const value =
      leftAtMs === undefined
        ? { instance, joined_at: '' }
        : { left_at: new Date(leftAtMs).toISOString(), forgotten: true };
    etcd.put(rosterKey(env, name), encodeRoster(value));
  }
}

/** A new epoch out of the blue: everything is to be reported anew. */
const bumpEpoch: Act = (stage, random) => {
  if (stage.epoch === undefined) return false;
  stage.epochAllocated = Math.max(stage.epochAllocated, stage.epoch) + 1;
  stage.etcd.put(EPOCH_KEY, toFixed20(stage.epochAllocated));
  if (random.chance(0.5)) stage.etcd.put(READY_KEY, toFixed20(stage.epochAllocated));
  return true;
};

/** The mirror of the roster in MySQL; clean leavings are then taken off etcd. */
const mirror: Act = (stage, random) => {
  for (const { env, name } of stage.actors) {
    const kv = stage.etcd.get(rosterKey(env, name));
    if (!kv) continue;
    const roster = decodeRoster(kv.value);
    const key = `${env}/${name}`;
    if ('left_at' in roster) {
      const forgotten = roster.forgotten === true;
      const leftAtMs = Date.parse(roster.left_at);
      // A time that nobody can read is left where it is.
      if (Number.isNaN(leftAtMs)) continue;
      const old = stage.members.get(key);
      stage.members.set(key, { env, name, instance: old?.instance ?? '', leftAtMs, forgotten });
      if (!forgotten && random.chance(0.5)) stage.etcd.delete(rosterKey(env, name));
    } else {
      const { instance } = roster;
      stage.members.set(key, { env, name, instance, leftAtMs: undefined, forgotten: false });
    }
  }
  return true;
};

/** A lost member is forgotten by the controllers, or decommissioned; now and then one that lives. */
const giveUp: Act = (stage, random) => {
  const lost = stage.actors.filter(
    ({ env, name }) =>
      stage.etcd.get(rosterKey(env, name)) &&
      (!stage.etcd.get(agentKey(env, name)) || random.chance(0.1)),
  );
  const actor = random.maybe(lost);
  if (!actor) return false;
  const atMs = stage.nowMs + random.pick([0, 0, -1, -DAY_MS]);
  const left = { left_at: random.chance(0.05) ? 'then' : new Date(atMs).toISOString() };
  const value = random.chance(0.7) ? { ...left, forgotten: true } : left;
  stage.etcd.put(rosterKey(actor.env, actor.name), encodeRoster(value));
  return true;
};

/** The roster key of somebody goes without a word. */
const rosterGone: Act = (stage, random) => {
  const { env, name } = random.pick(stage.actors);
  if (!stage.etcd.get(rosterKey(env, name))) return false;
  stage.etcd.delete(rosterKey(env, name));
  return true;
};

const minAgents: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  if (random.chance(0.4)) stage.minAgents.delete(env);
  else stage.minAgents.set(env, random.pick([0, 0, 1, 1, 2, 3]));
  return true;
};

/** A value that no controller wrote, at a config's or a tombstone's key. */
const foreign: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  const id = random.pick(stage.ids);
  const key = random.pick([
    ...[configKey(env, id), configKey(env, id), tombstoneKey(env, id)],
    ...[EPOCH_KEY, READY_KEY, `/ingress/ingress_config/${env}/UP`, '/ingress/x/y'],
  ]);
  const isMeta = key === EPOCH_KEY || key === READY_KEY;
  if (isMeta && random.chance(0.8)) return false;
  stage.etcd.put(key, random.pick(FOREIGN));
  return true;
};

/** A canonical config that MySQL does not have like this: another content, or another generation. */
const stray: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  const id = random.pick(stage.ids);
  const generation = Math.max(
    1,
    (stage.configs.get(`${env}/${id}`)?.generation ?? 1) + random.int(-1, 1),
  );
  const content = contentOf(random.int(0, 4));
  const row: ConfigRow = {
    ...{ env, id, generation, content, policy: 'APPLIED', digest: '', publishedGeneration: 0 },
    ...{ acceptedAtMs: stage.nowMs, deletedAtMs: undefined },
  };
  stage.etcd.put(configKey(env, id), configValueOf(row));
  return true;
};

/** Somebody deletes a config or a tombstone by hand; mostly a controller puts it back at once. */
const byHand: Act = (stage, random) => {
  const env = random.pick(stage.envs);
  const id = random.pick(stage.ids);
  const key = random.pick([configKey(env, id), tombstoneKey(env, id)]);
  if (!stage.etcd.get(key)) return false;
  stage.etcd.delete(key);
  const row = stage.configs.get(`${env}/${id}`);
  if (row && random.chance(0.6)) publish(stage, row);
  return true;
};

/** Some time passes; tombstones go with their leases after 9 days. */
const timePasses: Act = (stage, random) => {
  stage.nowMs += random.pick([1, 1, 50, 60_000, DAY_MS]);
  return true;
};

const daysPass: Act = (stage, random) => {
  stage.nowMs += random.pick([7, 8, 9]) * DAY_MS;
  const old = [...stage.etcd.keys.values()].filter(
    ({ key, lease }) => key.includes('/ingress_tombstone/') && lease !== '0',
  );
  for (const { lease } of old) if (random.chance(0.8)) stage.etcd.endLease(lease);
  return true;
};

/** MySQL was put back to a backup: some rows are older than what etcd has, or gone. */
const mysqlForgets: Act = (stage, random) => {
  const row = random.maybe([...stage.configs.values()]);
  if (!row) return false;
  const key = `${row.env}/${row.id}`;
  if (row.generation === 1 || random.chance(0.4)) stage.configs.delete(key);
  else stage.configs.set(key, { ...row, generation: row.generation - 1 });
  return true;
};

const compact: Act = (stage) => {
  stage.etcd.compact();
  return true;
};

const snapshot: Act = (stage) => {
  stage.snapshot = stage.etcd.snapshot();
  return true;
};

/** Everything is lost; now and then controllers and agents have it back before anybody looks. */
const wipe: Act = (stage, random) => {
  stage.etcd.wipe();
  if (random.chance(0.5)) return true;
  rebuild(stage, random);
  rebuild(stage, random);
  for (const actor of stage.actors) {
    if (random.chance(0.7)) join(stage, random);
    if (random.chance(0.2)) actor.journal.clear();
  }
  return true;
};

/** Back to a snapshot; now and then so much is written that the old revision is overtaken. */
const rewind: Act = (stage, random) => {
  if (!stage.snapshot) return false;
  const reached = stage.etcd.revision;
  stage.etcd.restore(stage.snapshot);
  if (random.chance(0.5)) {
    const writes = Number(reached - stage.etcd.revision) + random.int(0, 5);
    for (let write = 0; write < writes; write += 1) stage.etcd.put(PASS_KEY, toFixed20(write));
  }
  return true;
};

/** What controllers, operators, the databases and the weather do. */
export const CONTROLLER_ACTS = {
  ...{ set, remove, pass, rebuild, bumpEpoch, mirror, giveUp, rosterGone, minAgents },
  ...{
    foreign,
    stray,
    byHand,
    timePasses,
    daysPass,
    mysqlForgets,
    compact,
    snapshot,
    wipe,
    rewind,
  },
};
