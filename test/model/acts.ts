import { configKey } from '#libs/keyspace';
import type { Random } from '#test/random';
import { deleteByHand, deleteInPass, emptyByHand, garbage } from './by-hand.ts';
import { type Act, mayLoseEtcd, type Notes } from './notes.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** Writes of others: more revisions than a run makes, so that old ones come again at any distance. */
const OVERTAKE_MAX = 400;
const CONTENTS = 3;
/** Keys under the leases of agents. */
const AGENTS_KEYS = /^\/ingress\/(agent|ingress_config_status)\//;

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
  /** A driver takes longer than anybody waits for it. */
  giveUp: async ({ scheduler, agents }, random) => {
    const agent = random.maybe(agents.filter(({ paused }) => !paused));
    const deadline = agent && random.maybe(scheduler.deadlinesOf(agent));
    if (!deadline) return false;
    await scheduler.perform(deadline, random);
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
    // Of two restores before anybody has noticed the first, a watch that saw nothing in between cannot
    // tell one from the other: the next list, minutes later, mends that.
    if (!backup || !mayLoseEtcd(notes) || world.truth.isRewound) return false;
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
  emptyByHand,
  deleteByHand,
  deleteInPass,
  garbage,
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

/** Whether an agent's driver or journal is at it. */
function isAtWork({ scheduler }: World, agent: Process): boolean {
  return scheduler.callsOf(agent).some(({ label }) => /^(apply|remove|journal [^l])/.test(label));
}

function isAgents({ server }: World, lease: string): boolean {
  for (const kv of server.store.keys.values()) {
    if (kv.lease === lease && AGENTS_KEYS.test(kv.key)) return true;
  }
  return false;
}

/** What can happen. */
export type ActName = keyof typeof ACTS;
