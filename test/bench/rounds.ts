import { withCpu } from './cpu.ts';
import type { RoundResult } from './floors/program.ts';
import type { Contender, Effort, Measure } from './measure.ts';
import { medianOf, type RoundValues } from './ratio.ts';

/** Bound of the samples that a round keeps. */
const OPERATIONS_MAX = 200_000;

/** One contender in one round. */
export interface Outcome {
  readonly value: number;
  readonly operations: number;
  readonly seconds: number;
  /** Seconds of CPU by process. */
  readonly cpu: Readonly<Record<string, number>>;
}

export type Role = 'product' | 'floor' | 'baseline' | 'reference';

/** All contenders in one round. */
export type RoundOutcomes = Readonly<Partial<Record<Role, Outcome>>>;

/**
 * Measures every contender in every round, each round beginning with another one, so that what the
 * machine does beside it falls on all of them. A warm-up of each comes first and does not count. Once
 * `stop` aborts no more are begun, and the rounds that are whole are answered.
 */
export async function runRounds(
  measure: Measure,
  effort: Effort,
  { stop, progress }: { stop: AbortSignal; progress: (text: string) => void },
): Promise<RoundOutcomes[]> {
  const roles = ['floor', 'product', 'baseline', 'reference'] as const;
  const contenders = roles.flatMap((role): [Role, Contender][] => {
    const contender = measure[role];
    return contender ? [[role, contender]] : [];
  });
  const isWarmedUp = measure.warmUp ?? true;
  for (const [role, contender] of isWarmedUp ? contenders : []) {
    if (stop.aborted) return [];
    progress(`warming up ${role}`);
    await runOnce(measure, contender, effort.warmUpSeconds);
  }
  const count = measure.rounds ?? effort.rounds;
  const rounds: RoundOutcomes[] = [];
  for (let round = 0; round < count; round += 1) {
    const outcomes: Partial<Record<Role, Outcome>> = {};
    for (const [role, contender] of rotated(contenders, round)) {
      if (stop.aborted) return rounds;
      progress(`round ${round + 1} of ${count}: ${role}`);
      outcomes[role] = await runOnce(measure, contender, effort.seconds);
    }
    rounds.push(outcomes);
  }
  return rounds;
}

/** The values of a round, for its ratios. Throws when the product is missing. */
export function valuesOf({ product, floor, baseline }: RoundOutcomes): RoundValues {
  if (!product) throw new Error('a round without the product');
  return { product: product.value, floor: floor?.value, baseline: baseline?.value };
}

async function runOnce(
  { unit, inFlight }: Measure,
  { program, pids }: Contender,
  seconds: number,
): Promise<Outcome> {
  const round = { seconds, inFlight, operationsMax: OPERATIONS_MAX };
  const { value: result, cpu } = await withCpu(pids, async () => await program.run(round));
  return {
    value: valueOf(unit, result),
    operations: result.samples.length,
    seconds: result.seconds,
    cpu,
  };
}

function valueOf(unit: Measure['unit'], { samples, seconds }: RoundResult): number {
  return unit === '/s' ? samples.length / seconds : medianOf(samples);
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
