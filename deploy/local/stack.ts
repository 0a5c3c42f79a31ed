import { join } from 'node:path';
import { ExitError } from '#libs/config';
import { type GrpcClient, openClient } from '#libs/grpc';
import { sleep } from '#libs/lifecycle';
import { migrate } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { ControllerDefinition } from '#proto';
import type { Endpoints } from './endpoints.ts';
import { type Program, type ProgramName, startProgram } from './program.ts';
import { openServers } from './servers.ts';

export interface StackOptions {
  /** Folder for data and logs. */
  dir: string;
  controllers: number;
  aggregators: number;
  /** Number of agents by environment. */
  agents: Readonly<Record<string, number>>;
  driver: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** A whole local system. Disposal stops the programs, agents first, and then the servers. */
export interface Stack extends AsyncDisposable {
  readonly endpoints: Endpoints;
  readonly controllers: readonly Program[];
  readonly aggregators: readonly Program[];
  /** By `<env>/<name>`. */
  readonly agents: ReadonlyMap<string, Program>;
}

/** Programs that start at a time: each needs a processor for most of a second. */
const STARTS_MAX = 4;

/** From a start on an empty etcd to the last agent's first full report; seconds at worst. */
const SYNC_TIMEOUT_MS = 60_000;
const SYNC_POLL_MS = 100;

interface Launch {
  program: ProgramName;
  name: string;
  args: readonly string[];
  logName: string;
}

/** Starts servers and programs and waits until all of them serve. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { dir, say, signal } = options;
  await using opened = new AsyncDisposableStack();
  const servers = opened.use(await openServers(dir, say));
  say(`etcd ${servers.etcd.join(',')}  MySQL ${servers.mysqlUrl.replace(/:[^:@/]*@/, ':***@')}`);
  signal.throwIfAborted();
  await migrate(servers.mysqlUrl, silentLog);
  const etcd = ['--etcd-endpoints', servers.etcd.join(',')];
  const both = [...etcd, '--mysql-url', servers.mysqlUrl];
  const start = async (launches: readonly Launch[]) => {
    const running = new Map<string, Program>();
    opened.defer(async () => {
      await Promise.all([...running.values()].map(async (program) => await program.stop()));
    });
    await startAll(launches, running, options);
    return running;
  };
  const controllers = await start(numbered('controller', options.controllers, both));
  const aggregators = await start(numbered('status-aggregator', options.aggregators, both));
  const agents = await start(agentLaunches(options, etcd));
  say(
    `${controllers.size} controllers, ${aggregators.size} aggregator, ${agents.size} agents serve`,
  );
  const held = opened.move();
  return {
    endpoints: {
      etcd: [...servers.etcd],
      mysql: servers.mysqlUrl,
      controllers: addresses(controllers),
      aggregators: addresses(aggregators),
      agents: Object.fromEntries([...agents].map(([name, { address }]) => [name, address])),
    },
    controllers: [...controllers.values()],
    aggregators: [...aggregators.values()],
    agents,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

function numbered(program: ProgramName, count: number, args: readonly string[]): Launch[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${program}-${index + 1}`;
    return { program, name, args, logName: name };
  });
}

function agentLaunches({ agents, driver, dir }: StackOptions, etcd: readonly string[]): Launch[] {
  return Object.entries(agents).flatMap(([env, count]) =>
    numbered('agent', count, []).map(({ name }) => ({
      program: 'agent' as const,
      name,
      args: [
        '--env',
        env,
        '--driver',
        driver,
        '--state-dir',
        join(dir, 'agents', env, name),
        ...etcd,
      ],
      logName: `agent-${env}-${name}`,
    })),
  );
}

/** Starts a few at a time; notes each in `running` by name, agents by `<env>/<name>`. */
async function startAll(
  launches: readonly Launch[],
  running: Map<string, Program>,
  { dir, signal }: StackOptions,
): Promise<void> {
  const queue = [...launches];
  const keys = launches.map(keyOf);
  const started = new Map<string, Program>();
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted();
      const program = await startProgram({
        program: next.program,
        args: ['--name', next.name, '--listen', '127.0.0.1:0', ...next.args],
        logFile: join(dir, 'logs', `${next.logName}.log`),
      });
      started.set(keyOf(next), program);
      running.set(keyOf(next), program);
    }
  };
  await Promise.all(Array.from({ length: STARTS_MAX }, work));
  // In the order of the launches, whichever served first.
  running.clear();
  for (const key of keys) running.set(key, started.get(key) as Program);
}

/** Waits until the roster shows every agent live and in step: before, "all" may mean a few. */
async function untilSynced(
  controller: string,
  agents: ReadonlyMap<string, Program>,
  signal: AbortSignal,
): Promise<void> {
  await using client = openClient('Controller', controller);
  const giveUpAt = performance.now() + SYNC_TIMEOUT_MS;
  const waiting = new Set(agents.keys());
  for (let why = ''; waiting.size > 0; await sleep(SYNC_POLL_MS, signal)) {
    try {
      for (const key of await syncedAgents(client, signal)) waiting.delete(key);
    } catch (error) {
      why = `: ${(error as Error).message}`;
    }
    if (performance.now() > giveUpAt) {
      throw new ExitError(1, `agents did not join: ${[...waiting].join(', ')}${why}`);
    }
  }
}

async function syncedAgents(
  client: GrpcClient<ControllerDefinition>,
  signal: AbortSignal,
): Promise<string[]> {
  const keys: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await client.call('ListAgents', { env: '-', pageToken }, { signal });
    const synced = page.agents.filter((a) => a.state === 'AGENT_STATE_LIVE' && a.synced !== null);
    keys.push(...synced.map(({ env, name }) => `${env}/${name}`));
    pageToken = page.nextPageToken;
    if (pageToken === '') return keys;
  }
}

function keyOf({ program, name, args }: Launch): string {
  return program === 'agent' ? `${args[1]}/${name}` : name;
}

function addresses(programs: ReadonlyMap<string, Program>): string[] {
  return [...programs.values()].map(({ address }) => address);
}
