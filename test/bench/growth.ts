import { spreadOf } from './ratio.ts';
import type { Role } from './rounds.ts';
import { growthOf, type Line, type Series, SIZES_MIN } from './series.ts';
import { type Measured, ROLES } from './table.ts';

/** Measures of one series, and how the product's cost grows over its sizes. */
export interface Growth {
  readonly series: Series;
  readonly unit: Measured['measure']['unit'];
  readonly lines: readonly Line[];
  /** Of the product; undefined for fewer than two sizes. */
  readonly exponent: number | undefined;
  /** Undefined where the sizes are too few for a verdict. */
  readonly met: boolean | undefined;
}

/** Each series that was measured, in the order of its first measure. */
export function growthsOf(measured: readonly Measured[]): Growth[] {
  const bySeries = Map.groupBy(measured, ({ measure }) => measure.series?.id);
  return [...bySeries.values()].flatMap((members) => {
    const [first] = members;
    const series = first?.measure.series;
    if (!(first && series)) return [];
    const lines = ROLES.map((role) => lineOf(members, role)).filter(isDrawn);
    const points = lines.find(({ name }) => name === 'product')?.points ?? [];
    const exponent = growthOf(points, first.measure.unit);
    const isKnown = exponent !== undefined && points.length >= SIZES_MIN;
    const met = isKnown ? exponent <= series.exponentMax : undefined;
    return [{ series, unit: first.measure.unit, lines, exponent, met }];
  });
}

/** A line for the terminal. */
export function describeGrowth({ series, lines, exponent, met }: Growth): string {
  const { title, of, exponentMax } = series;
  if (exponent === undefined) return `G8  ${title}: one size tells nothing of growth`;
  const sizes = lines.find(({ name }) => name === 'product')?.points.length ?? 0;
  const judged = met ? 'met' : 'NOT MET';
  const verdict = met === undefined ? `no verdict on ${sizes} sizes` : judged;
  const power = exponent.toFixed(2);
  return `G8  ${title}: cost ~ ${of}^${power} over ${sizes} sizes; goal: at most ^${exponentMax}: ${verdict}`;
}

function lineOf(members: readonly Measured[], role: Role): Line {
  const points = members.flatMap(({ measure, rounds }) => {
    const values = rounds.flatMap((round) => round[role]?.value ?? []);
    const size = measure.series?.size;
    return values.length > 0 && size !== undefined
      ? [{ size, value: spreadOf(values).median }]
      : [];
  });
  return { name: role, points };
}

function isDrawn({ points }: Line): boolean {
  return points.length > 0;
}
