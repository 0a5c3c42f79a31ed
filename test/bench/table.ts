import type { Contender, Measure } from './measure.ts';
import { isMet, ratiosOf, type Spread, spreadOf, type Target, type Unit } from './ratio.ts';
import { type Outcome, type RoundOutcomes, valuesOf } from './rounds.ts';

/** A measure that was run. */
export interface Measured {
  readonly goal: string;
  readonly measure: Measure;
  readonly rounds: readonly RoundOutcomes[];
}

/** In the order of the table. */
export const ROLES = ['product', 'floor', 'baseline', 'reference'] as const;

/** Lines for the terminal: values, ratios beside their targets, and the CPU of every process. */
export function describeMeasured({ goal, measure, rounds }: Measured): string {
  const isLoop = measure.unit === 'ms' || measure.unit === '/s';
  const atOnce = isLoop ? `, ${measure.inFlight} in flight` : '';
  const lines = [`${goal}  ${measure.title}${atOnce}`];
  for (const role of ROLES) {
    const contender = measure[role];
    const outcomes = outcomesOf(rounds, role);
    if (!contender || outcomes.length === 0) continue;
    const values = spreadOf(outcomes.map(({ value }) => value));
    lines.push(`    ${role.padEnd(10)}${spreadText(values, measure.unit)}  ${contender.what}`);
    const cpu = cpuText(contender, outcomes);
    if (cpu !== '') lines.push(`              CPU  ${cpu}`);
  }
  const values = rounds.map(valuesOf);
  for (const target of measure.targets) {
    const spread = ratiosOf(values, target.against, measure.unit);
    if (spread) lines.push(`    ${targetText(target, spread, measure.unit)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What `--json` writes of a measure. */
export function toRecord({ goal, measure, rounds }: Measured): object {
  const { title, unit, inFlight, targets } = measure;
  const values = rounds.map(valuesOf);
  return {
    ...{ goal, title, unit, inFlight },
    contenders: Object.fromEntries(ROLES.map((role) => [role, measure[role]?.what])),
    ratios: targets.map((target) => {
      const spread = ratiosOf(values, target.against, unit);
      return { ...target, ...spread, met: spread && isMet(target, spread) };
    }),
    rounds,
  };
}

function outcomesOf(rounds: readonly RoundOutcomes[], role: (typeof ROLES)[number]): Outcome[] {
  return rounds.flatMap((round) => round[role] ?? []);
}

function targetText(target: Target, spread: Spread, unit: Unit): string {
  const verdict = isMet(target, spread) ? 'met' : 'NOT MET';
  if (target.against === 'limit') return `goal: at most ${target.limit} ${unit}: ${verdict}`;
  const { against, bound, ratio } = target;
  const what = against === 'floor' ? 'of the floor' : 'times better than the baseline';
  return `ratio     ${spreadText(spread, '')} ${what}; goal: ${bound} ${ratio}: ${verdict}`;
}

function spreadText({ min, median, max }: Spread, unit: string): string {
  const range = `(${numberText(min)} to ${numberText(max)})`;
  return `${numberText(median).padStart(8)} ${unit.padEnd(2)} ${range.padEnd(22)}`;
}

/** Per operation, because contenders do different numbers of them in the same time. */
function cpuText({ pids }: Contender, outcomes: readonly Outcome[]): string {
  const operations = Math.max(
    1,
    sumOf(outcomes, ({ operations: count }) => count),
  );
  const seconds = Math.max(
    Number.EPSILON,
    sumOf(outcomes, ({ seconds: time }) => time),
  );
  return Object.keys(pids)
    .map((name) => {
      const used = sumOf(outcomes, ({ cpu }) => cpu[name] ?? 0);
      const percent = Math.round((used / seconds) * 100);
      return `${name} ${((used / operations) * 1_000).toFixed(2)} ms (${percent} %)`;
    })
    .join(', ');
}

function sumOf<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + numberOf(item), 0);
}

function numberText(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
