import { setTimeout as delay } from 'node:timers/promises';
import { type EtcdClient, openEtcd } from '#libs/etcd';
import { agentKey } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';
import { cpuSeconds, memoryBytes } from '../cpu.ts';
import type { Round, RoundResult } from '../floors/program.ts';
import type { Goal, Measure } from '../measure.ts';

const ENV = 'bench';
/** What an agent of the file driver has in force while it is looked at. */
const CONFIGS = 100;

const START_TIMEOUT_MS = 30_000;
/** Between two looks for a registration: what a start is measured too long by, at most. */
const LOOK_EVERY_MS = 5;

/** Below it the clock of a process's CPU, which ticks a hundred times a second, tells little. */
const IDLE_SECONDS_MIN = 10;

/** G9: what one agent costs where it runs. */
export const agent: Goal = {
  id: 'G9',
  title: 'an agent: its start, and what it uses when nothing happens',
  measures: () => [openStart, openIdleCpu, openMemory],
};

/** An agent that has configs in force, and nothing else going on. */
async function openIdle(stack: AsyncDisposableStack): Promise<{ system: System; pid: number }> {
  const system = stack.use(await openSystem({ ownMysql: true, agents: { [ENV]: 1 } }));
  for (let index = 0; index < CONFIGS; index += 1) await system.set(ENV, `config-${index}`);
  await system.state(ENV, `config-${CONFIGS - 1}`, 'COMPLETE');
  return { system, pid: system.agent(`${ENV}/agent-1`).program.pid };
}

async function openStart(stack: AsyncDisposableStack): Promise<Measure> {
  const system = stack.use(await openSystem({ ownMysql: true }));
  const etcd = openEtcd({ endpoints: system.etcd.endpoints }, { log: silentLog });
  stack.use(etcd);
  let started = 0;
  const startOne = async () => {
    started += 1;
    const name = `agent-${started}`;
    const startMs = performance.now();
    const [{ program }, tookMs] = await Promise.all([
      system.startAgent(ENV, name),
      untilRegistered(etcd, name).then(() => performance.now() - startMs),
    ]);
    await program.stop();
    return tookMs;
  };
  return {
    ...{ title: 'a start, until the agent is registered', unit: 'ms', inFlight: 1 },
    product: {
      what: 'a new process with an empty state directory, its code compiled before as in the image',
      program: { run: async (round) => await repeated(round, startOne) },
      pids: {},
    },
    targets: [{ against: 'limit', bound: 'at most', limit: 1_500 }],
  };
}

async function openIdleCpu(stack: AsyncDisposableStack): Promise<Measure> {
  const { pid } = await openIdle(stack);
  const look = async ({ seconds }: Round): Promise<RoundResult> => {
    const lookedMs = Math.max(seconds, IDLE_SECONDS_MIN) * 1_000;
    const startMs = performance.now();
    const before = cpuSeconds(pid);
    await delay(lookedMs);
    const tookSeconds = (performance.now() - startMs) / 1_000;
    const percent = ((cpuSeconds(pid) - before) / tookSeconds) * 100;
    return { samples: [percent], seconds: tookSeconds };
  };
  return {
    ...{ title: `CPU of an agent with ${CONFIGS} configs, idle`, unit: '%', inFlight: 1 },
    product: {
      what: 'heartbeats, and one watch',
      program: { run: look },
      pids: { agent: pid },
    },
    targets: [{ against: 'limit', bound: 'at most', limit: 1 }],
  };
}

async function openMemory(stack: AsyncDisposableStack): Promise<Measure> {
  const { pid } = await openIdle(stack);
  const look = async ({ seconds }: Round): Promise<RoundResult> => {
    await delay(seconds * 1_000);
    return { samples: [memoryBytes(pid) / 2 ** 20], seconds };
  };
  return {
    ...{ title: `memory of an agent with ${CONFIGS} configs`, unit: 'MB', inFlight: 1 },
    product: {
      what: 'its resident set, code of Node and of libraries included',
      program: { run: look },
      pids: { agent: pid },
    },
    targets: [{ against: 'limit', bound: 'at most', limit: 120 }],
  };
}

async function untilRegistered(etcd: EtcdClient, name: string): Promise<void> {
  const key = agentKey(ENV, name);
  const look = async () => (await etcd.range({ key })).kvs.length > 0;
  await eventually(look, {
    ...{ timeoutMs: START_TIMEOUT_MS, everyMs: LOOK_EVERY_MS },
    what: `the registration of ${name}`,
  });
}

/** One after the other, until the round's time is over: at least one. */
async function repeated(
  { seconds }: Round,
  measureMs: () => Promise<number>,
): Promise<RoundResult> {
  const startMs = performance.now();
  const samples: number[] = [];
  do samples.push(await measureMs());
  while (performance.now() - startMs < seconds * 1_000);
  return { samples, seconds: (performance.now() - startMs) / 1_000 };
}
