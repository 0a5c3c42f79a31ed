import { parseArgs } from 'node:util';
import { ExitError } from '#libs/config';
import { aborted } from '#libs/lifecycle';
import { publishEndpoints } from './endpoints.ts';
import { openRunDir } from './paths.ts';
import type { Program } from './program.ts';
import { openStack, type Stack } from './stack.ts';
import { howToTalk } from './talk.ts';

/** Agents by environment, as in the demo: one, a few, and enough to lose one. */
export const demoAgents: Readonly<Record<string, number>> = { '1': 1, '2': 2, '10': 10 };

/** Agents in each environment when only the environments are named. */
const AGENTS_DEFAULT = 3;

/** One process each: beyond this a single machine only swaps. */
const COUNT_MAX = 500;

const HELP = `usage: npm run dev [-- OPTIONS]

Starts etcd, MySQL, controllers, an aggregator and agents on free loopback ports, writes
.local/endpoints.json and stays up until Ctrl-C.

  --agents N        agents in each environment (1, 2 and 10 in environments 1, 2 and 10;
                    ${AGENTS_DEFAULT} each when --envs is given)
  --envs A,B        environments (1,2,10)
  --driver NAME     driver of the agents: file or noop (file)
  --controllers N   controllers (2)
  --aggregators N   status aggregators (1)
  --help            this text

  ETCD_ENDPOINTS, MYSQL_URL   existing servers to use instead of new ones
`;

/** Runs a system of the asked size until the signal fires. */
export async function dev(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      agents: { type: 'string' },
      envs: { type: 'string' },
      driver: { type: 'string', default: 'file' },
      controllers: { type: 'string', default: '2' },
      aggregators: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  using run = openRunDir();
  const say = (line: string) => console.log(line);
  await using stack = await openStack({
    dir: run.dir,
    controllers: toCount('--controllers', values.controllers),
    aggregators: toCount('--aggregators', values.aggregators),
    agents: sizes(values.agents, values.envs),
    driver: values.driver,
    say,
    signal,
  });
  using _published = publishEndpoints(stack.endpoints);
  reportExits(stack, signal, say);
  say(howToTalk(stack.endpoints));
  await aborted(signal);
  say('stopping');
  run.succeeded();
}

/** Says when a program ends that nobody asked to; the rest stays up, to show what lost looks like. */
export function reportExits(stack: Stack, signal: AbortSignal, say: (line: string) => void): void {
  const report = async ({ exited, logFile, pid }: Program) => {
    const { code, signal: by } = await exited;
    if (!signal.aborted) say(`process ${pid} ended (${by ?? code}): ${logFile}`);
  };
  for (const program of [
    ...stack.controllers,
    ...stack.aggregators,
    stack.gateway,
    ...stack.agents.values(),
  ]) {
    if (!program.hasExited()) void report(program);
  }
}

function sizes(agents: string | undefined, envs: string | undefined): Record<string, number> {
  if (agents === undefined && envs === undefined) return { ...demoAgents };
  const count = agents === undefined ? AGENTS_DEFAULT : toCount('--agents', agents, 0);
  const names = envs === undefined ? Object.keys(demoAgents) : envs.split(',').filter(Boolean);
  return Object.fromEntries(names.map((name) => [name, count]));
}

function toCount(flag: string, text: string, min = 1): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < min || count > COUNT_MAX) {
    throw new ExitError(2, `${flag}: must be a number from ${min} to ${COUNT_MAX}`);
  }
  return count;
}
