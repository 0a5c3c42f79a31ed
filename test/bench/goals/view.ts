import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openClient } from '#libs/grpc';
import { AGENT_PREFIX, CONFIG_PREFIX, ROOT, STATUS_PREFIX, statusPrefix } from '#libs/keyspace';
import { type Child, launchProgram, nodeBinary, startChild } from '#local';
import { type AggregatorPlace, openAggregatorPlace } from '#test/aggregator-place';
import { eventually } from '#test/eventually';
import { memoryBytes } from '../cpu.ts';
import type { RoundResult } from '../floors/program.ts';
import { configId, fill } from '../full-view.ts';
import type { Contender, Goal, Measure } from '../measure.ts';

const ENV = 'bench';
const CONFIGS = 1_000;
/** Agents by effort, each with a status for every config. */
const AGENTS = [125, 250, 500, 1_000];
const QUICK_AGENTS = [100];
/** A start is long, and no loop. */
const ROUNDS = 3;

/** As the aggregator lists: most keys of a page, and keys between two cuts. */
const PAGE_KEYS = 512;
const RANGE_KEYS = 2_048;

const QUOTA_BYTES = 4 * 2 ** 30;
const START_TIMEOUT_MS = 600_000;
const LOOK_EVERY_MS = 10;
/** As deploy/k8s starts an aggregator. */
const DEPLOYED_WITH = '--max-semi-space-size=4';
/** What follows a list belongs to it: receipts, and the collector of garbage. */
const SETTLE_MS = 5_000;

/** G7: an aggregator over a million statuses. */
export const view: Goal = {
  id: 'G7',
  title: 'the aggregator over statuses of 1,000 configs: its start, its stalls, its memory',
  measures: ({ quick }) =>
    (quick ? QUICK_AGENTS : AGENTS).flatMap((agents) => {
      // One start answers all three: it takes long.
      const seen: Starts = { product: [], floor: [] };
      return [
        (stack) => openStart(stack, agents, seen),
        () => Promise.resolve(stallMeasure(agents, seen)),
        (stack) => openMemory(stack, agents, seen),
      ];
    }),
};

/** What one process that takes in an etcd was seen to do. */
interface Seen {
  readonly startMs: number;
  readonly stallMs: number;
  readonly memoryMb: number;
}

/** What was seen, round by round. */
type Starts = Readonly<Record<'product' | 'floor', Seen[]>>;

const COMMON = { inFlight: 1, rounds: ROUNDS, warmUp: false } as const;

async function openStart(
  stack: AsyncDisposableStack,
  agents: number,
  { product, floor }: Starts,
): Promise<Measure> {
  const { place, dir } = await openFull(stack, agents);
  const [endpoint = ''] = place.etcd.endpoints;
  const keep = async (seen: Seen[], look: Promise<Seen>) => {
    const one = await look;
    seen.push(one);
    return one.startMs;
  };
  return {
    ...{ title: `a start, until it serves: ${statusesOf(agents)}`, unit: 'ms', ...COMMON },
    series: {
      ...{ id: 'view-start', of: 'statuses', size: agents * CONFIGS, exponentMax: 1.1 },
      title: 'from the start of an aggregator until it serves',
    },
    product: {
      what: 'the aggregator, which answers COMPLETE then',
      program: { run: () => sampled(() => keep(product, seeAggregator(place, agents))) },
      pids: {},
    },
    floor: {
      what: `the same keys in the same ranges and pages of ${PAGE_KEYS}, counted`,
      program: { run: () => sampled(() => keep(floor, seeFloor(endpoint, { dir, agents }))) },
      pids: {},
    },
    targets: [{ against: 'floor', bound: 'at most', ratio: 1.5 }],
  };
}

function stallMeasure(agents: number, seen: Starts): Measure {
  const stalls = (role: keyof Starts, what: string): Contender => ({
    what,
    program: { run: recalled(seen[role].map(({ stallMs }) => stallMs)) },
    pids: {},
  });
  return {
    ...{ title: `the longest stall of such a start: ${statusesOf(agents)}`, unit: 'ms', ...COMMON },
    product: stalls('product', 'of the event loop'),
    floor: stalls('floor', 'of the event loop of who counted'),
    targets: [{ against: 'floor', bound: 'at most', ratio: 1.3 }],
  };
}

async function openMemory(
  stack: AsyncDisposableStack,
  agents: number,
  { product }: Starts,
): Promise<Measure> {
  const empty = stack.use(await openAggregatorPlace({ aggregator: false }));
  const { memoryMb: emptyMb } = await seeAggregator(empty);
  const isGoal = agents === AGENTS.at(-1);
  return {
    ...{ title: `memory after such a start: ${statusesOf(agents)}`, unit: 'MB', ...COMMON },
    series: {
      ...{ id: 'view-memory', of: 'statuses', size: agents * CONFIGS, exponentMax: 1.1 },
      title: 'memory of an aggregator above that of one over an empty etcd',
    },
    product: {
      what: 'above an aggregator over an empty etcd',
      program: { run: recalled(product.map(({ memoryMb }) => memoryMb - emptyMb)) },
      pids: {},
    },
    targets: isGoal ? [{ against: 'limit', bound: 'at most', limit: 100 }] : [],
  };
}

function statusesOf(agents: number): string {
  return `${agents * CONFIGS} statuses`;
}

/** Answers what was measured in the rounds of before, in their order. */
function recalled(values: readonly number[]): () => Promise<RoundResult> {
  const left = [...values];
  return async () => {
    const value = left.shift();
    if (value === undefined) throw new Error('there was no such round');
    return await Promise.resolve({ samples: [value], seconds: 1 });
  };
}

async function openFull(stack: AsyncDisposableStack, agents: number) {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const place = await openAggregatorPlace({ aggregator: false, quotaBytes: QUOTA_BYTES });
  stack.use(place);
  await fill(place, { env: ENV, agents, configs: CONFIGS });
  return { place, dir };
}

/** `agents`: as many as have to be counted. */
async function seeAggregator(place: AggregatorPlace, agents?: number): Promise<Seen> {
  const options = await place.programOptions(`aggregator-${process.hrtime.bigint()}`);
  const stallFile = `${options.logFile}.stall`;
  const started = () => launchProgram({ ...options, env: stallEnv(stallFile, DEPLOYED_WITH) });
  return await see(
    { started: () => started().child, logFile: options.logFile, stallFile },
    async (address) => {
      if (agents === undefined) return;
      await using client = openClient('StatusAggregator', address);
      const isShown = async () => {
        const { completion } = await client.call('GetCompletion', { env: ENV, id: configId(0) });
        return completion?.counts?.done === agents;
      };
      await eventually(isShown, { timeoutMs: START_TIMEOUT_MS, what: `${agents} agents done` });
    },
  );
}

async function seeFloor(endpoint: string, { dir, agents }: { dir: string; agents: number }) {
  const logFile = join(dir, `floor-${process.hrtime.bigint()}.log`);
  const stallFile = `${logFile}.stall`;
  const program = join(import.meta.dirname, '../floors/list-keys.ts');
  const args = [program, endpoint, ROOT, String(PAGE_KEYS), ...cutsOf(agents)];
  // With the same young generation: a stall is most of all its collection.
  const env = { ...process.env, ...stallEnv(stallFile, DEPLOYED_WITH) };
  const started = () => startChild({ command: nodeBinary, args, env, logFile });
  return await see({ started, logFile, stallFile });
}

/** Where the aggregator cuts its list: etcd walks through a range to its end for each page. */
function cutsOf(agents: number): string[] {
  const ids = Array.from({ length: CONFIGS }, (_, index) => configId(index)).toSorted();
  const step = Math.floor(RANGE_KEYS / agents);
  const prefixes = ids.filter((_, index) => index % step === 0).map((id) => statusPrefix(ENV, id));
  return [AGENT_PREFIX, CONFIG_PREFIX, STATUS_PREFIX, ...prefixes];
}

function stallEnv(file: string, ...options: string[]): NodeJS.ProcessEnv {
  const preload = join(import.meta.dirname, '../stall-watch.ts');
  return { STALL_FILE: file, NODE_OPTIONS: [...options, `--import=${preload}`].join(' ') };
}

interface Started {
  readonly started: () => Child;
  readonly logFile: string;
  readonly stallFile: string;
}

/** From the start of a process until it says that it serves, and what it holds a little later. */
async function see(
  { started, logFile, stallFile }: Started,
  check: (address: string) => Promise<void> = async () => undefined,
): Promise<Seen> {
  const startMs = performance.now();
  await using child = started();
  const look = async () => {
    const text = await readFile(logFile, 'utf8').catch(() => '');
    return /"serving"(?:,"address":"([^"]+)")?/.exec(text) ?? (child.hasExited() && []);
  };
  const [serving, address = ''] = await eventually(look, {
    ...{ timeoutMs: START_TIMEOUT_MS, everyMs: LOOK_EVERY_MS, what: 'serving' },
  });
  if (serving === undefined) throw new Error(`ended by itself: ${logFile}`);
  const tookMs = performance.now() - startMs;
  await check(address);
  await delay(SETTLE_MS);
  const stallMs = Number(await readFile(stallFile, 'utf8'));
  return { startMs: tookMs, stallMs, memoryMb: memoryBytes(child.pid) / 2 ** 20 };
}

async function sampled(measure: () => Promise<number>): Promise<RoundResult> {
  const startMs = performance.now();
  const samples = [await measure()];
  return { samples, seconds: (performance.now() - startMs) / 1_000 };
}
