import { configKey, EPOCH_KEY, statusKey, tombstoneKey } from '#libs/keyspace';
import type { Random } from '#test/random';
import type { Backup } from './etcd-server.ts';
import type { ModelListWatch } from './list-watch.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** Backups that were made, and what else a schedule remembers. */
export interface Notes {
  readonly backups: Backup[];
  readonly mysqlBackups: ReturnType<World['mysql']['backup']>[];
  writes: number;
  /** Keys were changed by hand, which nobody but a list may notice. */
  isByHand: boolean;
  /** Whether MySQL may be put back to a backup, and whether an operator then rebases. */
  readonly flavour: 'whole' | 'healed' | 'rebased';
}

type Act = (world: World, random: Random, notes: Notes) => Promise<boolean> | boolean;

/** Writes of others: more revisions than a run makes, so that old ones come again at any distance. */
const OVERTAKE_MAX = 400;
const CONTENTS = 3;
/** Place of the configs among the ranges that an agent watches. */
const CONFIGS = 0;
/** Until a pass that was asked for has listed etcd. */
const PASS_STEPS_MAX = 40;

async function write(world: World, random: Random, notes: Notes, kind: 'set' | 'delete') {
  const ready = world.controllers.filter(({ paused }) => !paused);
  const controller = random.maybe(ready);
  if (!controller) return false;
  notes.writes += 1;
  const ref = random.pick(world.refs);
  const requestId = `r${notes.writes}`;
  const content = { v: random.int(1, CONTENTS) };
  await world.scheduler.as(controller, () => {
    controller
      .write(kind, ref, content, requestId)
      .catch((error: unknown) => world.truth.threw(controller, error));
  });
  return true;
}

function etcdGone(world: World): void {
  world.truth.etcdRestored();
  for (const listWatch of world.listWatches) listWatch.cut();
}

/**
 * Whether etcd may lose what it has. When MySQL was rolled back, too, and no operator lifts what is
 * left, agents hold generations that nobody knows of any more.
 */
function mayLoseEtcd({ flavour }: Notes): boolean {
  return flavour !== 'healed';
}

/** What can happen, each once in a while. An act that is not possible now says false. */
export const ACTS = {
  step: async ({ scheduler }, random) => await scheduler.step(random),
  deliver: async ({ scheduler, listWatches }, random) => {
    const ready = listWatches.filter(({ process }) => !process.paused);
    const listWatch = random.maybe(ready.filter((candidate) => candidate.hasBacklog()));
    if (!listWatch) return false;
    await scheduler.as(listWatch.process, () => listWatch.deliver(random));
    return true;
  },
  heartbeat: async ({ scheduler, agents, server, network }, random) => {
    const agent = random.maybe(agents.filter(({ paused, lease }) => !paused && lease));
    const { lease } = agent ?? {};
    if (!agent || !lease || network.cut.has(agent) || network.isEtcdDown) return false;
    if (server.hasLease(lease.id) || lease.ended.aborted) return false;
    await scheduler.as(agent, () => lease.end('etcd does not know it'));
    return true;
  },
  beat: async ({ scheduler, aggregator }) => {
    if (aggregator.paused) return false;
    await scheduler.as(aggregator, () => aggregator.beat());
    return true;
  },
  set: (world, random, notes) => write(world, random, notes, 'set'),
  remove: (world, random, notes) => write(world, random, notes, 'delete'),
  reconcile: async ({ scheduler, controllers }, random) => {
    const controller = random.maybe(controllers.filter(({ paused }) => !paused));
    if (!controller) return false;
    await scheduler.as(controller, () => controller.reconcile());
    return true;
  },
  killController: async (world, random) => {
    const controller = random.maybe(world.controllers);
    if (!controller) return false;
    world.kill(controller, random);
    await world.startController();
    return true;
  },
  killAgent: (world, random) => {
    const agent = random.maybe(world.agents);
    if (!agent) return false;
    world.kill(agent, random);
    return true;
  },
  /** A pod that is moved starts on an empty disk. */
  moveAgent: (world, random) => {
    const host = random.pick(world.hosts);
    const agent = world.agentOn(host);
    if (agent) world.kill(agent, random);
    host.loseDisk();
    return true;
  },
  /** In the middle of a change of what is in force. The next process begins at once. */
  killAtWork: async (world, random) => {
    const agent = random.maybe(world.agents.filter((candidate) => isAtWork(world, candidate)));
    if (!agent) return false;
    world.kill(agent, random);
    await world.startAgent(agent.host);
    return true;
  },
  startAgent: async (world, random) => {
    const host = random.maybe(world.hosts.filter((candidate) => !world.agentOn(candidate)));
    if (!host) return false;
    await world.startAgent(host);
    return true;
  },
  stopAgent: async ({ scheduler, agents }, random) => {
    const agent = random.maybe(agents.filter(({ paused, isStopping }) => !paused && !isStopping));
    if (!agent) return false;
    await scheduler.as(agent, () => agent.stop());
    return true;
  },
  buryAgent: (world, random) => {
    const agent = random.maybe(world.agents.filter(({ hasEnded }) => hasEnded));
    if (!agent) return false;
    world.kill(agent, random);
    return true;
  },
  pause: ({ processes }, random) => {
    random.pick(processes).paused = true;
    return true;
  },
  resume: ({ processes }, random) => {
    const process = random.maybe(processes.filter(({ paused }) => paused));
    if (!process) return false;
    process.paused = false;
    return true;
  },
  leaseEnds: (world, random) => {
    const { agents, server, network } = world;
    const held = new Set(
      agents
        .filter((agent) => !agent.paused && !network.cut.has(agent))
        .map(({ lease }) => lease?.id),
    );
    const ending = [...server.store.keys.values()]
      .map(({ lease }) => lease)
      .filter((lease) => server.hasLease(lease) && isAgents(world, lease) && !held.has(lease));
    const lease = random.maybe(ending);
    if (lease === undefined) return false;
    server.endLease(lease);
    return true;
  },
  cutWatch: async ({ scheduler, listWatches }, random) => {
    const up = listWatches.filter((candidate) => candidate.isUp && !candidate.process.paused);
    const listWatch = random.maybe(up);
    if (!listWatch) return false;
    await scheduler.as(listWatch.process, () => listWatch.cut());
    return true;
  },
  relist: async ({ scheduler, listWatches }, random) => {
    const ready = listWatches.filter(({ process }) => !process.paused);
    const listWatch = random.maybe(ready);
    if (!listWatch) return false;
    await scheduler.as(listWatch.process, () => listWatch.relistNow());
    return true;
  },
  /** One range of a stream falls behind the others. */
  stall: ({ listWatches }, random) => {
    const listWatch = random.maybe(listWatches.filter(({ isUp }) => isUp));
    listWatch?.stall(random.int(0, listWatch.rangeCount - 1));
    return true;
  },
  catchUp: ({ listWatches }) => {
    for (const listWatch of listWatches) listWatch.catchUp();
    return true;
  },
  refuseKey: ({ network, refs }, random) => {
    const { env, id } = random.pick(refs);
    network.refusedKeys.add(configKey(env, id));
    return true;
  },
  cutNetwork: ({ network, processes }, random) => {
    const process = random.pick(processes);
    network.cut.add(process);
    return true;
  },
  mendNetwork: ({ network }) => {
    network.cut.clear();
    network.refusedKeys.clear();
    network.isEtcdDown = false;
    network.isMysqlDown = false;
    return true;
  },
  etcdDown: ({ network, listWatches }) => {
    network.isEtcdDown = true;
    for (const listWatch of listWatches) listWatch.cut();
    return true;
  },
  mysqlDown: ({ network }) => {
    network.isMysqlDown = true;
    return true;
  },
  backup: ({ server }, _random, { backups }) => {
    backups.push(server.backup());
    return true;
  },
  wipe: (world, _random, notes) => {
    if (!mayLoseEtcd(notes)) return false;
    world.server.wipe();
    etcdGone(world);
    return true;
  },
  restore: (world, random, notes) => {
    const backup = random.maybe(notes.backups);
    if (!backup || !mayLoseEtcd(notes)) return false;
    const { server } = world;
    server.restore(backup);
    // Others may write, and be faster than those who come back.
    server.othersWrite(random.chance(0.8) ? random.int(1, OVERTAKE_MAX) : 0);
    etcdGone(world);
    return true;
  },
  compact: ({ server }) => {
    server.store.compact();
    return true;
  },
  emptyByHand: ({ truth, server }, _random, notes) => {
    if (!mayLoseEtcd(notes)) return false;
    notes.isByHand = true;
    const keys = [...server.store.keys.keys()].filter((key) => key.startsWith('/ingress/'));
    truth.byHand(() => server.deleteByHand(keys));
    return keys.length > 0;
  },
  deleteByHand: async (world, random, notes) => {
    const { env, id } = random.pick(world.refs);
    const key = random.chance(0.5) ? configKey(env, id) : tombstoneKey(env, id);
    return await deleteByHand(world, { env, key }, random, notes);
  },
  /** Behind the back of passes that have listed etcd already, and before the eyes of the agents. */
  deleteInPass: async (world, random, notes) => {
    const { scheduler, controllers, agents } = world;
    const { env, id } = random.pick(world.refs);
    const key = configKey(env, id);
    if (!world.server.store.get(key)) return false;
    for (const controller of controllers) {
      if (!controller.paused) await scheduler.as(controller, () => controller.reconcile());
    }
    for (let step = 0; step < PASS_STEPS_MAX && !isInPass(world); step += 1) {
      await scheduler.step(random);
    }
    if (!isInPass(world) || !(await deleteByHand(world, { env, key }, random, notes))) return true;
    for (const { listWatch, paused } of agents) {
      if (!listWatch || paused) continue;
      await catchUp(world, listWatch, random);
      // Passes may come before what they have put back.
      if (random.chance(0.3)) listWatch.stall(CONFIGS);
    }
    return true;
  },
  garbage: ({ truth, server, refs, hosts }, random, notes) => {
    if (!mayLoseEtcd(notes)) return false;
    const { env, id } = random.pick(refs);
    const agent = random.pick(hosts).name;
    const keys = [configKey(env, id), tombstoneKey(env, id), EPOCH_KEY, statusKey(env, id, agent)];
    const key = random.pick(keys);
    notes.isByHand = true;
    truth.byHand(() => server.putByHand(key, random.pick(['garbage', '{"generation":"9"}'])));
    return true;
  },
  mysqlBackup: ({ mysql }, _random, { mysqlBackups, flavour }) => {
    if (flavour === 'whole') return false;
    mysqlBackups.push(mysql.backup());
    return true;
  },
  mysqlRestore: (world, random, { mysqlBackups, flavour }) => {
    const backup = random.maybe(mysqlBackups);
    if (!backup || flavour === 'whole') return false;
    world.mysql.restore(backup);
    world.truth.mysqlRestored();
    return true;
  },
  confirmLoss: ({ mysql }) => {
    if (!mysql.stop || mysql.stop.confirmedLiveRows !== undefined) return false;
    mysql.confirmLoss();
    return true;
  },
} satisfies Record<string, Act>;

/**
 * Whoever deletes a key by hand that was just put back is slower than a watch: who watches has seen
 * that it was there.
 */
async function deleteByHand(
  world: World,
  { env, key }: { env: string; key: string },
  random: Random,
  notes: Notes,
): Promise<boolean> {
  const { truth, server, agents } = world;
  const watching = agents.filter(({ host, listWatch }) => host.env === env && listWatch?.isUp);
  const isSlow = watching.some(({ paused, listWatch }) => paused || listWatch?.isStalled);
  if (isSlow || !mayLoseEtcd(notes) || !server.store.get(key)) return false;
  for (const { listWatch } of watching) if (listWatch) await catchUp(world, listWatch, random);
  notes.isByHand = true;
  truth.byHand(() => server.deleteByHand([key]));
  return true;
}

/** Whether an agent's driver or journal is at it. */
function isAtWork({ scheduler }: World, agent: Process): boolean {
  return scheduler.callsOf(agent).some(({ label }) => /^(apply|remove|journal [^l])/.test(label));
}

/** Whether a controller is about to compare what it has listed with MySQL. */
function isInPass({ controllers, scheduler }: World): boolean {
  return controllers.some((controller) =>
    scheduler.callsOf(controller).some(({ label }) => label.startsWith('mysql: scan')),
  );
}

/** All that is in store for a list-watch arrives. */
export async function catchUp(
  world: World,
  listWatch: ModelListWatch,
  random: Random,
): Promise<void> {
  while (listWatch.hasBacklog()) {
    await world.scheduler.as(listWatch.process, () => listWatch.deliver(random));
  }
}

function isAgents({ server }: World, lease: string): boolean {
  for (const kv of server.store.keys.values()) {
    if (kv.lease === lease && kv.key.startsWith('/ingress/agent/')) return true;
  }
  return false;
}

/** What can happen. */
export type ActName = keyof typeof ACTS;

/** How often what happens while things go wrong. */
const WEIGHTS: Readonly<Record<ActName, number>> = {
  ...{ step: 560, deliver: 130, heartbeat: 12, beat: 8, set: 34, remove: 12, reconcile: 8 },
  ...{ killController: 3, killAgent: 4, startAgent: 12, stopAgent: 2, buryAgent: 6 },
  ...{ pause: 5, resume: 7, leaseEnds: 8, cutWatch: 4, relist: 5 },
  ...{ moveAgent: 1, killAtWork: 1, stall: 4, catchUp: 6, refuseKey: 0.6, deleteInPass: 0.3 },
  ...{ cutNetwork: 3, mendNetwork: 6, etcdDown: 2, mysqlDown: 2 },
  ...{ backup: 5, wipe: 1.5, restore: 4, compact: 2, emptyByHand: 0.8, deleteByHand: 1.5 },
  ...{ garbage: 3, mysqlBackup: 6, mysqlRestore: 4, confirmLoss: 4 },
};

/** While everything is well. */
const QUIET: typeof WEIGHTS = {
  ...(Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 0])) as typeof WEIGHTS),
  ...{ step: 70, deliver: 24, beat: 2, set: 7, remove: 3, backup: 2 },
};

/** What a run is mostly about, so that rare moments meet: more of this, less of that. */
const TOPICS: readonly { more: Partial<typeof WEIGHTS>; faultChance: number }[] = [
  { more: {}, faultChance: 0.06 },
  { more: { backup: 14, restore: 12, wipe: 5, compact: 5, remove: 30 }, faultChance: 0.06 },
  {
    more: {
      killAtWork: 60,
      killAgent: 6,
      startAgent: 26,
      set: 50,
      stopAgent: 10,
      buryAgent: 14,
      leaseEnds: 30,
      wipe: 6,
    },
    faultChance: 0.03,
  },
  {
    more: { deleteByHand: 8, deleteInPass: 16, reconcile: 20, garbage: 4, stall: 10, catchUp: 3 },
    faultChance: 0.03,
  },
  {
    more: { pause: 16, resume: 14, killController: 12, wipe: 6, restore: 5, set: 60, remove: 40 },
    faultChance: 0.1,
  },
  { more: { wipe: 5, emptyByHand: 3, reconcile: 30, mendNetwork: 20 }, faultChance: 0.3 },
  {
    more: { killAgent: 9, startAgent: 3, wipe: 9, emptyByHand: 3, set: 70, leaseEnds: 20 },
    faultChance: 0.01,
  },
];
const TOPIC_WEIGHTS = TOPICS.map(({ more }) => ({ ...WEIGHTS, ...more }));
/** Steps before anything goes wrong, in most runs: what is lost has to be there first. */
const QUIET_STEPS = 90;

/** How often what happens at a step, and how often a call goes wrong. */
export function courseOf(
  seed: number,
  step: number,
): { weights: typeof WEIGHTS; faultChance: number } {
  const isQuiet = step < QUIET_STEPS && seed % 4 !== 0;
  const topic = seed % TOPICS.length;
  const weights = isQuiet ? QUIET : (TOPIC_WEIGHTS[topic] ?? WEIGHTS);
  return { weights, faultChance: isQuiet ? 0 : (TOPICS[topic]?.faultChance ?? 0) };
}
