import { join } from 'node:path';
import { migrate } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { Endpoints } from './endpoints.ts';
import { type Program, type ProgramName, startProgram } from './program.ts';
import { untilSynced } from './roster.ts';
import { openServers } from './servers.ts';

export interface StackOptions {
  /** Folder for data and logs. */
  dir: string;
  controllers: number;
  aggregators: number;
  /** Number of agents by environment. */
  agents: Readonly<Record<string, number>>;
  driver: string;
  /** What an agent is given besides, by `<env>/<name>`. */
  agentArgs?: ReadonlyMap<string, readonly string[]>;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** A whole local system. Disposal stops the programs, agents first, and then the servers. */
export interface Stack extends AsyncDisposable {
  readonly endpoints: Endpoints;
  readonly controllers: readonly Program[];
  readonly aggregators: readonly Program[];
  readonly gateway: Program;
  /** By `<env>/<name>`. */
  readonly agents: ReadonlyMap<string, Program>;
}

/** Programs that start at a time: each needs a processor for most of a second. */
const STARTS_MAX = 4;

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
  const services = [
    ...['--controllers', addresses(controllers).join(',')],
    ...['--aggregators', addresses(aggregators).join(',')],
  ];
  const gateways = await start(numbered('gateway', 1, services));
  const agents = await start(agentLaunches(options, etcd));
  await untilSynced(addresses(controllers)[0] ?? '', new Set(agents.keys()), signal);
  say(
    `${controllers.size} controllers, ${aggregators.size} aggregator, a gateway, ${agents.size} agents serve`,
  );
  const held = opened.move();
  return {
    endpoints: {
      etcd: [...servers.etcd],
      mysql: servers.mysqlUrl,
      controllers: addresses(controllers),
      aggregators: addresses(aggregators),
      gateway: `http://${addresses(gateways)[0] ?? ''}`,
      agents: Object.fromEntries([...agents].map(([name, { address }]) => [name, address])),
    },
    controllers: [...controllers.values()],
    aggregators: [...aggregators.values()],
    gateway: [...gateways.values()][0] as Program,
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

/** Folder of an agent's state. */
export function agentDir(dir: string, env: string, name: string): string {
  return join(dir, 'agents', env, name);
}

function agentLaunches(
  { agents, driver, dir, agentArgs }: StackOptions,
  etcd: readonly string[],
): Launch[] {
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
        agentDir(dir, env, name),
        ...etcd,
        ...(agentArgs?.get(`${env}/${name}`) ?? []),
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

function keyOf({ program, name, args }: Launch): string {
  return program === 'agent' ? `${args[1]}/${name}` : name;
}

function addresses(programs: ReadonlyMap<string, Program>): string[] {
  return [...programs.values()].map(({ address }) => address);
}
