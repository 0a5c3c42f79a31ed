import { Bench, type Difference, type Production } from './bench.ts';
import { Stats } from './stats.ts';

/** Steps of one world: long enough for several rebuilds, short enough to be told. */
export const STEPS_PER_WORLD = 2_000;
/** Worlds that shrinking may try. */
const SHRINK_RUNS_MAX = 300;

/** Worlds that were run, and the first difference. */
export interface Outcome {
  readonly stats: Stats;
  readonly found: { seed: number; steps: readonly number[]; difference: Difference } | undefined;
}

/** Runs worlds from `seed` on until `events` things have happened or a difference is found. */
export function runWorlds(
  production: Production,
  { seed, events, onWorld }: { seed: number; events: number; onWorld?: (stats: Stats) => void },
): Outcome {
  const stats = new Stats();
  for (let world = seed; stats.steps < events; world += 1) {
    const steps = Array.from(
      { length: Math.min(STEPS_PER_WORLD, events - stats.steps) },
      (_, index) => index,
    );
    const difference = runSteps(production, world, steps, stats);
    if (difference) {
      const upTo = steps.slice(0, difference.step + 1);
      return { stats, found: { seed: world, steps: upTo, difference } };
    }
    onWorld?.(stats);
  }
  return { stats, found: undefined };
}

/** The first difference that these steps of a world lead to. */
export function runSteps(
  production: Production,
  seed: number,
  steps: readonly number[],
  stats = new Stats(),
): Difference | undefined {
  const bench = new Bench(seed, production, stats);
  for (const step of steps) {
    const difference = bench.step(step);
    if (difference) return difference;
  }
  return undefined;
}

/** Leaves out steps as long as some difference remains. */
export function shrink(
  production: Production,
  found: NonNullable<Outcome['found']>,
): NonNullable<Outcome['found']> {
  const { seed } = found;
  let { steps, difference } = found;
  let runs = 0;
  for (let size = steps.length >> 1; size >= 1 && runs < SHRINK_RUNS_MAX; size >>= 1) {
    for (let at = 0; at < steps.length && runs < SHRINK_RUNS_MAX; runs += 1) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
      const still = runSteps(production, seed, fewer);
      if (still) {
        steps = fewer.slice(0, fewer.indexOf(still.step) + 1);
        difference = still;
      } else at += size;
    }
  }
  return { seed, steps, difference };
}
