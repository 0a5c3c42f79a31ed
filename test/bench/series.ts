import type { Unit } from './ratio.ts';

/** Where a measure stands among those that differ in size only. */
export interface Series {
  /** Also the name of its plot's file. */
  readonly id: string;
  readonly title: string;
  readonly size: number;
  /** What the size counts. */
  readonly of: string;
  /** Exponent of growth that the goal allows: 0 for a constant cost, 1 for a linear one, with room. */
  readonly exponentMax: number;
}

/** The medians of one contender by size. */
export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly size: number;
  readonly value: number;
}

/** Sizes that a verdict on growth takes. */
export const SIZES_MIN = 4;

/**
 * The exponent p of cost ~ size^p, by least squares over the logarithms: 0 is constant, 1 linear. The cost
 * of a rate is its reciprocal. Undefined for fewer than two sizes.
 */
export function growthOf(points: readonly Point[], unit: Unit): number | undefined {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ value }) => (unit === '/s' ? -Math.log(value) : Math.log(value)));
  const meanX = meanOf(xs);
  const meanY = meanOf(ys);
  const spread = sumOf(xs.map((x) => (x - meanX) ** 2));
  if (xs.length < 2 || spread === 0) return undefined;
  return sumOf(xs.map((x, index) => (x - meanX) * ((ys[index] ?? meanY) - meanY))) / spread;
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
