// Thousands of agents on one machine: the real agents' code with the noop driver, many in a process.

import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GrpcClient } from '#libs/grpc';
import { type Child, nodeBinary, startChild } from '#local';
import type { StatusAggregatorDefinition } from '#proto';
import { eventually } from './eventually.ts';

/** Agents in a process: more of them share one processor, fewer cost more memory and connections. */
const AGENTS_PER_PROCESS = { shared: 500, own: 100 };

/** For one agent to register on a busy machine, as part of a fleet. */
const READY_MS_PER_AGENT = 500;
const READY_MS_MIN = 60_000;

const LEAVE_TIMEOUT_MS = 30_000;

/** Files in memory, where there are some: each agent of a thousand has a disk of its own, this machine one. */
const MEMORY_DIR = '/dev/shm';

export interface FleetOptions {
  agents: number;
  env: string;
  /** `host:port` of each member. */
  etcd: readonly string[];
  /** For their logs; it belongs to the caller. */
  dir: string;
  /** `own`: an etcd client for each agent, as in production; `shared`: one for those in a process. */
  connections: 'own' | 'shared';
  /** Starts no further process. */
  signal?: AbortSignal;
  /** Arguments of every agent. */
  args?: readonly string[];
}

/** Agents of one environment. Disposal kills them all at once. */
export interface Fleet extends AsyncDisposable {
  /** Process ids by name. */
  readonly pids: Readonly<Record<string, number>>;
  /** Resolves once the aggregator sees all of them; rejects when one of the processes ends. */
  ready(aggregator: GrpcClient<StatusAggregatorDefinition>): Promise<void>;
  /** Name of a process that has ended by itself; undefined while all run. */
  ended(): string | undefined;
  /** Lets every agent leave its environment, and waits for it; kills after half a minute. */
  leave(): Promise<void>;
}

/**
 * Starts agents, a process once all those of the one before have begun: thousands at once would keep
 * each other, and etcd beside them, from every deadline. Waits for no registration.
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { agents, env, dir, connections } = options;
  const perProcess = AGENTS_PER_PROCESS[connections];
  await using stack = new AsyncDisposableStack();
  const states = await mkdtemp(join(await stateParent(dir), 'rollcall-fleet-'));
  stack.defer(() => rm(states, { recursive: true, force: true, maxRetries: 5 }));
  const children = new Map<string, Child>();
  for (let first = 1; first <= agents; first += perProcess) {
    const last = Math.min(agents, first + perProcess - 1);
    const name = `agents ${first}-${last}`;
    const child = stack.use(startAgents(options, states, `${first}-${last}`));
    children.set(name, child);
    if (last < agents) await untilBegun(child, logFileOf(options, `${first}-${last}`), perProcess);
    if (options.signal?.aborted) break;
  }
  const open = stack.move();
  const ended = () => [...children].find(([, child]) => child.hasExited())?.[0];
  return {
    pids: Object.fromEntries([...children].map(([name, { pid }]) => [name, pid])),
    ready: async (aggregator) => {
      const look = async () => {
        if (ended() !== undefined) return true;
        return (await aggregator.call('GetEnvironment', { env })).environment?.live === agents;
      };
      const timeoutMs = Math.max(READY_MS_MIN, agents * READY_MS_PER_AGENT);
      await eventually(look, { timeoutMs, everyMs: 200, what: `${agents} agents in ${env}` });
      const gone = ended();
      if (gone !== undefined)
        throw new Error(`${gone} of ${env} have ended: see the logs in ${dir}`);
    },
    ended,
    leave: async () => {
      const stopping = [...children.values()].map((child) => child.kill('SIGTERM'));
      await Promise.race([
        Promise.all(stopping),
        delay(LEAVE_TIMEOUT_MS, undefined, { ref: false }),
      ]);
      await open.disposeAsync();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Of a process that has ended instead, others tell. */
async function untilBegun(child: Child, logFile: string, agents: number): Promise<void> {
  const look = async () =>
    child.hasExited() || (await readFile(logFile, 'utf8')).includes('"msg":"serving"');
  const timeoutMs = Math.max(READY_MS_MIN, agents * READY_MS_PER_AGENT);
  await eventually(look, { timeoutMs, everyMs: 200, what: `${agents} agents in a process` });
}

function logFileOf({ env, dir }: FleetOptions, numbers: string): string {
  return join(dir, `fleet-${env}-${numbers}.log`);
}

/** Where the state directories go. */
async function stateParent(dir: string): Promise<string> {
  try {
    await access(MEMORY_DIR, constants.W_OK);
    return MEMORY_DIR;
  } catch {
    return dir;
  }
}

function startAgents(options: FleetOptions, states: string, numbers: string): Child {
  const { env, etcd, connections, args = [] } = options;
  return startChild({
    command: nodeBinary,
    args: [
      join(import.meta.dirname, 'agent-fleet.ts'),
      ...[numbers, connections, states, '--env', env, '--driver', 'noop'],
      ...['--etcd-endpoints', etcd.join(','), '--log-level', 'warn', ...args],
    ],
    logFile: logFileOf(options, numbers),
  });
}
