import type { Facts } from '#services/status-aggregator/domain/facts.ts';
import type { ViewChange } from '#services/status-aggregator/domain/view.ts';
import { Random } from '#test/random';
import type { EtcdDump } from '#test/sim-etcd';
import { type World as OracleWorld, oracleAnswer, oracleEnvironment } from './oracle.ts';
import type * as production from './production.ts';
import { Stats } from './stats.ts';
import { World } from './world.ts';

/** The aggregator's code, as it is or with a rule broken. */
export type Production = typeof production;

/** Where the aggregator and the oracle differ. */
export interface Difference {
  readonly step: number;
  readonly what: string;
  readonly env: string;
  readonly id: string;
  readonly actual: string;
  readonly expected: string;
  /** What happened to the config, the members of its environment and the epoch, before. */
  readonly story: readonly string[];
}

/** Most of a story that is kept. */
const STORY_MAX = 4_000;
const TOMBSTONE_KEPT_MS = 7 * 86_400_000;
/** What is left to tell when MySQL has no row. */
const ETCD_ALONE: Facts = {
  unknownReason: undefined,
  acceptedKnown: true,
  accepted: undefined,
  minAgents: 1,
};
/** Known nowhere. */
const NOWHERE = { env: 'nope', id: 'nope' };

/** Feeds one aggregator's view with one world, and compares its answers with the oracle's. */
export class Bench {
  readonly stats: Stats;
  readonly #seed: number;
  readonly #production: Production;
  readonly #world: World;
  readonly #holder: InstanceType<Production['ViewHolder']>;
  readonly #refs: readonly { env: string; id: string }[];
  readonly #minAgentsHeard = new Map<string, number>();
  readonly #story: string[] = [];
  readonly #announced: ViewChange[] = [];
  #quiet: readonly string[] | undefined;
  #consumed = 0n;
  #timeline = -1;
  #logged = { timeline: 0, revision: 0n };

  constructor(seed: number, production: Production, stats = new Stats()) {
    this.stats = stats;
    this.#seed = seed;
    this.#production = production;
    this.#world = new World(seed);
    const { stage } = this.#world;
    this.#refs = stage.envs.flatMap((env) => stage.ids.map((id) => ({ env, id })));
    this.#holder = this.#createHolder({
      listed: () => {
        this.#announced.length = 0;
        this.#quiet = undefined;
      },
      changed: (change) => void this.#announced.push(change),
    });
  }

  #createHolder(listener: { listed?: () => void; changed?: (change: ViewChange) => void } = {}) {
    const nothing = () => undefined;
    return new this.#production.ViewHolder({
      ownKey: '/ingress/aggregator/bench',
      clock: { now: () => this.#world.stage.nowMs },
      listener: {
        listed: nothing,
        changed: nothing,
        connected: nothing,
        ownKeySeen: nothing,
        shown: nothing,
        ...listener,
      },
    });
  }

  /** One event of the world, and what the aggregator makes of it; the difference, if there is one. */
  step(index: number): Difference | undefined {
    const before = this.#world.stage.etcd.revision;
    const act = this.#world.step(index);
    this.#log(index, act);
    this.stats.step(act, Number(this.#world.stage.etcd.revision - before));
    const random = new Random(this.#seed, index, 7);
    try {
      return this.#follow(index, random);
    } catch (error) {
      const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return this.#difference(index, { ...NOWHERE, what: 'threw' }, thrown, '');
    }
  }

  #follow(step: number, random: Random): Difference | undefined {
    const { etcd } = this.#world.stage;
    const isLost = this.#timeline !== etcd.timeline || this.#consumed < etcd.compacted;
    if (isLost || random.chance(0.05)) {
      // Until it has listed again the probe calls it blind, and nobody is answered.
      if (isLost && random.chance(0.4)) return undefined;
      this.#list(random, { isWhole: true });
    } else if (random.chance(0.6)) this.#consume(random);
    // A list that breaks leaves everything as it was.
    if (random.chance(0.01)) this.#list(random, { isWhole: false });
    return random.chance(0.6) ? this.#compare(step, random) : undefined;
  }

  /** A list at one revision, page by page, which comes to its end or does not. */
  #list(random: Random, { isWhole }: { isWhole: boolean }): void {
    const { etcd } = this.#world.stage;
    const all = [...etcd.keys.values()];
    // The prefixes come in any order; now and then the keys do, too.
    const kvs = random.chance(0.3)
      ? random.shuffled(all)
      : all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const sink = this.#holder.begin();
    for (let at = 0; at < kvs.length; ) {
      const size = random.int(1, 40);
      sink.page(kvs.slice(at, at + size));
      at += size;
      if (!isWhole && random.chance(0.3)) return;
    }
    if (!isWhole) return;
    sink.commit(etcd.revision);
    this.#consumed = etcd.revision;
    this.#timeline = etcd.timeline;
    this.stats.lists += 1;
  }

  /** Takes in some of the revisions that came, in one batch. */
  #consume(random: Random): void {
    const pending = this.#world.stage.etcd.after(this.#consumed) ?? [];
    const taken = pending.slice(0, random.chance(0.5) ? pending.length : random.int(1, 4));
    const last = taken.at(-1);
    if (!last) return;
    this.#holder.events(
      taken.flatMap(({ events }) => events),
      last.revision,
    );
    this.#consumed = last.revision;
  }

  #compare(step: number, random: Random): Difference | undefined {
    const { stage } = this.#world;
    const mysql = random.chance(0.05) ? undefined : stage.mysqlDump();
    const heard = this.#minAgentsHeard;
    if (mysql) {
      heard.clear();
      for (const [env, min] of mysql.minAgents) heard.set(env, min);
    }
    const blind = random.chance(0.01);
    const etcd = stage.etcd.dumpAt(this.#consumed);
    const world: OracleWorld = { etcd, mysql, minAgentsHeard: heard, blind };
    if (this.#holder.view.revision !== this.#consumed) {
      const at = { ...NOWHERE, what: 'revision' };
      return this.#difference(step, at, String(this.#holder.view.revision), String(this.#consumed));
    }
    this.stats.samples += 1;
    for (const ref of [...this.#refs, NOWHERE]) {
      const found = this.#compareConfig(step, world, ref);
      if (found) return found;
    }
    for (const env of random.chance(0.2) ? stage.envs : []) {
      const found = this.#compareEnvironment(step, world, env);
      if (found) return found;
    }
    return (
      this.#compareAnnounced(step) ??
      (random.chance(0.1) ? this.#compareReplica(step, etcd) : undefined)
    );
  }

  /** Another replica, which has just listed, says the same to the word. */
  #compareReplica(step: number, { keys, revision }: EtcdDump): Difference | undefined {
    const other = this.#createHolder();
    const sink = other.begin();
    sink.page([...keys.values()]);
    sink.commit(revision);
    for (const ref of this.#refs) {
      const [one, two] = [this.#holder.view, other.view].map((view) => {
        const found = this.#production.completionOf(view, ref, ETCD_ALONE);
        // Since when is what each of them observed.
        const blockers = found?.blockers.map((blocker) => ({ ...blocker, sinceMs: 0 }));
        return textOf({ ...found, blockers });
      });
      if (one === two) continue;
      return this.#difference(step, { ...ref, what: 'replica' }, one ?? '', two ?? '');
    }
    return undefined;
  }

  #compareConfig(
    step: number,
    world: OracleWorld,
    ref: { env: string; id: string },
  ): Difference | undefined {
    const expected = oracleAnswer(world, ref.env, ref.id);
    const facts = factsFrom(world, ref);
    const { view } = this.#holder;
    const completion = this.#production.completionOf(view, ref, facts);
    const situation = this.#production.situationOf(view, ref, facts);
    const actual = completion && this.#answerFrom(completion);
    const actualText = textOf(actual);
    const expectedText = textOf(expected);
    this.stats.answer(expected);
    if (actualText !== expectedText) {
      return this.#difference(step, { ...ref, what: 'completion' }, actualText, expectedText);
    }
    const { counts } = situation ?? {};
    const sum = counts && counts.done + counts.progressing + counts.failed + counts.lost;
    if (situation?.state !== expected?.state || sum !== counts?.expected) {
      const text = textOf(situation);
      return this.#difference(step, { ...ref, what: 'situation' }, text, expectedText);
    }
    return undefined;
  }

  #answerFrom(completion: NonNullable<ReturnType<Production['completionOf']>>) {
    const { state, generation, digest, deleted, counts, forgotten, blockers, blockersTotal } =
      completion;
    const { expected, done, progressing, failed, lost } = counts;
    return {
      ...{ state, generation, digest, deleted },
      counts: { expected, done, progressing, failed, lost },
      forgotten,
      fullyExecuted: this.#production.isFullyExecuted(state),
      blockers: blockers.map(({ agent, reason, appliedGeneration }) => ({
        ...{ agent, reason, appliedGeneration },
      })),
      blockersTotal,
    };
  }

  #compareEnvironment(step: number, world: OracleWorld, env: string): Difference | undefined {
    const { ids } = this.#world.stage;
    const factsOf = (id: string) => factsFrom(world, { env, id });
    const status = this.#production.environmentStatusOf(this.#holder.view, env, { ids, factsOf });
    const states = status.states.filter(({ count }) => count > 0);
    const actual = {
      live: status.live,
      lost: status.lost,
      states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    };
    const expected = oracleEnvironment(world, env, ids);
    const sorted = ({ live, lost, states }: typeof expected) =>
      textOf({ live, lost, states: Object.entries(states).sort(([a], [b]) => (a < b ? -1 : 1)) });
    if (sorted(actual) === sorted(expected)) return undefined;
    const at = { env, id: '*', what: 'environment' };
    return this.#difference(step, at, sorted(actual), sorted(expected));
  }

  /** Whatever changed was announced: those who wait are woken by nothing else. */
  #compareAnnounced(step: number): Difference | undefined {
    const before = this.#quiet;
    const now = this.#refs.map((ref) => this.#quietAnswer(ref));
    this.#quiet = now;
    const announced = this.#announced.splice(0);
    if (!before) return undefined;
    for (const [index, { env, id }] of this.#refs.entries()) {
      if (now[index] === before[index]) continue;
      const isTold = announced.some(
        ({ all, envs, configs }) => all || envs.has(env) || configs.get(env)?.has(id),
      );
      if (isTold) continue;
      const at = { env, id, what: 'not announced' };
      return this.#difference(step, at, now[index] ?? '', before[index] ?? '');
    }
    return undefined;
  }

  /** What follows from etcd alone. */
  #quietAnswer(ref: { env: string; id: string }): string {
    const facts = {
      unknownReason: undefined,
      acceptedKnown: true,
      accepted: undefined,
      minAgents: 1,
    };
    const found = this.#production.completionOf(this.#holder.view, ref, facts);
    return textOf(found && this.#answerFrom(found));
  }

  #log(step: number, act: string): void {
    const { etcd, configs } = this.#world.stage;
    const { timeline, revision } = this.#logged;
    const isNew = etcd.timeline !== timeline;
    if (isNew) this.#story.push(`${step} ${act}: etcd is at revision ${etcd.revision} again`);
    for (const { events } of etcd.after(isNew ? etcd.compacted : revision) ?? []) {
      for (const event of events) {
        const text =
          event.type === 'put'
            ? `${event.kv.modRevision} put ${event.kv.key} lease ${event.kv.lease} ${event.kv.value.toString('utf8')}`
            : `${event.modRevision} delete ${event.key}`;
        this.#story.push(`${step} ${act}: ${text}`);
      }
    }
    if (act === 'set' || act === 'remove' || act === 'mysqlForgets') {
      for (const [key, row] of configs) {
        if (row.acceptedAtMs !== this.#world.stage.nowMs && act !== 'mysqlForgets') continue;
        this.#story.push(`${step} ${act}: row ${key} ${JSON.stringify({ ...row, content: '' })}`);
      }
    }
    this.#logged = { timeline: etcd.timeline, revision: etcd.revision };
    if (this.#story.length > STORY_MAX) this.#story.splice(0, this.#story.length - STORY_MAX);
  }

  #difference(
    step: number,
    { env, id, what }: { env: string; id: string; what: string },
    actual: string,
    expected: string,
  ): Difference {
    const parts = [
      ...[
        `/${env}/${id} `,
        `/${env}/${id}/`,
        ` ${env}/${id} `,
        `/agent/${env}/`,
        `/roster/${env}/`,
      ],
      ...['ingress_meta', 'again'],
    ];
    const story = this.#story.filter((line) => parts.some((part) => `${line} `.includes(part)));
    return { step, what, env, id, actual, expected, story };
  }
}

/** What the aggregator's store would have read from these rows. */
function factsFrom(world: OracleWorld, { env, id }: { env: string; id: string }): Facts {
  const { mysql, minAgentsHeard, blind } = world;
  const row = mysql?.configs.get(`${env}/${id}`);
  return {
    unknownReason: blind ? 'blind' : undefined,
    acceptedKnown: mysql !== undefined,
    accepted: row && {
      generation: row.generation,
      digest: row.digest,
      deleted: row.deletedAtMs !== undefined,
      acceptedAtMs: row.deletedAtMs ?? row.acceptedAtMs,
      published: row.publishedGeneration >= row.generation,
      tombstoneExpired:
        row.deletedAtMs !== undefined && row.deletedAtMs < (mysql?.nowMs ?? 0) - TOMBSTONE_KEPT_MS,
    },
    minAgents: (mysql?.minAgents ?? minAgentsHeard).get(env) ?? 1,
  };
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
