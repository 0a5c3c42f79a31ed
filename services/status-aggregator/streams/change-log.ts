import type { View, ViewChange } from '../domain/view.ts';

/** Changes kept for those who come back: minutes of a busy system. */
const KEPT_MAX = 10_000;

/** Something that changed: one config, all of an environment, or everything. */
export interface LoggedChange {
  readonly env?: string;
  readonly id?: string;
}

/** Told of each change, with the number that it got. */
export type ChangeListener = (change: LoggedChange, seq: number) => void;

/** The latest changes of the view, numbered in order. It knows what changed, never how. */
export class ChangeLog {
  readonly #max: number;
  readonly #listeners = new Set<ChangeListener>();
  #changes: LoggedChange[] = [];
  /** Number of the first change that is kept. */
  #first = 1;

  constructor({ max = KEPT_MAX }: { max?: number } = {}) {
    this.#max = max;
  }

  /** Number of the newest change; 0: there was none. */
  get seq(): number {
    return this.#first + this.#changes.length - 1;
  }

  /** Takes in what a batch of events touched. */
  changed({ configs, envs, all }: ViewChange): void {
    if (all) {
      this.note({});
      return;
    }
    for (const env of envs) this.note({ env });
    for (const [env, ids] of configs) {
      if (!envs.has(env)) for (const id of ids) this.note({ env, id });
    }
  }

  /** A list replaced the view. What is not in it any more is named: nothing else tells of it. */
  listed(view: View, before: View | undefined): void {
    for (const env of before?.envs ?? []) {
      const entries = view.env(env.name)?.entries;
      for (const id of env.entries.keys()) {
        if (!entries?.has(id)) this.note({ env: env.name, id });
      }
    }
    this.note({});
  }

  note(change: LoggedChange): void {
    this.#changes.push(change);
    // Cut in halves: each change is moved once.
    if (this.#changes.length > 2 * this.#max) {
      this.#first += this.#changes.length - this.#max;
      this.#changes = this.#changes.slice(-this.#max);
    }
    for (const listener of this.#listeners) listener(change, this.seq);
  }

  /** What changed after number `seq`; undefined: that is not known any more. */
  since(seq: number): readonly LoggedChange[] | undefined {
    if (seq > this.seq || seq + 1 < this.#first) return undefined;
    return this.#changes.slice(seq + 1 - this.#first);
  }

  /** Calls `listener` at each change until the returned function is called. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
