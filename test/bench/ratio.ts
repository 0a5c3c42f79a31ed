/** What came out over the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * Of a value: `/s` is operations per second; otherwise it is the median of what was measured, which is
 * the time of an operation where the unit is `ms`.
 */
export type Unit = 'ms' | '/s' | 'MB' | '%' | 'count';

/** What a goal asks of a ratio to another contender, or of the product's value itself. */
export type Target = RatioTarget | LimitTarget;

export interface RatioTarget {
  readonly against: 'floor' | 'baseline';
  readonly bound: 'at most' | 'at least';
  readonly ratio: number;
}

export interface LimitTarget {
  readonly against: 'limit';
  readonly bound: 'at most';
  readonly limit: number;
}

/** Values of one round, which were measured right after each other. */
export interface RoundValues {
  readonly product: number;
  readonly floor: number | undefined;
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
 * In each round: the product itself, or the product by the floor; against the baseline how many times
 * better the product is, which for a rate is the other way round. Undefined without the other one.
 */
export function ratiosOf(
  rounds: readonly RoundValues[],
  against: Target['against'],
  unit: Unit,
): Spread | undefined {
  const ratios = rounds.flatMap(({ product, floor, baseline }) => {
    if (against === 'limit') return [product];
    if (against === 'floor') return floor === undefined ? [] : [product / floor];
    if (baseline === undefined) return [];
    return [unit === '/s' ? product / baseline : baseline / product];
  });
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}

/** Whether the median keeps the bound. */
export function isMet(target: Target, { median }: Spread): boolean {
  const bound = target.against === 'limit' ? target.limit : target.ratio;
  return target.bound === 'at most' ? median <= bound : median >= bound;
}
