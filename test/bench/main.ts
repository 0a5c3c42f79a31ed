// `npm run bench`: measures the goals, each against its floor and the simplest algorithm in the same
// run. `--help` tells more.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shutdownSignal } from '#libs/lifecycle';
import { GOALS } from './goals/index.ts';
import { describeGrowth, type Growth, growthsOf } from './growth.ts';
import type { Effort, Goal } from './measure.ts';
import { plotSvg } from './plot.ts';
import { runRounds } from './rounds.ts';
import { describeMeasured, type Measured, toRecord } from './table.ts';

const FULL: Effort = { quick: false, rounds: 5, seconds: 4, warmUpSeconds: 4 };
const QUICK: Effort = { quick: true, rounds: 3, seconds: 1.5, warmUpSeconds: 1.5 };

const HELP = `usage: npm run bench [-- --quick] [--only GOAL] [--json FILE] [--svg DIR]

Measures the product beside its floor (the least that any program must do: raw calls, no logic) and,
where a goal compares with it, the baseline (no batches, no view in memory), interleaved on the same
servers. Ratios are formed in each round and shown as median (minimum to maximum); times and rates drift
with the machine, ratios less. Without --quick a run takes an hour and more, and wants a quiet machine.

  --quick       ${QUICK.rounds} short rounds and few sizes: a look, no verdict
  --only GOAL   only this goal, may be repeated
  --json FILE   writes every round, too
  --svg DIR     writes a plot for each series of sizes into this folder
  --help        this text

${GOALS.map(({ id, title }) => `  ${id}  ${title}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main(values.only);

async function main(only: readonly string[]): Promise<number> {
  const unknown = only.filter((id) => !GOALS.some((goal) => goal.id === id));
  if (unknown.length > 0) {
    const known = GOALS.map(({ id }) => id).join(', ');
    process.stderr.write(
      `--only ${unknown.join()}: no such goal is measured; there are ${known}\n`,
    );
    return 2;
  }
  const effort = values.quick ? QUICK : FULL;
  const load = loadavg().map((value) => Number(value.toFixed(2)));
  const machine = { processors: availableParallelism(), load, node: process.version };
  say(`${machine.processors} processors, load ${load.join(' ')}, ${effort.rounds} rounds\n`);
  const goals = GOALS.filter(({ id }) => only.length === 0 || only.includes(id));
  const measured: Measured[] = [];
  const stop = shutdownSignal();
  let hasFailed = false;
  for (const goal of goals) {
    try {
      measured.push(...(await runGoal(goal, effort, stop)));
    } catch (error) {
      // The others are worth their hour all the same.
      hasFailed = true;
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say(`${goal.id}  was not measured to its end: ${why}\n`);
    }
  }
  const growths = growthsOf(measured);
  for (const growth of growths) say(describeGrowth(growth));
  if (values.svg !== undefined) await writePlots(values.svg, growths);
  if (values.json !== undefined) {
    const measures = measured.map(toRecord);
    const report = { at: new Date(), machine, effort, measures, growths };
    await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (stop.aborted) return 130;
  return hasFailed ? 1 : 0;
}

async function runGoal(goal: Goal, effort: Effort, stop: AbortSignal): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const open of goal.measures(effort)) {
    if (stop.aborted) break;
    await using stack = new AsyncDisposableStack();
    progress(`${goal.id} starting servers`);
    const measure = await open(stack);
    const tell = (text: string) => progress(`${goal.id} ${measure.title}: ${text}`);
    const rounds = await runRounds(measure, effort, { stop, progress: tell });
    if (stop.aborted) break;
    const done = { goal: goal.id, measure, rounds };
    measured.push(done);
    say(describeMeasured(done));
  }
  return measured;
}

async function writePlots(dir: string, growths: readonly Growth[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { series, unit, lines } of growths) {
    const plot = plotSvg({ title: series.title, axes: { of: series.of, unit }, lines });
    await writeFile(join(dir, `${series.id}.svg`), plot);
  }
}

/** On standard error, so that the table can go into a file. */
function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
