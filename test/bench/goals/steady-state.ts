import { openFleet } from '#test/fleet';
import { ownEtcd } from '#test/servers';
import { openSystem } from '#test/system';
import { startBenchProgram } from '../bench-program.ts';
import { cpuSeconds } from '../cpu.ts';
import type { Round, RoundResult } from '../floors/program.ts';
import type { Goal, Measure } from '../measure.ts';
import { type AtRest, lookAtRest } from '../rest.ts';

const ENV = 'bench';
const AGENTS = 5_000;
const QUICK_AGENTS = 500;
const SECONDS = 600;
const QUICK_SECONDS = 20;

/** In force on every agent while nothing changes. */
const CONFIGS = 3;
const COMPLETE_TIMEOUT_MS = 300_000;

/** G5: what agents at rest make etcd write, and whether one of them is taken for lost. */
export const steadyState: Goal = {
  id: 'G5',
  title: 'agents at rest: what their heartbeats make etcd write, and who is falsely lost',
  measures: ({ quick }) => {
    const size: Size = quick
      ? { agents: QUICK_AGENTS, seconds: QUICK_SECONDS }
      : { agents: AGENTS, seconds: SECONDS };
    // One look answers all of them: it takes minutes.
    const seen: { look?: AtRest } = {};
    const lookOf = () => {
      if (!seen.look) throw new Error('the agents were not looked at');
      return seen.look;
    };
    const counted = (title: string, countOf: (look: AtRest) => number) => () =>
      Promise.resolve(seenMeasure(title, size, () => countOf(lookOf())));
    return [
      (stack) => openLook(stack, size, (look) => Object.assign(seen, { look })),
      counted('status writes', ({ statusWrites }) => statusWrites),
      counted('registrations that were lost or renewed', ({ lost }) => lost),
      (stack) => openEtcdCpu(stack, size, lookOf),
    ];
  },
};

interface Size {
  readonly agents: number;
  readonly seconds: number;
}

const ONCE = { inFlight: 1, rounds: 1, warmUp: false } as const;

async function openLook(
  stack: AsyncDisposableStack,
  { agents, seconds }: Size,
  keep: (look: AtRest) => void,
): Promise<Measure> {
  const system = stack.use(await openSystem({ ownMysql: true }));
  const { aggregator, etcd, dir } = system;
  for (let index = 0; index < CONFIGS; index += 1) await system.set(ENV, `config-${index}`);
  const fleet = stack.use(
    await openFleet({ agents, env: ENV, etcd: etcd.endpoints, dir, connections: 'shared' }),
  );
  await fleet.ready(aggregator.client);
  for (let index = 0; index < CONFIGS; index += 1) {
    const isDone = ({ state }: { state: string }) => state === 'COMPLETION_STATE_COMPLETE';
    await system.completion(ENV, `config-${index}`, isDone, COMPLETE_TIMEOUT_MS);
  }
  // They write keys of their own every few seconds: whatever is written from now on comes from agents.
  for (const { program } of [...system.controllers, aggregator]) await program.stop();
  const pids = { etcd: etcd.pids[0] ?? -1, ...fleet.pids };
  return {
    ...{ title: `raft proposals while ${agents} agents rest for ${seconds} s`, unit: 'count' },
    ...ONCE,
    product: {
      what: `heartbeats, a watch each, ${CONFIGS} configs in force; the rest is stopped`,
      program: {
        run: async () => {
          const look = await lookAtRest({ etcd, env: ENV, agents, seconds });
          keep(look);
          return { samples: [look.proposals], seconds: look.seconds };
        },
      },
      pids,
    },
    targets: [{ against: 'limit', bound: 'at most', limit: 0 }],
  };
}

/** What was counted in the look of before. */
function seenMeasure(title: string, { agents, seconds }: Size, count: () => number): Measure {
  return {
    ...{ title: `${title} while ${agents} agents rest for ${seconds} s`, unit: 'count' },
    ...ONCE,
    product: {
      what: 'counted in the same time',
      program: { run: () => Promise.resolve({ samples: [count()], seconds }) },
      pids: {},
    },
    targets: [{ against: 'limit', bound: 'at most', limit: 0 }],
  };
}

async function openEtcdCpu(
  stack: AsyncDisposableStack,
  { agents }: Size,
  lookOf: () => AtRest,
): Promise<Measure> {
  const { etcdCpuPercent, seconds } = lookOf();
  const etcd = stack.use(await ownEtcd());
  const [endpoint = ''] = etcd.endpoints;
  const [pid = -1] = etcd.pids;
  const floor = stack.use(await startBenchProgram('keepalives', [endpoint, String(agents)]));
  const measureFloor = async (round: Round): Promise<RoundResult> => {
    const before = cpuSeconds(pid);
    const { seconds: took } = await floor.run(round);
    return { samples: [((cpuSeconds(pid) - before) / took) * 100], seconds: took };
  };
  return {
    ...{ title: `CPU of etcd with ${agents} agents at rest`, unit: '%' },
    ...ONCE,
    product: {
      what: 'in the same time',
      program: { run: () => Promise.resolve({ samples: [etcdCpuPercent], seconds }) },
      pids: {},
    },
    floor: {
      what: 'as many leases kept alive on one stream, and nothing else',
      program: { run: measureFloor },
      pids: { floor: floor.pid, etcd: pid },
    },
    targets: [],
  };
}
