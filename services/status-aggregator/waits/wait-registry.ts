import type { ConfigRef } from '../domain/completion.ts';
import type { ViewChange } from '../domain/view.ts';
import { TooManyWaitsError } from './errors.ts';

/** Waits at once: each is cheap, and past it callers should share theirs. */
export const WAITS_MAX = 10_000;

/** MySQL tells nobody of what it accepts, and time alone makes a view unknown: look again. */
const LOOK_EVERY_MS = 2_000;
/** Of all waits: each costs as much as a question, and the view has to follow etcd beside them. */
const LOOKS_PER_SECOND_MAX = 500;

/** A wait's ear: changes are not counted, only that there was one. Dispose it. */
export interface Subscription extends Disposable {
  /** Resolves at the first change since the last call, or at once when there was one. */
  changed(): Promise<void>;
  /** How long a wait that hears nothing goes without a look: longer the more there are. */
  lookEveryMs(): number;
}

class Ear {
  #heard = false;
  #resolve: (() => void) | undefined;

  tell(): void {
    this.#heard = true;
    this.#resolve?.();
  }

  async changed(): Promise<void> {
    if (!this.#heard) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#resolve = undefined;
    this.#heard = false;
  }
}

/** Tells waits of changes of their configs and environments, and of nothing else. */
export class WaitRegistry {
  readonly #max: number;
  readonly #byEnv = new Map<string, Map<string, Set<Ear>>>();
  /** Those that wait for a revision first. */
  readonly #byRevision = new Map<Ear, number>();
  #size = 0;

  constructor({ max = WAITS_MAX }: { max?: number } = {}) {
    this.#max = max;
  }

  /** Number of waits. */
  get size(): number {
    return this.#size;
  }

  /** See Subscription. */
  get lookEveryMs(): number {
    return Math.max(LOOK_EVERY_MS, (this.#size * 1_000) / LOOKS_PER_SECOND_MAX);
  }

  /**
   * Listens to these configs, and once to `revision`, which any key's change may bring. Throws
   * TooManyWaitsError when there are too many already.
   */
  subscribe(refs: readonly ConfigRef[], revision?: number): Subscription {
    if (this.#size >= this.#max) throw new TooManyWaitsError(this.#max);
    const ear = new Ear();
    for (const ref of refs) this.#earsOf(ref).add(ear);
    if (revision !== undefined) this.#byRevision.set(ear, revision);
    this.#size += 1;
    let isOpen = true;
    return {
      changed: () => ear.changed(),
      lookEveryMs: () => this.lookEveryMs,
      [Symbol.dispose]: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#size -= 1;
        this.#byRevision.delete(ear);
        for (const ref of refs) this.#remove(ref, ear);
      },
    };
  }

  /** Wakes the waits that a change concerns. */
  changed({ configs, envs, all }: ViewChange): void {
    if (this.#size === 0) return;
    if (all) {
      this.changedAll();
      return;
    }
    for (const env of envs) {
      for (const ears of this.#byEnv.get(env)?.values() ?? []) tellAll(ears);
    }
    for (const [env, ids] of configs) {
      const byId = this.#byEnv.get(env);
      if (byId) for (const id of ids) tellAll(byId.get(id) ?? []);
    }
  }

  /** Wakes the waits for this revision, or one before. */
  reached(revision: number): void {
    for (const [ear, awaited] of this.#byRevision) {
      if (awaited > revision) continue;
      this.#byRevision.delete(ear);
      ear.tell();
    }
  }

  /** Wakes every wait. */
  changedAll(): void {
    for (const byId of this.#byEnv.values()) for (const ears of byId.values()) tellAll(ears);
  }

  #earsOf({ env, id }: ConfigRef): Set<Ear> {
    const byId = this.#byEnv.get(env) ?? new Map<string, Set<Ear>>();
    this.#byEnv.set(env, byId);
    const ears = byId.get(id) ?? new Set<Ear>();
    byId.set(id, ears);
    return ears;
  }

  #remove({ env, id }: ConfigRef, ear: Ear): void {
    const byId = this.#byEnv.get(env);
    const ears = byId?.get(id);
    ears?.delete(ear);
    if (ears?.size === 0) byId?.delete(id);
    if (byId?.size === 0) this.#byEnv.delete(env);
  }
}

function tellAll(ears: Iterable<Ear>): void {
  for (const ear of ears) ear.tell();
}
