import { parseArgs } from 'node:util';
import { ExitError } from '#libs/config';
import { openClient } from '#libs/grpc';
import { aborted, sleep } from '#libs/lifecycle';
import { nginxAgents, openNginxPlace, tellNginxStory } from './demo-nginx.ts';
import { demoAgents, reportExits } from './dev.ts';
import { publishEndpoints } from './endpoints.ts';
import { type Example, readExamples } from './examples.ts';
import { openRunDir } from './paths.ts';
import { type Arrival, type Callers, deleteAndWait, rollOut, setAndWait } from './rollout.ts';
import { createShow, duration, type Show } from './show.ts';
import { openStack, type Stack } from './stack.ts';
import { howToTalk } from './talk.ts';

const HELP = `usage: npm run demo [-- --once] [--driver file|nginx]

Starts a whole system on free loopback ports, sets the configs of deploy/local/examples in the
environments 1, 2 and 10, shows each rollout until it is complete, changes one, deletes one, and
kills an agent to show what lost looks like. Then it stays up and says how to talk to it.

  --once         take everything down at the end
  --driver NAME  file (default); or nginx: real nginx processes before little backends, asked after
                 each change, and reloaded a hundred times under load
  --help         this text

  ETCD_ENDPOINTS, MYSQL_URL   existing servers to use instead of new ones
`;

/** The environment, the config and the agent of the second part of the story. */
const ENV = '10';
const UPDATED = 'shop.web';
const DELETED = 'media.fallback';
const VICTIM = 'agent-7';

/** A lease of 5 s ends after 5.5 s at the latest; the rest is for a busy machine. */
const LOST_TIMEOUT_MS = 20_000;
const POLL_MS = 100;

/** Plays the demo; resolves when it was taken down again. */
export async function demo(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = {
    once: { type: 'boolean' },
    driver: { type: 'string', default: 'file' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const { driver } = values;
  if (driver !== 'file' && driver !== 'nginx') {
    throw new ExitError(2, `--driver is file or nginx, not ${driver}`);
  }
  const start = performance.now();
  const show = createShow();
  using run = openRunDir();
  await using nginx = driver === 'nginx' ? await openNginxPlace(run.dir) : undefined;
  await using stack = await openStack({
    dir: run.dir,
    controllers: 2,
    aggregators: 1,
    agents: nginx ? nginxAgents : demoAgents,
    driver,
    ...(nginx && { agentArgs: nginx.agentArgs }),
    say: show.line,
    signal,
  });
  using _published = publishEndpoints(stack.endpoints);
  show.line(`set up in ${duration(performance.now() - start)}`);
  await using clients = new AsyncDisposableStack();
  const callers = openCallers(stack, clients, signal);
  if (nginx) await tellNginxStory(nginx, callers, show);
  else await tellStory(stack, callers, show);
  show.line(`\nthe demo took ${duration(performance.now() - start)}`);
  if (values.once !== true) {
    reportExits(stack, signal, show.line);
    show.line(howToTalk(stack.endpoints));
    await aborted(signal);
  }
  run.succeeded();
}

function openCallers(
  { endpoints }: Stack,
  clients: AsyncDisposableStack,
  signal: AbortSignal,
): Callers {
  return {
    controllers: endpoints.controllers.map((address) =>
      clients.use(openClient('Controller', address)),
    ),
    aggregator: clients.use(openClient('StatusAggregator', endpoints.aggregators[0] ?? '')),
    signal,
  };
}

async function tellStory(stack: Stack, callers: Callers, show: Show): Promise<void> {
  const examples = readExamples();
  await showRollouts(callers, examples, show);

  show.line(`\nAn update of ${UPDATED} in environment ${ENV}`);
  const before = examples.find(({ id }) => id === UPDATED);
  if (before === undefined) throw new Error(`there is no example ${UPDATED}`);
  show.line(toLine(await setAndWait(callers, ENV, withRelease(before, '2'))));

  show.line(`\nA delete of ${DELETED} in environment ${ENV}, proven by every agent`);
  show.line(toLine(await deleteAndWait(callers, ENV, DELETED)));

  show.line(`\nA crash: kill -9 of ${ENV}/${VICTIM}`);
  await stack.agents.get(`${ENV}/${VICTIM}`)?.kill();
  await showLoss(callers, show);

  show.line('\nAnother update, with that agent away');
  show.line(toLine(await setAndWait(callers, ENV, withRelease(before, '3'))));
  for (const env of Object.keys(demoAgents)) await showEnvironment(callers, env, show);
}

/** All examples in all environments, side by side; a line for each as it arrives. */
async function showRollouts(
  callers: Callers,
  examples: readonly Example[],
  show: Show,
): Promise<void> {
  const envs = Object.keys(demoAgents);
  show.line(`\n${examples.length} configs to each of the environments ${envs.join(', ')}`);
  const arrived = new Map(envs.map((env) => [env, [] as number[]]));
  const onArrival = (arrival: Arrival) => {
    if (arrival.completion.state !== 'COMPLETION_STATE_COMPLETE') {
      throw new ExitError(1, `not complete: ${toLine(arrival)}`);
    }
    arrived.get(arrival.env)?.push(arrival.ms);
    show.line(toLine(arrival));
    const counts = [...arrived].map(
      ([env, { length }]) => `env ${env}  ${length}/${examples.length}`,
    );
    show.live(`${counts.join('   ')}  complete`);
  };
  await Promise.all(envs.map(async (env) => await rollOut(callers, env, examples, onArrival)));
  for (const [env, times] of arrived) {
    const sorted = times.toSorted((a, b) => a - b);
    const median = duration(sorted[Math.floor(sorted.length / 2)] ?? 0);
    show.line(
      `environment ${env}: ${times.length} configs COMPLETE on all of ${demoAgents[env]} agents, ` +
        `from Set to COMPLETE median ${median}, longest ${duration(sorted.at(-1) ?? 0)}`,
    );
  }
}

/** Waits until the aggregator names the killed agent as lost. */
async function showLoss({ aggregator, signal }: Callers, show: Show): Promise<void> {
  const start = performance.now();
  for (;;) {
    const elapsed = performance.now() - start;
    const { completion } = await aggregator.call('GetCompletion', { env: ENV, id: UPDATED });
    const lost = completion?.blockers.find(({ agent }) => agent === VICTIM);
    if (completion !== null && lost?.reason === 'LOST') {
      show.line(toLine({ env: ENV, id: UPDATED, completion, ms: elapsed }));
      return;
    }
    if (elapsed > LOST_TIMEOUT_MS) throw new ExitError(1, `${VICTIM} is not known to be lost`);
    show.live(`${duration(elapsed)}: its lease still runs`);
    await sleep(POLL_MS, signal);
  }
}

async function showEnvironment({ aggregator }: Callers, env: string, show: Show): Promise<void> {
  const { environment } = await aggregator.call('GetEnvironment', { env });
  const states =
    environment?.states.map(({ state, count }) => `${count} ${stateName(state)}`) ?? [];
  const lost = environment?.lostAgents ?? [];
  show.line(
    `environment ${env}: ${environment?.live} live, ${environment?.lost} lost` +
      `${lost.length > 0 ? ` (${lost.join(', ')})` : ''}; configs: ${states.join(', ')}`,
  );
}

function withRelease({ id, labels, config }: Example, release: string): Example {
  const metadata = { ...config.metadata, annotations: { release } };
  return { id, labels: { ...labels, release }, config: { ...config, metadata } };
}

function toLine({ env, id, completion, ms }: Arrival): string {
  const { counts, blockers } = completion;
  const words = [
    `env ${env.padEnd(3)} ${id.padEnd(24)} generation ${completion.generation}`,
    stateName(completion.state),
    `${counts?.done}/${counts?.expected} agents`,
    `after ${duration(ms)}`,
    ...blockers.map(({ agent, reason, message }) => `${agent} ${reason} ${message}`.trimEnd()),
  ];
  return `  ${words.join('  ')}`;
}

function stateName(state: string): string {
  return state.replace('COMPLETION_STATE_', '');
}
