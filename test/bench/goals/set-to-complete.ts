import { openFleet } from '#test/fleet';
import { openSystem } from '#test/system';
import { startBenchProgram } from '../bench-program.ts';
import type { Effort, Goal, Measure } from '../measure.ts';

const ENV = 'bench';
const SIZES = [100, 1_000, 5_000];
const QUICK_SIZES = [100];

/** Where the goal asks for a factor over the simplest algorithm. */
const COMPARED_SIZE = 1_000;

/** G3: from a Set until a caller knows that every agent has applied it. */
export const setToComplete: Goal = {
  id: 'G3',
  title: 'from a Set until a waiting caller knows that all agents have applied it',
  measures: ({ quick }: Effort) =>
    (quick ? QUICK_SIZES : SIZES).map((agents) => (stack) => openMeasure(stack, agents)),
};

async function openMeasure(stack: AsyncDisposableStack, agents: number): Promise<Measure> {
  const system = stack.use(await openSystem({ ownMysql: true }));
  const [controller] = system.controllers;
  const [etcd = ''] = system.etcd.endpoints;
  const [etcdPid = -1] = system.etcd.pids;
  if (!controller) throw new Error('no controller was started');
  const { aggregator } = system;
  const fleet = stack.use(
    await openFleet({
      ...{ agents, env: ENV, etcd: system.etcd.endpoints, dir: system.dir },
      // As those of the floor: so many sockets are not what one machine can show.
      connections: 'shared',
    }),
  );
  await fleet.ready(aggregator.client);
  const addresses = [controller.program.address, aggregator.program.address];
  const start = async (name: string, args: readonly string[]) =>
    stack.use(await startBenchProgram(name, args));
  const caller = await start('set-to-complete-caller', [...addresses, ENV]);
  const floor = await start('put-to-all-seen', [etcd, String(agents)]);
  const baseline = await start('poll-until-all', [system.mysqlUrl, etcd, String(agents)]);
  const mysql = { mysql: system.mysql.pid };
  const services = { controller: controller.program.pid, aggregator: aggregator.program.pid };
  const factor = { against: 'baseline', bound: 'at least', ratio: 10 } as const;
  return {
    title: `Set to COMPLETE on ${agents} agents: noop driver, journals in memory, shared connections`,
    unit: 'ms',
    series: {
      ...{ id: 'set-to-complete', of: 'agents', size: agents, exponentMax: 1.1 },
      title: 'from a Set until all agents are known to have applied it',
    },
    inFlight: 1,
    product: {
      what: 'Set, then WaitForCompletion',
      program: caller,
      pids: { caller: caller.pid, ...services, ...fleet.pids, ...mysql, etcd: etcdPid },
    },
    floor: {
      what: 'one put, a watch and a status transaction for each agent, one observer',
      program: floor,
      pids: { floor: floor.pid, etcd: etcdPid },
    },
    baseline: {
      what: 'insert, put, a status for each agent, new leases, polled once a second',
      program: baseline,
      pids: { baseline: baseline.pid, ...mysql, etcd: etcdPid },
    },
    targets: [
      { against: 'floor', bound: 'at most', ratio: 1.3 },
      ...(agents === COMPARED_SIZE ? [factor] : []),
    ],
  };
}
