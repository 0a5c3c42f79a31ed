import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitError } from '#libs/config';
import type { Example } from './examples.ts';
import { askHttp, type HttpTarget, runLoad } from './http-load.ts';
import { type LittleBackend, openBackend } from './little-backend.ts';
import { ensureNginx } from './nginx.ts';
import { freePort } from './ports.ts';
import { type Arrival, type Callers, deleteAndWait, setAndWait } from './rollout.ts';
import { duration, type Show } from './show.ts';
import { agentDir } from './stack.ts';

const ENV = '1';
const AGENTS = ['agent-1', 'agent-2'];
/** Agents of the demo with nginx: one nginx each. */
export const nginxAgents = { [ENV]: AGENTS.length };
const BACKENDS = ['shop', 'blog'] as const;
const RELOADS = 100;
const LOAD_CLIENTS = 4;

/** Real nginx processes, one an agent, before real little backends. Disposal ends all of them. */
export interface NginxPlace extends AsyncDisposable {
  /** By `<env>/<name>`. */
  readonly agentArgs: ReadonlyMap<string, readonly string[]>;
  /** Of each nginx. */
  readonly ports: readonly number[];
}

/** Finds nginx and a port for each agent, and starts the backends. `dir` is the stack's. */
export async function openNginxPlace(dir: string): Promise<NginxPlace> {
  const { path: binary } = await ensureNginx();
  await using opened = new AsyncDisposableStack();
  const backends = new Map<string, LittleBackend>();
  for (const name of BACKENDS) backends.set(name, opened.use(await openBackend(name)));
  const upstreams = JSON.stringify(
    Object.fromEntries([...backends].map(([name, { address }]) => [`demo/${name}:80`, address])),
  );
  const ports: number[] = [];
  const agentArgs = new Map<string, string[]>();
  for (const name of AGENTS) {
    const port = await freePort();
    ports.push(port);
    const options = [`binary=${binary}`, `listen=127.0.0.1:${port}`, `upstreams=${upstreams}`];
    agentArgs.set(
      `${ENV}/${name}`,
      options.flatMap((option) => ['--driver-option', option.replaceAll(',', '\\,')]),
    );
    opened.defer(async () => endNginx(agentDir(dir, ENV, name)));
  }
  const held = opened.move();
  return { agentArgs, ports, [Symbol.asyncDispose]: async () => await held.disposeAsync() };
}

/** nginx outlives its agent on purpose; here nobody needs it any more. */
async function endNginx(stateDir: string): Promise<void> {
  const text = await readFile(join(stateDir, 'nginx', 'nginx.pid'), 'utf8').catch(() => '');
  const pid = Number(text);
  if (pid > 1) process.kill(pid, 'SIGTERM');
}

/** Sets, updates, reloads under load and deletes, and asks every nginx after each. */
export async function tellNginxStory(
  { ports }: NginxPlace,
  callers: Callers,
  show: Show,
): Promise<void> {
  show.line(`\nTwo routes of one host to ${AGENTS.length} nginx, each VERIFIED by a request`);
  const web = ingress('web', { '/': 'shop', '/news': 'blog' });
  show.line(toLine(await setAndWait(callers, ENV, web)));
  await expectAnswers(ports, { '/': 'shop', '/news': 'blog', '/newspaper': 'shop' }, show);

  show.line('\nAn update: the news move');
  show.line(
    toLine(await setAndWait(callers, ENV, ingress('web', { '/': 'shop', '/news': 'shop' }))),
  );
  await expectAnswers(ports, { '/': 'shop', '/news': 'shop' }, show);

  await reloadUnderLoad(ports[0] ?? 0, callers, show);

  show.line('\nA delete, proven by every agent');
  show.line(toLine(await deleteAndWait(callers, ENV, web.id)));
  await expectAnswers(ports, { '/': '404' }, show);
}

/** One request that fails is one too many. */
async function reloadUnderLoad(port: number, callers: Callers, show: Show): Promise<void> {
  show.line(`\n${RELOADS} reloads under a constant load`);
  const start = performance.now();
  const stop = new AbortController();
  const target = targetOf(port, '/');
  const load = runLoad(target, 'shop', { clients: LOAD_CLIENTS, signal: stop.signal });
  try {
    for (let reload = 0; reload < RELOADS; reload += 1) {
      const service = BACKENDS[reload % BACKENDS.length] ?? 'shop';
      const other = ingress('other', { '/': service }, 'other.example');
      await setAndWait(callers, ENV, other);
      show.live(`${reload + 1} of ${RELOADS} reloads`);
    }
  } finally {
    stop.abort();
  }
  const { requests, failures, repeated, told } = await load;
  const ms = performance.now() - start;
  show.line(
    `  ${requests} requests, ${failures} failed, ${repeated} sent again because the connection that was ` +
      `kept had been closed; ${RELOADS} generations VERIFIED on all agents in ` +
      `${duration(ms)}, ${duration(ms / RELOADS)} each`,
  );
  if (failures > 0) throw new ExitError(1, `requests failed during reloads: ${told.join(', ')}`);
}

async function expectAnswers(
  ports: readonly number[],
  expected: Readonly<Record<string, string>>,
  show: Show,
): Promise<void> {
  for (const [path, answer] of Object.entries(expected)) {
    const answers = await Promise.all(ports.map((port) => askHttp(targetOf(port, path))));
    show.line(`  GET demo.example${path.padEnd(12)} ${answers.join(', ')}`);
    if (answers.some((given) => given !== answer)) {
      throw new ExitError(1, `demo.example${path}: expected ${answer}, got ${answers.join(', ')}`);
    }
  }
}

function targetOf(port: number, path: string): HttpTarget {
  return { port, path, host: 'demo.example' };
}

function ingress(
  name: string,
  services: Readonly<Record<string, string>>,
  host = 'demo.example',
): Example {
  const paths = Object.entries(services).map(([path, service]) => ({
    ...{ path, pathType: 'Prefix' },
    backend: { service: { name: service, port: { number: 80 } } },
  }));
  return {
    id: `demo.${name}`,
    labels: {},
    completionPolicy: 'COMPLETION_POLICY_VERIFIED',
    config: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
      metadata: { name, namespace: 'demo' },
      spec: { rules: [{ host, http: { paths } }] },
    },
  };
}

function toLine({ id, completion, ms }: Arrival): string {
  const { counts } = completion;
  const state = completion.state.replace('COMPLETION_STATE_', '');
  return `  ${id} generation ${completion.generation}  ${state}  ${counts?.done}/${counts?.expected} agents  after ${duration(ms)}`;
}
