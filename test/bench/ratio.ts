/** What came out over the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What a goal asks of a ratio. */
export interface Target {
  readonly against: 'floor' | 'baseline';
  readonly bound: 'at most' | 'at least';
  readonly ratio: number;
}

/** Values of one round, which were measured right after each other. */
export interface RoundValues {
  readonly product: number;
  readonly floor: number;
  readonly baseline: number | undefined;
}

/** The middle of the values; of an even number the mean of the two. Throws when there are none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error('a median of no values');
  return (low + high) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: medianOf(values), max: Math.max(...values) };
}

/**
 * The ratio in each round: product by floor, as it is; against the baseline how many times better the
 * product is, which for a time is the other way round than for a rate. Undefined without a baseline.
 */
export function ratiosOf(
  rounds: readonly RoundValues[],
  against: Target['against'],
  unit: 'ms' | '/s',
): Spread | undefined {
  const ratios = rounds.flatMap(({ product, floor, baseline }) => {
    if (against === 'floor') return [product / floor];
    if (baseline === undefined) return [];
    return [unit === 'ms' ? baseline / product : product / baseline];
  });
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}

/** Whether the median keeps the bound. */
export function isMet({ bound, ratio }: Target, spread: Spread): boolean {
  return bound === 'at most' ? spread.median <= ratio : spread.median >= ratio;
}
