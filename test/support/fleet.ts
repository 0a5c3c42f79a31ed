// Thousands of agents on one machine: the real agents' code with the noop driver, many in a process.

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

export interface FleetOptions {
  agents: number;
  env: string;
  /** `host:port` of each member. */
  etcd: readonly string[];
  /** Their state directories and logs are below it; it belongs to the caller. */
  dir: string;
  /** `own`: an etcd client for each agent, as in production; `shared`: one for those in a process. */
  connections: 'own' | 'shared';
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

/** Starts agents, and waits for nothing. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { agents, env, dir, connections } = options;
  const perProcess = AGENTS_PER_PROCESS[connections];
  await using stack = new AsyncDisposableStack();
  const children = new Map<string, Child>();
  for (let first = 1; first <= agents; first += perProcess) {
    const last = Math.min(agents, first + perProcess - 1);
    const name = `agents ${first}-${last}`;
    children.set(name, stack.use(startAgents(options, `${first}-${last}`)));
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

function startAgents(
  { env, etcd, dir, connections, args = [] }: FleetOptions,
  numbers: string,
): Child {
  return startChild({
    command: nodeBinary,
    args: [
      join(import.meta.dirname, 'agent-fleet.ts'),
      ...[numbers, connections, join(dir, 'fleet', env), '--env', env, '--driver', 'noop'],
      ...['--etcd-endpoints', etcd.join(','), '--log-level', 'warn', ...args],
    ],
    logFile: join(dir, `fleet-${env}-${numbers}.log`),
  });
}
