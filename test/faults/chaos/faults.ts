import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { put } from '#libs/etcd';
import {
  agentKey,
  CONFIG_PREFIX,
  configKey,
  EPOCH_KEY,
  ROOT,
  resumeRemovalsKey,
  rosterKey,
  statusKey,
  tombstoneKey,
} from '#libs/keyspace';
import type { ControllerDefinition } from '#proto';
import { leaderOf } from '#test/etcd-leader';
import type { Random } from '#test/random';
import type { AgentService, Service } from '#test/system';
import { KEYS } from './clients.ts';
import type { Place } from './place.ts';

/** Something that goes wrong from outside, and ends. */
export interface Fault {
  readonly name: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  /** Milliseconds that everything may take to be right again, from the fault's end; faults.md's numbers. */
  readonly targetMs: number;
  /** Whether it can happen with so many members. */
  readonly fits?: (members: number) => boolean;
  /** Begins, lasts and ends. */
  run(place: Place, random: Random): Promise<void>;
}

const ANY_FAULT_MS = 5_000;
const AGENT_BACK_MS = 5_000;
const OVERTAKING_PUTS = 300;
const PUTS_AT_ONCE = 50;
const LEASE_MS = 5_000;
const GARBAGE = ['garbage', '{"generation":"1"}', '', '99999999999999999999'];

const lasting = async (random: Random, minMs: number, maxMs: number) =>
  await delay(random.int(minMs, maxMs));

async function startController({ system }: Place): Promise<void> {
  await system.startController();
}

function takeController({ system }: Place, random: Random): Service<ControllerDefinition> {
  const service = random.pick(system.controllers);
  system.controllers.splice(system.controllers.indexOf(service), 1);
  return service;
}

async function frozen(
  signal: (name: NodeJS.Signals) => void,
  random: Random,
  [minMs, maxMs]: readonly [number, number],
): Promise<void> {
  signal('SIGSTOP');
  await lasting(random, minMs, maxMs);
  signal('SIGCONT');
}

function anAgent({ system }: Place, random: Random): AgentService {
  return random.pick([...system.agents.values()]);
}

async function etcdStopped(place: Place, during: (data: string[]) => Promise<void>): Promise<void> {
  const { etcd } = place.system;
  await etcd.kill();
  const data = etcd.endpoints.map((_, index) => join(place.system.dir, 'etcd', `data${index}`));
  await during(data);
  await etcd.restart();
}

/** Copies etcd's data, restarts it, and puts the copy back a moment later. */
async function restored(place: Place, random: Random, isOvertaken: boolean): Promise<void> {
  const backup = (index: number) => join(place.dir, `backup${index}`);
  await etcdStopped(place, async (data) => {
    await Promise.all(
      data.map((dir, index) => cp(dir, backup(index), { recursive: true, force: true })),
    );
  });
  await lasting(random, 300, 900);
  await place.system.etcd.kill();
  await place.system.etcd.wipe();
  const data = place.system.etcd.endpoints.map((_, index) =>
    join(place.system.dir, 'etcd', `data${index}`),
  );
  await Promise.all(data.map((dir, index) => cp(backup(index), dir, { recursive: true })));
  await place.system.etcd.restart();
  if (isOvertaken) await overtake(place);
}

async function overtake({ etcd }: Place): Promise<void> {
  for (let at = 0; at < OVERTAKING_PUTS; at += PUTS_AT_ONCE) {
    const puts = Array.from({ length: PUTS_AT_ONCE }, (_, index) =>
      etcd.txn({ compare: [], success: [put('/other', String(at + index))] }, { timeoutMs: 5_000 }),
    );
    await Promise.allSettled(puts);
  }
}

const isCluster = (members: number) => members > 1;

/** What can go wrong, all of it from outside. */
export const FAULTS: readonly Fault[] = [
  {
    ...{ name: 'controller: kill', weight: 3, targetMs: ANY_FAULT_MS },
    run: async (place, random) => {
      await takeController(place, random).program.kill();
      await startController(place);
    },
  },
  {
    ...{ name: 'controller: stop for a while', weight: 2, targetMs: ANY_FAULT_MS },
    run: async (place, random) => {
      const { program } = random.pick(place.system.controllers);
      await frozen((name) => program.signal(name), random, [300, 1_500]);
    },
  },
  {
    ...{ name: 'controller: rolling update', weight: 1, targetMs: ANY_FAULT_MS },
    run: async (place, random) => {
      await startController(place);
      await takeController(place, random).program.stop();
    },
  },
  {
    ...{ name: 'controllers: all killed', weight: 1, targetMs: ANY_FAULT_MS },
    run: async (place, random) => {
      const all = place.system.controllers.splice(0);
      await Promise.all(all.map(async ({ program }) => await program.kill()));
      await lasting(random, 100, 600);
      await Promise.all(all.map(async () => await startController(place)));
    },
  },
  {
    ...{ name: 'mysql: kill', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }, random) => {
      await system.mysql.kill();
      await lasting(random, 50, 500);
      await system.mysql.restart();
    },
  },
  {
    ...{ name: 'mysql: stop for a while', weight: 1, targetMs: ANY_FAULT_MS },
    run: async ({ system }, random) =>
      await frozen((name) => system.mysql.signal(name), random, [300, 2_000]),
  },
  {
    ...{ name: 'etcd: kill', weight: 3, targetMs: ANY_FAULT_MS },
    run: async ({ system }, random) => {
      await system.etcd.kill();
      await lasting(random, 50, 800);
      await system.etcd.restart();
    },
  },
  {
    ...{ name: 'etcd: stop for a while', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }, random) =>
      await frozen((name) => system.etcd.signal(name), random, [300, 2_000]),
  },
  {
    ...{ name: 'etcd: leader killed', weight: 6, targetMs: 3_000, fits: isCluster },
    run: async (place, random) => {
      const leader = await leaderOf(place.system.etcd);
      await place.system.etcd.kill('SIGKILL', leader);
      await lasting(random, 500, 1_500);
      await place.system.etcd.restart(leader);
    },
  },
  {
    ...{ name: 'etcd: leader stopped', weight: 3, targetMs: 3_000, fits: isCluster },
    run: async (place, random) => {
      const leader = await leaderOf(place.system.etcd);
      await frozen((name) => place.system.etcd.signal(name, leader), random, [500, 2_500]);
    },
  },
  {
    ...{ name: 'etcd: no quorum', weight: 2, targetMs: ANY_FAULT_MS, fits: isCluster },
    run: async ({ system }, random) => {
      await Promise.all([0, 1].map(async (member) => await system.etcd.kill('SIGKILL', member)));
      await lasting(random, 300, 1_500);
      await Promise.all([0, 1].map(async (member) => await system.etcd.restart(member)));
    },
  },
  {
    ...{ name: 'etcd: wiped', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }) => {
      await system.etcd.kill();
      await system.etcd.wipe();
      await system.etcd.restart();
    },
  },
  {
    ...{ name: 'etcd: restored from a backup', weight: 2, targetMs: ANY_FAULT_MS },
    run: async (place, random) => await restored(place, random, false),
  },
  {
    ...{ name: 'etcd: restored and overtaken', weight: 2, targetMs: ANY_FAULT_MS },
    run: async (place, random) => await restored(place, random, true),
  },
  {
    ...{ name: 'etcd: emptied by hand', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }) => {
      await system.etcd.etcdctl('del', '--prefix', '/ingress/');
    },
  },
  {
    ...{ name: 'etcd: compacted and defragmented', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system, etcd }) => {
      const { revision } = await etcd.range({ key: EPOCH_KEY });
      await system.etcd.etcdctl('compact', String(revision));
      await system.etcd.etcdctl('defrag');
    },
  },
  {
    // Nothing but the next pass looks at it: every 30 s or so.
    ...{ name: 'etcd: garbage in place of a config', weight: 0.4, targetMs: 45_000 },
    run: async ({ system }, random) => {
      const { env, id } = random.pick(KEYS);
      const key = random.pick([configKey, tombstoneKey])(env, id);
      await system.etcd.etcdctl('put', key, random.pick(GARBAGE));
    },
  },
  {
    ...{ name: 'etcd: garbage beside what is ours', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }, random) => {
      const { env, id } = random.pick(KEYS);
      const keys = [
        ...[`${CONFIG_PREFIX}${env}/${id}/more`, `${CONFIG_PREFIX}${env}`, `${ROOT}other/${id}`],
        ...[statusKey(env, id, 'nobody'), agentKey('nowhere', 'Ghost')],
        ...[rosterKey('nowhere', 'ghost'), resumeRemovalsKey(env)],
      ];
      await system.etcd.etcdctl('put', random.pick(keys), random.pick(GARBAGE));
    },
  },
  {
    ...{ name: 'agent: kill', weight: 3, targetMs: AGENT_BACK_MS },
    run: async (place, random) => {
      const agent = anAgent(place, random);
      place.alive.delete(agent);
      await agent.program.kill();
      await lasting(random, 0, 400);
      await agent.restart();
    },
  },
  {
    ...{ name: 'agent: stop for a while', weight: 2, targetMs: AGENT_BACK_MS },
    run: async (place, random) => {
      const { program } = anAgent(place, random);
      await frozen((name) => program.signal(name), random, [300, 2_000]);
    },
  },
  {
    ...{ name: 'agent: stop beyond its lease', weight: 0.7, targetMs: AGENT_BACK_MS },
    run: async (place, random) => {
      const agent = anAgent(place, random);
      // Lost for as long as its lease is gone: an exception is the right answer.
      place.alive.delete(agent);
      await frozen((name) => agent.program.signal(name), random, [
        LEASE_MS + 500,
        LEASE_MS + 1_500,
      ]);
    },
  },
  {
    ...{ name: 'agent: leaves and comes back', weight: 2, targetMs: AGENT_BACK_MS },
    run: async (place, random) => {
      const agent = anAgent(place, random);
      place.alive.delete(agent);
      place.left.add(agent);
      await agent.program.stop();
      await lasting(random, 0, 400);
      await agent.restart();
    },
  },
  {
    ...{ name: 'aggregator: kill', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ system }) => await system.restartAggregator(),
  },
  {
    ...{ name: 'link to etcd: cut', weight: 3, targetMs: ANY_FAULT_MS },
    run: async ({ proxies }, random) => {
      for (const proxy of random.pick([...proxies.values()])) proxy.cut();
    },
  },
  {
    ...{ name: 'link to etcd: black hole', weight: 2, targetMs: ANY_FAULT_MS },
    run: async ({ proxies }, random) => {
      const chosen = random.pick([...proxies.values()]);
      const direction = random.pick(['up', 'down', 'both'] as const);
      for (const proxy of chosen) proxy.pause(direction);
      await lasting(random, 500, 3_000);
      for (const proxy of chosen) proxy.resume();
    },
  },
  {
    ...{ name: 'link to etcd: accepted, never answered', weight: 1, targetMs: ANY_FAULT_MS },
    run: async ({ proxies }, random) => {
      const chosen = random.pick([...proxies.values()]);
      for (const proxy of chosen) {
        proxy.swallow();
        proxy.cut();
      }
      await lasting(random, 500, 2_000);
      for (const proxy of chosen) {
        proxy.resume();
        proxy.cut();
      }
    },
  },
  {
    ...{ name: 'link to etcd: slow', weight: 1, targetMs: ANY_FAULT_MS },
    run: async ({ proxies }, random) => {
      const chosen = random.pick([...proxies.values()]);
      for (const proxy of chosen) proxy.delay(random.int(50, 400));
      await lasting(random, 500, 1_500);
      for (const proxy of chosen) proxy.delay(0);
    },
  },
];
