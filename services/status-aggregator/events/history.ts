import type { HistoryEvent } from './history-event.ts';

/** Events kept of each subject: once of its own, and once of it together with others. */
export const RING_MAX = 64;
/** Places over all rings, two for an event of a config on an agent: some 50 MB at the worst. */
export const PLACES_MAX = 100_000;

/** What a history is about. */
export type Subject =
  | { readonly env: string; readonly id: string }
  | { readonly env: string; readonly agent: string };

/** An event with its place in the order of what this process observed. */
export interface RecordedEvent extends HistoryEvent {
  readonly sequence: number;
}

interface Rings {
  /** About the subject alone. */
  readonly own: RecordedEvent[];
  /** About a config on an agent. Apart, so that a thousand agents do not drive out a publication. */
  readonly shared: RecordedEvent[];
}

export interface HistoryOptions {
  /** PLACES_MAX by default. */
  placesMax?: number;
}

/**
 * The newest events of each config and of each agent, in memory: what this process observed since its
 * start. Another replica, or this one after a restart, has another history. Full, it forgets the
 * subjects that nothing happened to for longest.
 */
export class History {
  readonly #placesMax: number;
  /** The subject of the newest event last. */
  readonly #rings = new Map<string, Rings>();
  #places = 0;
  #sequence = 0;

  constructor({ placesMax = PLACES_MAX }: HistoryOptions = {}) {
    this.#placesMax = placesMax;
  }

  /** Places taken. */
  get places(): number {
    return this.#places;
  }

  /** The next place in the order, for an event that is recorded once it is certain. */
  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  record(event: HistoryEvent, sequence = this.next()): void {
    const { env, id, agent } = event;
    const recorded = { ...event, sequence };
    const isShared = id !== undefined && agent !== undefined;
    if (id !== undefined) this.#add(keyOf({ env, id }), recorded, isShared);
    if (agent !== undefined) this.#add(keyOf({ env, agent }), recorded, isShared);
    this.#evict();
  }

  /** The newest first; those before the place `before` only. */
  list(subject: Subject, before: number | undefined, limit: number): RecordedEvent[] {
    const rings = this.#rings.get(keyOf(subject));
    if (!rings) return [];
    return [...rings.own, ...rings.shared]
      .filter(({ sequence }) => before === undefined || sequence < before)
      .toSorted((a, b) => b.sequence - a.sequence)
      .slice(0, limit);
  }

  #add(key: string, event: RecordedEvent, isShared: boolean): void {
    const rings = this.#rings.get(key) ?? { own: [], shared: [] };
    this.#rings.delete(key);
    this.#rings.set(key, rings);
    const ring = isShared ? rings.shared : rings.own;
    ring.push(event);
    if (ring.length > RING_MAX) ring.shift();
    else this.#places += 1;
  }

  #evict(): void {
    for (const [key, { own, shared }] of this.#rings) {
      if (this.#places <= this.#placesMax) return;
      this.#rings.delete(key);
      this.#places -= own.length + shared.length;
    }
  }
}

function keyOf(subject: Subject): string {
  const { env } = subject;
  return 'id' in subject ? `config/${env}/${subject.id}` : `agent/${env}/${subject.agent}`;
}
