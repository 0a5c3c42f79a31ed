// `npm run fleet -- --agents N --envs M`: simulated agents on a system that runs already, to see what
// they cost. `--help` tells more.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type EtcdClient, openEtcd, prefixEnd } from '#libs/etcd';
import { agentPrefix } from '#libs/keyspace';
import { shutdownSignal } from '#libs/lifecycle';
import { silentLog } from '#libs/telemetry';
import { localDir } from '#local';
import { type Fleet, openFleet } from '#test/fleet';
import { cpuSeconds, memoryBytes } from './cpu.ts';

const REPORT_EVERY_MS = 2_000;

const AGENTS_MAX = 100_000;
const ENVS_MAX = 1_000;

const HELP = `usage: npm run fleet -- [--agents N] [--envs M] [--own-connections] [--etcd HOST:PORT,...]

Joins simulated agents to a system: the real agents' code with a driver that does nothing, many in a
process, which share an etcd client there. They stay until Ctrl-C, and leave their environments then.
Every two seconds a line tells how many are registered, and what their processes use.

  --agents N   in all environments together (default 100)
  --envs M     environments fleet-1 to fleet-M, which share the agents evenly (default 1)
  --etcd LIST  etcd's endpoints; without it those of the newest npm run dev
  --own-connections
               an etcd client for each agent, as in production: what their connections cost etcd, too
  --help       this text
`;

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '100' },
    envs: { type: 'string', default: '1' },
    etcd: { type: 'string' },
    'own-connections': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const agents = countOf(values.agents, AGENTS_MAX);
  const envs = countOf(values.envs, ENVS_MAX);
  const etcd = values.etcd?.split(',') ?? (await localEtcd());
  if (agents === undefined) return refuse(`--agents is a number from 1 to ${AGENTS_MAX}`);
  if (envs === undefined || envs > agents) {
    return refuse(`--envs is a number from 1 to ${ENVS_MAX}, and not above --agents`);
  }
  if (etcd === undefined) return refuse('no etcd: give --etcd HOST:PORT, or start npm run dev');
  const stop = shutdownSignal();
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-fleet-'));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const kv = stack.use(openEtcd({ endpoints: etcd }, { log: silentLog }));
  const connections = values['own-connections'] ? 'own' : 'shared';
  const fleets = new Map<string, Fleet>();
  for (let index = 0; index < envs; index += 1) {
    const share = Math.floor((index + 1) * (agents / envs)) - Math.floor(index * (agents / envs));
    const env = `fleet-${index + 1}`;
    const options = { agents: share, env, etcd, dir, connections, signal: stop } as const;
    fleets.set(env, stack.use(await openFleet(options)));
    if (stop.aborted) break;
  }
  const gone = await watchFleets(fleets, { kv, agents, stop });
  if (gone === undefined) say('leaving');
  await Promise.all([...fleets.values()].map((fleet) => fleet.leave()));
  if (gone === undefined) return 0;
  process.stderr.write(`${gone} have ended by themselves\n`);
  return 1;
}

/** Tells how the agents are until it is stopped; answers with a process that has ended before. */
async function watchFleets(
  fleets: ReadonlyMap<string, Fleet>,
  { kv, agents, stop }: { kv: EtcdClient; agents: number; stop: AbortSignal },
): Promise<string | undefined> {
  const pids = [...fleets.values()].flatMap((fleet) => Object.values(fleet.pids));
  const startedMs = performance.now();
  let before = { atMs: startedMs, cpu: 0 };
  while (!stop.aborted) {
    await delay(REPORT_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) break;
    for (const [env, fleet] of fleets) {
      const gone = fleet.ended();
      if (gone !== undefined) return `${gone} of ${env}`;
    }
    const registered = await countRegistered(kv, [...fleets.keys()]);
    const now = { atMs: performance.now(), cpu: sumOf(pids, cpuSeconds) };
    const cores = (now.cpu - before.cpu) / ((now.atMs - before.atMs) / 1_000);
    const megabytes = sumOf(pids, memoryBytes) / 2 ** 20;
    const seconds = ((now.atMs - startedMs) / 1_000).toFixed(0);
    say(
      `${seconds} s: ${registered ?? '?'} of ${agents} registered; ${pids.length} processes use ` +
        `${cores.toFixed(2)} cores, ${megabytes.toFixed(0)} MB`,
    );
    before = now;
  }
  return undefined;
}

/** Undefined while etcd does not answer. */
async function countRegistered(kv: EtcdClient, envs: readonly string[]) {
  const prefixes = envs.map(agentPrefix);
  const counts = prefixes.map(async (key) => {
    return (await kv.range({ key, rangeEnd: prefixEnd(key), countOnly: true })).count;
  });
  return await Promise.all(counts).then(
    (all) => all.reduce((sum, count) => sum + count, 0),
    () => undefined,
  );
}

/** What `npm run dev` has written; undefined when none runs. */
async function localEtcd(): Promise<string[] | undefined> {
  const text = await readFile(join(localDir, 'endpoints.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { etcd: string[] }).etcd;
}

function countOf(text: string, max: number): number | undefined {
  const count = Number(text);
  return Number.isInteger(count) && count >= 1 && count <= max ? count : undefined;
}

function sumOf(pids: readonly number[], numberOf: (pid: number) => number): number {
  return pids.reduce((sum, pid) => sum + numberOf(pid), 0);
}

function refuse(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return 2;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
