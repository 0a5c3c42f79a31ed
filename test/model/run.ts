import { Random } from '#test/random';
import { ACTS, type ActName } from './acts.ts';
import { courseOf } from './course.ts';
import type { Notes } from './notes.ts';
import type { Violation } from './truth.ts';
import { installTime } from './virtual-time.ts';
import { type Production, World } from './world.ts';

/** Acts of one run while things go wrong. */
export const STEPS = 280;
/** Looks at whether everything is as it should be, once nothing goes wrong any more. */
const CALM_ROUNDS_MAX = 150;
const CALM_STEPS = 16;
/** How often all watches catch up while it is calm. */
const CALM_DELIVERY = 0.12;
/** Rounds in a row after which it stays as it is. */
const CALM_ROUNDS = 2;
/** Rounds for which hosts stay away in some runs, so that somebody else's word must not count for theirs. */
const AWAY_ROUNDS = 26;
/** After so many rounds everything is listed again, as the product does every three minutes. */
const RELIST_ROUND = 30;
/** Tries for one step, in case that nobody is there to do what was drawn. */
const DRAWS_MAX = 10;
const FLAVOURS: readonly Notes['flavour'][] = ['whole', 'whole', 'healed', 'rebased'];

/** What may befall etcd when an agent has just gone. */
const LAST_BLOWS: readonly ActName[] = ['wipe', 'restore', 'emptyByHand', 'backup'];

/** A run that broke a promise. */
export interface Found {
  readonly seed: number;
  readonly steps: readonly number[];
  readonly violation: Violation;
}

/** Told of what happens in a run, for its story. */
export type Listener = (step: number, text: string) => void;

/** One run: a schedule that the seed decides, without the steps left out; what it broke. */
export async function runOnce(
  production: Production,
  seed: number,
  steps: readonly number[] = all(),
  listener?: Listener,
): Promise<Found | undefined> {
  const world = new World(production);
  installTime(world.scheduler);
  try {
    const violation = await new Run(world, seed, steps, listener).violation();
    if (violation) for (const line of world.describe()) listener?.(STEPS, line);
    return violation && { seed, steps, violation };
  } finally {
    for (const process of world.processes) process.alive = false;
    installTime(undefined);
  }
}

/** Every step. */
export function all(): number[] {
  return Array.from({ length: STEPS }, (_, index) => index);
}

class Run {
  readonly #world: World;
  readonly #seed: number;
  readonly #steps: readonly number[];
  readonly #notes: Notes;
  readonly #listener: Listener | undefined;
  #step = -1;
  /** Rounds of the calm before agents are started again. */
  #awayRounds = 0;

  constructor(
    world: World,
    seed: number,
    steps: readonly number[],
    listener: Listener | undefined,
  ) {
    this.#world = world;
    this.#seed = seed;
    this.#steps = steps;
    this.#listener = listener;
    const flavour = FLAVOURS[Math.floor(seed / 24) % FLAVOURS.length] ?? 'whole';
    this.#notes = { backups: [], mysqlBackups: [], writes: 0, isByHand: false, flavour };
    if (listener) {
      world.scheduler.onRun = ({ process, label }) =>
        listener(this.#step, `${process?.name ?? 'network'}: ${label}`);
    }
  }

  async violation(): Promise<Violation | undefined> {
    const { truth } = this.#world;
    await this.#world.start();
    for (const step of this.#steps) {
      this.#step = step;
      await this.#act(new Random(this.#seed, step));
      if (truth.violation) return truth.violation;
    }
    return await this.#calm();
  }

  async #act(random: Random): Promise<void> {
    const { weights, faultChance } = courseOf(this.#seed, this.#step);
    this.#world.network.faultChance = faultChance;
    for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
      const name = random.weighted(weights);
      if (await this.#perform(name, random)) return;
    }
  }

  async #perform(name: ActName, random: Random): Promise<boolean> {
    const isDone = await ACTS[name](this.#world, random, this.#notes);
    if (isDone && name !== 'step') this.#listener?.(this.#step, `* ${name}`);
    return isDone;
  }

  /** Nothing goes wrong any more: everything has to be as it should, soon and for good. */
  async #calm(): Promise<Violation | undefined> {
    const { truth, scheduler, network } = this.#world;
    this.#step = STEPS;
    const random = new Random(this.#seed, STEPS + 1);
    network.faultChance = 0;
    ACTS.mendNetwork(this.#world);
    ACTS.catchUp(this.#world);
    for (const process of this.#world.processes) process.paused = false;
    const { mysqlBackups, flavour } = this.#notes;
    let isRebased = !(flavour === 'rebased' && mysqlBackups.length > 0);
    this.#listener?.(STEPS, '* calm');
    await this.#lastBlow(random);
    let calm = 0;
    for (let round = 0; round < CALM_ROUNDS_MAX; round += 1) {
      await this.#recover(random, round);
      if (!isRebased) isRebased = await this.#rebase();
      for (let step = 0; step < CALM_STEPS; step += 1) {
        if (random.chance(CALM_DELIVERY)) await this.#deliverAll(random);
        else await this.#perform('step', random);
        if (truth.violation) return truth.violation;
      }
      const isCalm =
        round >= this.#awayRounds && scheduler.lateCalls === 0 && isRebased && !truth.unrest();
      calm = isCalm ? calm + 1 : 0;
      if (calm === CALM_ROUNDS) return undefined;
    }
    return truth.unrest() ?? { invariant: 'at rest', what: 'requests are late for ever' };
  }

  /** Everything that is in store for somebody arrives. */
  async #deliverAll(random: Random): Promise<void> {
    for (const listWatch of random.shuffled(this.#world.listWatches)) {
      await this.#world.catchUp(listWatch, random);
    }
  }

  /** In some runs an agent goes for a while, and etcd's content with it. */
  async #lastBlow(random: Random): Promise<void> {
    if (this.#seed % 6 !== 1) return;
    this.#awayRounds = AWAY_ROUNDS;
    // One of two, so that somebody is left to speak for the environment.
    const agent = this.#world.agents.find(({ host }) => host.name === 'ab');
    if (agent) this.#world.kill(agent, random);
    await this.#perform(random.pick(LAST_BLOWS), random);
    if (random.chance(0.5)) await this.#perform('refuseKey', random);
  }

  async #recover(random: Random, round: number): Promise<void> {
    const world = this.#world;
    const { network } = world;
    for (const agent of world.agents) if (agent.hasEnded) world.kill(agent, random);
    if (round === this.#awayRounds) network.refusedKeys.clear();
    // What is written now must not be said to be in force where nobody is.
    if (round < this.#awayRounds && round % 8 === 3) await this.#perform('set', random);
    if (round >= this.#awayRounds) {
      for (const host of world.hosts) if (!world.agentOn(host)) await world.startAgent(host);
    }
    for (const name of ['leaseEnds', 'heartbeat', 'confirmLoss'] as const) {
      while (await this.#perform(name, random));
    }
    const passEvery = round < this.#awayRounds ? 3 : 10;
    if (round % passEvery === passEvery - 1) await this.#perform('reconcile', random);
    if (round !== RELIST_ROUND) return;
    // What was done by hand only a list finds, and an etcd that lost its history and has come to the same
    // event at the same revision again.
    const isListed = this.#notes.isByHand || world.server.store.hasTwin;
    for (const listWatch of isListed ? world.listWatches : []) {
      await world.scheduler.as(listWatch.process, () => listWatch.relistNow());
    }
  }

  async #rebase(): Promise<boolean> {
    const [controller] = this.#world.controllers;
    if (!controller) return false;
    const rebase = { isDone: false };
    await this.#world.scheduler.as(controller, () => {
      void controller.rebase().then((isDone) => Object.assign(rebase, { isDone }));
    });
    for (let step = 0; !rebase.isDone && step < CALM_STEPS; step += 1) {
      await this.#perform('step', new Random(this.#seed, STEPS + 2, step));
    }
    return rebase.isDone;
  }
}
