import { configKey, EPOCH_KEY, statusKey, tombstoneKey } from '#libs/keyspace';
import type { Random } from '#test/random';
import type { Backup } from './etcd-server.ts';
import type { World } from './world.ts';

/** Backups that were made, and what else a schedule remembers. */
export interface Notes {
  readonly backups: Backup[];
  readonly mysqlBackups: ReturnType<World['mysql']['backup']>[];
  writes: number;
  /** Whether MySQL may be put back to a backup, and whether an operator then rebases. */
  readonly flavour: 'whole' | 'healed' | 'rebased';
}

type Act = (world: World, random: Random, notes: Notes) => Promise<boolean> | boolean;

/** Writes of others: more revisions than a run makes, so that old ones come again at any distance. */
const OVERTAKE_MAX = 400;
const CONTENTS = 3;

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
  cutNetwork: ({ network, processes }, random) => {
    const process = random.pick(processes);
    network.cut.add(process);
    return true;
  },
  mendNetwork: ({ network }) => {
    network.cut.clear();
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
    const keys = [...server.store.keys.keys()].filter((key) => key.startsWith('/ingress/'));
    truth.byHand(() => server.deleteByHand(keys));
    return keys.length > 0;
  },
  deleteByHand: ({ truth, server, refs }, random, notes) => {
    if (!mayLoseEtcd(notes)) return false;
    const { env, id } = random.pick(refs);
    const key = random.chance(0.5) ? configKey(env, id) : tombstoneKey(env, id);
    if (!server.store.get(key)) return false;
    truth.byHand(() => server.deleteByHand([key]));
    return true;
  },
  garbage: ({ truth, server, refs, hosts }, random, notes) => {
    if (!mayLoseEtcd(notes)) return false;
    const { env, id } = random.pick(refs);
    const agent = random.pick(hosts).name;
    const keys = [configKey(env, id), tombstoneKey(env, id), EPOCH_KEY, statusKey(env, id, agent)];
    const key = random.pick(keys);
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
  ...{ cutNetwork: 3, mendNetwork: 6, etcdDown: 2, mysqlDown: 2 },
  ...{ backup: 5, wipe: 1.5, restore: 4, compact: 2, emptyByHand: 0.8, deleteByHand: 1.5 },
  ...{ garbage: 3, mysqlBackup: 6, mysqlRestore: 4, confirmLoss: 4 },
};

/** While everything is well. */
const QUIET: typeof WEIGHTS = {
  ...(Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 0])) as typeof WEIGHTS),
  ...{ step: 70, deliver: 24, beat: 2, set: 5, remove: 1 },
};

/** What a run is mostly about, so that rare moments meet: more of this, less of that. */
const TOPICS: readonly { more: Partial<typeof WEIGHTS>; faultChance: number }[] = [
  { more: {}, faultChance: 0.06 },
  { more: { backup: 14, restore: 12, wipe: 5, compact: 5, remove: 30 }, faultChance: 0.06 },
  {
    more: { killAgent: 14, startAgent: 26, stopAgent: 10, buryAgent: 14, leaseEnds: 30, wipe: 6 },
    faultChance: 0.03,
  },
  {
    more: { deleteByHand: 16, emptyByHand: 4, garbage: 8, reconcile: 50, cutWatch: 10, relist: 10 },
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
