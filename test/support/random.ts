/** Numbers that a seed decides. */
export class Random {
  #state: number;

  /** The same numbers for the same seeds. */
  constructor(...seeds: readonly number[]) {
    let state = 0x9e3779b9;
    for (const seed of seeds) state = mixed(state ^ seed);
    this.#state = state;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return (mixed(this.#state) >>> 0) / 2 ** 32;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `min` to `max`, both possible. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of the list; undefined of an empty one. */
  maybe<T>(list: readonly T[]): T | undefined {
    return list[this.int(0, list.length - 1)];
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const picked = this.maybe(list);
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** One of the names, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const { entries, sum } = summed(weights);
    let left = this.next() * sum;
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name as K;
    }
    return this.pick(entries)[0] as K;
  }

  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, at: this.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

interface Summed {
  readonly entries: readonly (readonly [name: string, weight: number])[];
  readonly sum: number;
}

/** Weights are constants, and looked up often. */
const known = new WeakMap<object, Summed>();

function summed(weights: Readonly<Record<string, number>>): Summed {
  const before = known.get(weights);
  if (before) return before;
  const entries = Object.entries(weights);
  const made = { entries, sum: entries.reduce((sum, [, weight]) => sum + weight, 0) };
  known.set(weights, made);
  return made;
}

function mixed(state: number): number {
  let x = state | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
