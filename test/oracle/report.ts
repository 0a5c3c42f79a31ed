import type { Outcome } from './run.ts';
import type { Stats } from './stats.ts';

/** A difference with everything that is needed to see it again. */
export function describe(found: NonNullable<Outcome['found']>): string {
  const { seed, steps, difference } = found;
  const { what, env, id, step, actual, expected, story } = difference;
  return [
    `${what} of ${env}/${id} differs: seed ${seed}, step ${step}, after ${steps.length} steps`,
    `  aggregator ${actual}`,
    `  oracle     ${expected}`,
    `  steps ${JSON.stringify(steps)}`,
    ...story.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** What a run went through, and how fast. */
export function describeStats(stats: Stats, seconds: number): string {
  const { steps, revisions, samples, answers, lists, crowded } = stats;
  const perSecond = Math.round(steps / seconds);
  return [
    `${steps} events, ${revisions} revisions, ${lists} lists; ${answers} answers at ${samples} revisions compared, ${crowded} with too many to name`,
    `${seconds.toFixed(1)} s, ${perSecond} events/s`,
    `states ${counted(stats.states)}`,
    `blockers ${counted(stats.reasons)}`,
    `acts ${counted(stats.acts)}`,
    '',
  ].join('\n');
}

function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
