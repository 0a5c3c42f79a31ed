import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import type { Random } from '#test/random';
import type { AgentService } from '#test/system';
import { markOnDisk } from './disks.ts';
import type { History, Key, Write } from './history.ts';
import { agentName, type Place } from './place.ts';

/** Configs, each written by one client alone, so that its answers can be told apart. */
export const KEYS: readonly Key[] = ['1', '10'].flatMap((env) =>
  ['a', 'b', 'c', 'd'].map((id) => ({ env, id })),
);

const CALL_TIMEOUT_MS = 4_000;
const RETRY_AFTER_MS = 60;
const PAUSE_MS = 25;
const WAIT_MS = 8_000;
/** Chances of what a writer does next; otherwise it sets something new. */
const DELETE_CHANCE = 0.12;
const SAME_CHANCE = 0.1;

export interface ClientDeps {
  readonly place: Place;
  readonly history: History;
  readonly now: () => number;
  /** Aborted: go on no more, but finish what has begun. */
  readonly signal: AbortSignal;
}

/** Pauses clients between rounds. */
export class Gate {
  #open = Promise.withResolvers<void>();
  #isOpen = false;
  #inside = 0;

  open(): void {
    this.#isOpen = true;
    this.#open.resolve();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#open = Promise.withResolvers();
  }

  async pass(signal: AbortSignal): Promise<boolean> {
    while (!this.#isOpen && !signal.aborted) {
      await Promise.race([this.#open.promise, delay(200)]);
    }
    return !signal.aborted;
  }

  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
  }

  /** Resolves when nobody is at work any more. */
  async empty(): Promise<void> {
    while (this.#inside > 0) await delay(5);
  }
}

/** Writes one config again and again, each write repeated under its request id until it is answered. */
export async function runWriter(
  deps: ClientDeps,
  key: Key,
  gate: Gate,
  random: Random,
): Promise<void> {
  let count = 0;
  let current: Write | undefined;
  const { history, now, signal } = deps;
  while (await gate.pass(signal)) {
    gate.enter();
    try {
      count += 1;
      const isLive = current?.kind === 'set' && current.generation !== undefined;
      const kind = isLive && random.chance(DELETE_CHANCE) ? 'delete' : 'set';
      const isSame = isLive && kind === 'set' && random.chance(SAME_CHANCE);
      const mark = isSame
        ? (current?.mark ?? '')
        : kind === 'delete'
          ? ''
          : `${key.env}.${key.id}.${count}`;
      const write = history.add<Write>({
        ...{ t: 'write', ...key, kind, mark, tries: 0, requestId: crypto.randomUUID() },
        ...{ startMs: now(), endMs: undefined, generation: undefined },
        ...{ changed: false, isPending: false },
      });
      await repeat(deps, write, random);
      if (write.generation !== undefined) current = write;
      await delay(PAUSE_MS * (0.5 + random.next()));
    } finally {
      gate.leave();
    }
  }
}

async function repeat(deps: ClientDeps, write: Write, random: Random): Promise<void> {
  const { place, now, signal } = deps;
  while (!signal.aborted) {
    const controller = random.maybe(place.system.controllers);
    if (controller) {
      write.tries += 1;
      try {
        const { env, id, requestId, mark } = write;
        const options = { timeoutMs: CALL_TIMEOUT_MS };
        const answer =
          write.kind === 'set'
            ? await controller.client.call(
                'SetIngressConfig',
                { env, id, requestId, configJson: JSON.stringify({ mark }) },
                options,
              )
            : await controller.client.call('DeleteIngressConfig', { env, id, requestId }, options);
        write.generation = answer.config?.generation;
        write.changed =
          write.kind === 'delete' || (answer as { changed?: boolean }).changed === true;
        write.isPending = answer.config?.publishState === 'PUBLISH_STATE_PENDING';
        write.endMs = now();
        return;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
      }
    }
    await delay(RETRY_AFTER_MS);
  }
}

/** Asks for completions, and compares what is said with the agents' disks. */
export async function runReader(deps: ClientDeps, random: Random): Promise<void> {
  const { place, history, now, signal } = deps;
  while (!signal.aborted) {
    const key = random.pick(KEYS);
    const before = standingOf(place, key);
    const askedMs = now();
    const consistency = random.chance(0.2)
      ? 'READ_CONSISTENCY_LINEARIZABLE'
      : 'READ_CONSISTENCY_UNSPECIFIED';
    try {
      const { completion } = await place.system.aggregator.client.call(
        'GetCompletion',
        { ...key, consistency },
        { timeoutMs: CALL_TIMEOUT_MS },
      );
      const state = completion?.state.replace('COMPLETION_STATE_', '') ?? '';
      if (completion && /^(COMPLETE|DELETED)/.test(state)) {
        const disks = await disksOf(place, key, before);
        const after = standingOf(place, key);
        const alive = before.alive.filter((agent) => after.alive.includes(agent));
        history.add({
          ...{ t: 'said', ...key, state, generation: completion.generation, askedMs, atMs: now() },
          ...{ disks, alive },
        });
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
    await delay(PAUSE_MS * 2 * random.next());
  }
}

/** Waits for the newest generation of random configs, through whatever happens. */
export async function runWaiter(deps: ClientDeps, random: Random): Promise<void> {
  const { place, history, now, signal } = deps;
  while (!signal.aborted) {
    const key = random.pick(KEYS);
    const last = history
      .of('write')
      .findLast(
        (write) => write.generation !== undefined && write.env === key.env && write.id === key.id,
      );
    if (!last?.generation) {
      await delay(PAUSE_MS * 4);
      continue;
    }
    const startMs = now();
    const before = standingOf(place, key);
    const deadlineMs = startMs + WAIT_MS;
    const outcome = await waitUntil(deps, last, deadlineMs);
    if (outcome === 'DONE') {
      const state = last.kind === 'delete' ? 'DELETED' : 'COMPLETE';
      const disks = await disksOf(place, key, before);
      history.add({
        ...{ t: 'said', ...key, state, generation: last.generation, askedMs: startMs, atMs: now() },
        ...{ disks, alive: [] },
      });
    }
    const endMs = now();
    const { generation } = last;
    history.add({ t: 'waited', ...key, generation, outcome, startMs, endMs, deadlineMs });
  }
}

/** As a caller should: asks again while nobody answers, until its deadline. */
async function waitUntil(
  { place, now, signal }: ClientDeps,
  { env, id, generation, kind }: Write,
  deadlineMs: number,
): Promise<string> {
  while (!signal.aborted && now() < deadlineMs) {
    try {
      const { outcome } = await place.system.aggregator.client.call(
        'WaitForCompletion',
        {
          ...{ envs: [env], id, generation: generation ?? 0, acceptExceptions: false },
          waitFor: kind === 'delete' ? 'WAIT_FOR_DELETED' : 'WAIT_FOR_COMPLETE',
        },
        { timeoutMs: Math.max(1, deadlineMs - now()) },
      );
      return outcome.replace('WAIT_OUTCOME_', '');
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (error.codeName === 'DEADLINE_EXCEEDED') return error.codeName;
      await delay(RETRY_AFTER_MS);
    }
  }
  return 'GAVE_UP';
}

interface Standing {
  readonly alive: readonly string[];
  /** Who counts, alive or lost. */
  readonly members: readonly AgentService[];
}

function standingOf({ system, alive, left }: Place, { env }: Key): Standing {
  const all = [...system.agents.values()].filter((agent) => agent.env === env);
  return {
    alive: all.filter((agent) => alive.has(agent)).map(agentName),
    members: all.filter((agent) => !left.has(agent)),
  };
}

/** What the agents have that counted all the time since `before`. */
async function disksOf(
  place: Place,
  key: Key,
  before: Standing,
): Promise<Record<string, string | undefined>> {
  const marks = await Promise.all(
    before.members.map(async (agent) => [agentName(agent), await markOnDisk(agent, key)] as const),
  );
  const after = new Set(standingOf(place, key).members.map(agentName));
  return Object.fromEntries(marks.filter(([name]) => after.has(name)));
}
