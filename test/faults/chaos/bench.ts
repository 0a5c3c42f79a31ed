import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '#test/random';
import { type ClientDeps, Gate, KEYS, runReader, runWaiter, runWriter } from './clients.ts';
import { recordDisks } from './disks.ts';
import { FAULTS, type Fault } from './faults.ts';
import { History } from './history.ts';
import { openPlace, type Place } from './place.ts';
import { countReached } from './reached.ts';
import { epochOf, recordKept, unrest } from './rest.ts';
import { isTaking } from './validators.ts';

export interface BenchOptions {
  readonly seed: number;
  readonly rounds: number;
  /** No round begins after so much time. */
  readonly secondsMax?: number | undefined;
  readonly members: number;
  /** Faults by round, in place of those that the seed draws. */
  readonly schedule?: readonly (readonly string[])[] | undefined;
  readonly onRound: (text: string) => void;
  readonly signal: AbortSignal;
  /** A folder that is there, for what the processes logged. */
  readonly logsDir: string;
}

/** What a bench saw. */
export interface BenchResult {
  readonly history: History;
  readonly schedule: readonly (readonly string[])[];
  readonly reached: ReadonlyMap<string, number>;
  /** What did not come to rest; undefined: everything did. */
  readonly stuck: string | undefined;
}

/** Traffic before a round's fault, and in all of it at least. */
const BEFORE_MS = 150;
const LOOK_EVERY_MS = 30;
/** Everything is at rest well before this, or never. */
const REST_TIMEOUT_MS = 60_000;
/** Chance of a second fault beside the first. */
const SECOND_CHANCE = 0.12;

/** Lets things go wrong under traffic, round by round, and writes down what everybody saw. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  await using place = await openPlace(options.members);
  try {
    return await new Bench(place, options).run();
  } finally {
    await rm(place.dir, { recursive: true, force: true });
  }
}

class Bench {
  readonly #place: Place;
  readonly #options: BenchOptions;
  readonly #history = new History();
  readonly #gate = new Gate();
  readonly #schedule: string[][] = [];
  readonly #startMs = performance.now();
  readonly #end = new AbortController();

  constructor(place: Place, options: BenchOptions) {
    this.#place = place;
    this.#options = options;
  }

  async run(): Promise<BenchResult> {
    const { rounds, secondsMax = Number.POSITIVE_INFINITY, signal } = this.#options;
    const isOver = () => signal.aborted || this.#now() > secondsMax * 1_000;
    const clients = this.#startClients();
    let stuck: string | undefined;
    try {
      for (let round = 0; round < rounds && !isOver() && !stuck; round += 1) {
        stuck = await this.#round(round);
      }
    } finally {
      this.#end.abort();
      await Promise.all(clients);
    }
    await recordKept(this.#place, this.#history);
    const { dir } = this.#place.system;
    const reached = await countReached(dir, this.#history);
    const logs = (await readdir(dir)).filter((name) => name.endsWith('.log'));
    await Promise.all(logs.map((name) => cp(join(dir, name), join(this.#options.logsDir, name))));
    return { history: this.#history, schedule: this.#schedule, reached, stuck };
  }

  readonly #now = () => performance.now() - this.#startMs;

  #startClients(): Promise<void>[] {
    const { seed } = this.#options;
    const deps: ClientDeps = {
      ...{ place: this.#place, history: this.#history, now: this.#now },
      signal: this.#end.signal,
    };
    return [
      recordDisks(this.#place, this.#history, this.#now, this.#end.signal),
      ...KEYS.map((key, index) => runWriter(deps, key, this.#gate, new Random(seed, 1, index))),
      runReader(deps, new Random(seed, 2)),
      runWaiter(deps, new Random(seed, 3)),
    ];
  }

  /** One round; what did not come to rest after it. */
  async #round(round: number): Promise<string | undefined> {
    const faults = this.#faultsOf(round);
    const names = faults.map(({ name }) => name);
    this.#schedule.push(names);
    // Whose registration is deleted while nobody answers it is lost, and known to be: nobody counts it.
    const isCutOff = names.some((name) => name.startsWith('link')) && names.some(isTaking);
    if (isCutOff) this.#place.alive.clear();
    this.#gate.open();
    await delay(BEFORE_MS);
    await Promise.all(faults.map(async (fault, index) => await this.#fault(round, fault, index)));
    const endedMs = this.#now();
    this.#gate.close();
    const left = await this.#untilRest();
    const tookMs = this.#now() - endedMs;
    if (left !== undefined) return `round ${round} (${names.join(' + ')}): ${left}`;
    // Who was away is back: every answer at rest counts it.
    for (const agent of this.#place.left) this.#place.left.delete(agent);
    for (const agent of this.#place.system.agents.values()) this.#place.alive.add(agent);
    const name = names.join(' + ');
    this.#history.add({ t: 'fault', round, name, phase: 'recovered', atMs: this.#now() });
    const epoch = await epochOf(this.#place);
    this.#history.add({ t: 'rest', round, epoch, faults: names, atMs: this.#now() });
    this.#options.onRound(`${name}: right again after ${(tookMs / 1_000).toFixed(2)} s`);
    return undefined;
  }

  #faultsOf(round: number): Fault[] {
    const { seed, members, schedule } = this.#options;
    const fitting = FAULTS.filter(({ fits }) => fits?.(members) ?? true);
    const given = schedule?.[round];
    if (given) return fitting.filter(({ name }) => given.includes(name));
    const random = new Random(seed, 4, round);
    const weights = Object.fromEntries(fitting.map(({ name, weight }) => [name, weight]));
    const drawn = new Set([random.weighted(weights)]);
    // Two that both stop the same server would undo each other.
    if (random.chance(SECOND_CHANCE)) {
      const kind = [...drawn][0]?.split(':')[0];
      const others = fitting.filter(({ name }) => name.split(':')[0] !== kind);
      drawn.add(random.pick(others).name);
    }
    return fitting.filter(({ name }) => drawn.has(name));
  }

  async #fault(round: number, fault: Fault, index: number): Promise<void> {
    const { name } = fault;
    this.#history.add({ t: 'fault', round, name, phase: 'begins', atMs: this.#now() });
    await fault.run(this.#place, new Random(this.#options.seed, 5, round, index));
    this.#history.add({ t: 'fault', round, name, phase: 'ended', atMs: this.#now() });
  }

  /** Waits until everything is equal, once every write under way is answered; why not, if not. */
  async #untilRest(): Promise<string | undefined> {
    const untilMs = this.#now() + REST_TIMEOUT_MS;
    let left: string | undefined;
    do {
      await this.#gate.empty();
      left = await unrest(this.#place).catch((error: unknown) => String(error));
      if (left === undefined) return undefined;
      await delay(LOOK_EVERY_MS);
    } while (this.#now() < untilMs && !this.#options.signal.aborted);
    return left;
  }
}
