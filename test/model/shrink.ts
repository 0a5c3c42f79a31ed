import { type Found, runOnce } from './run.ts';
import type { Production } from './world.ts';

/** Runs that shrinking may try. */
const RUNS_MAX = 400;

/** Leaves out steps as long as the same promise is broken. */
export async function shrink(production: Production, found: Found): Promise<Found> {
  const { seed } = found;
  let best = found;
  let runs = 0;
  for (let size = best.steps.length >> 1; size >= 1 && runs < RUNS_MAX; size >>= 1) {
    for (let at = 0; at < best.steps.length && runs < RUNS_MAX; runs += 1) {
      const fewer = [...best.steps.slice(0, at), ...best.steps.slice(at + size)];
      const still = await runOnce(production, seed, fewer);
      if (still?.violation.invariant === found.violation.invariant) best = still;
      else at += size;
    }
  }
  return best;
}

/** What happened in a run, line by line, as it is told to people. */
export async function storyOf(production: Production, { seed, steps }: Found): Promise<string[]> {
  const lines: string[] = [];
  await runOnce(production, seed, steps, (step, text) => lines.push(`${step}  ${text}`));
  return lines;
}
