import type { Line } from './series.ts';

/** A plot over sizes; both axes are logarithmic, because sizes and costs are. */
export interface Plot {
  readonly title: string;
  /** What the sizes count, and the unit of the values. */
  readonly axes: { readonly of: string; readonly unit: string };
  readonly lines: readonly Line[];
}

const WIDTH = 640;
const HEIGHT = 400;
/** Room for the title above, the legend on the right and the numbers on the other sides. */
const MARGIN = { top: 40, right: 120, bottom: 44, left: 64 };
/** Told apart without colour vision, too: each line is dashed in its own way. */
const STYLES = [
  { colour: '#0b62a4', dashes: 'none' },
  { colour: '#555555', dashes: '7 4' },
  { colour: '#c0392b', dashes: '2 3' },
  { colour: '#7a9a01', dashes: '8 3 2 3' },
];

/** The plot as an SVG document. Throws when there is nothing to show. */
export function plotSvg({ title, axes, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  if (points.length === 0) throw new Error(`nothing to plot: ${title}`);
  const x = axisOf(
    points.map(({ size }) => size),
    [MARGIN.left, WIDTH - MARGIN.right],
  );
  const y = axisOf(
    points.map(({ value }) => value),
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  );
  const [left, right, top, bottom] = [x.from, x.to, y.to, y.from];
  const parts = [
    text(left, 22, title, 'font-weight="bold"'),
    ...x.ticks.flatMap((tick) => [
      rule(x.at(tick), top, x.at(tick), bottom),
      text(x.at(tick), bottom + 16, label(tick), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      rule(left, y.at(tick), right, y.at(tick)),
      text(left - 8, y.at(tick) + 4, label(tick), 'text-anchor="end"'),
    ]),
    text((left + right) / 2, HEIGHT - 8, axes.of, 'text-anchor="middle"'),
    text(left - 8, top - 8, axes.unit, 'text-anchor="end"'),
    ...lines.flatMap((line, index) => lineParts(line, index, { x, y })),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** From the power of ten at or below the values to the one at or above them. */
function axisOf(values: readonly number[], [from, to]: readonly [number, number]): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const at = (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  return { from, to, ticks, at };
}

function lineParts({ name, points }: Line, index: number, { x, y }: { x: Axis; y: Axis }) {
  const { colour, dashes } = STYLES[index % STYLES.length] ?? { colour: 'black', dashes: 'none' };
  const at = points.map(({ size, value }) => `${fixed(x.at(size))},${fixed(y.at(value))}`);
  const stroke = `stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"`;
  const legendY = MARGIN.top + 8 + index * 20;
  return [
    `<polyline points="${at.join(' ')}" fill="none" ${stroke}/>`,
    ...at.map((point) => {
      const [cx, cy] = point.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
    }),
    `<line x1="${x.to + 12}" y1="${legendY}" x2="${x.to + 40}" y2="${legendY}" ${stroke}/>`,
    text(x.to + 46, legendY + 4, name, ''),
  ];
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  const ends = `x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"`;
  return `<line ${ends} stroke="#dddddd"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escaped}</text>`;
}

function label(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : String(Number(value.toPrecision(1)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}
