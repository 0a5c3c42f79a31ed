// `npm run model -- --runs N --seed S`: the product's own code under arbitrary schedules of crashes,
// lost answers and lost data; then every mutant, which has to be caught. `--help` tells more.

import { parseArgs } from 'node:util';
import { type Batch, type BatchResult, broken } from './batch.ts';
import { COVERED, MUTANTS, RARE } from './mutants.ts';
import { Pool } from './pool.ts';
import * as production from './production.ts';
import type { Found } from './run.ts';
import { shrink, storyOf } from './shrink.ts';

/** Runs of the CI share, mutants included. */
const CI_RUNS = 50_000;
/** A slow machine does fewer: the whole of CI has a bound. */
const CI_SECONDS_MAX = 30;
/** What they are caught in, with room. */
const CI_MUTANT_RUNS_MAX = 4_000;

const HELP = `npm run model -- [options]

  --runs N        schedules to run (default 20000)
  --seconds N     stop after so much time, with what was run until then (default: no bound)
  --seed S        the first one's seed; the others follow (default 1)
  --mutants N     runs at most until a mutant has to be caught; 0: no mutants (default 20000)
  --mutant TEXT   only mutants whose names contain TEXT, and no other runs
  --story SEED    tell what happens in one schedule
  --ci            ${CI_RUNS} runs in all, the product's for ${CI_SECONDS_MAX} s at most: the mutants that are caught
                  soon, and the product

Exits with 1 when a promise is broken or a mutant is not caught.
`;
const BATCH = 100;
const PROGRESS_MS = 5_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    mutants: { type: 'string', default: '20000' },
    mutant: { type: 'string' },
    story: { type: 'string' },
    ci: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Batches of `size` until there are `runs` in all. */
function* batches(runs: number, seed: number): Generator<Batch> {
  for (let done = 0; done < runs; done += BATCH) {
    yield { from: seed + done, count: Math.min(BATCH, runs - done) };
  }
}

async function checkProduct(
  pool: Pool,
  { runs, seed, secondsMax }: { runs: number; seed: number; secondsMax: number },
): Promise<boolean> {
  const startedMs = performance.now();
  let done = 0;
  let found: Found | undefined;
  const rate = () => `${Math.round((done / (performance.now() - startedMs)) * 1_000)} runs/s`;
  let toldMs = startedMs;
  await pool.run(batches(runs, seed), (_, result) => {
    done += result.runs;
    found ??= result.found;
    const isLate = performance.now() - startedMs > secondsMax * 1_000;
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now();
      say(`  ${done} of ${runs} runs, ${rate()}`);
    }
    return found || isLate ? 'stop' : 'go on';
  });
  if (done < runs && !found) say(`time is up: ${done} of ${runs} runs`);
  say(`${done} runs from seed ${seed}, ${found ? 1 : 0} violations, ${rate()}`);
  if (found) await tell(found);
  return !found;
}

/** Prints the shortest schedule that breaks the promise, as a story. */
async function tell(found: Found): Promise<void> {
  const { seed, steps, violation } = await shrink(production, found);
  say(`\nseed ${seed} breaks ${violation.invariant}: ${violation.what}`);
  say(`${steps.length} steps are left of ${found.steps.length}:\n`);
  for (const line of await storyOf(production, { seed, steps, violation })) say(line);
}

/** Runs that the mutants have taken. */
let mutantRuns = 0;

async function checkMutants(pool: Pool, runsMax: number, filter: string): Promise<boolean> {
  const named = MUTANTS.filter(({ name }) => name.includes(filter));
  const isAsked = filter !== '';
  const chosen = named.filter(
    ({ name }) => isAsked || !(COVERED.has(name) || (values.ci && RARE.has(name))),
  );
  const all = chosen.map((mutant) => ({ from: 1, count: runsMax, mutant }));
  let missed = 0;
  await pool.run(all, ({ mutant }, { runs, found }: BatchResult) => {
    if (!found) missed += 1;
    mutantRuns += runs;
    const how = found ? `caught after ${String(runs).padStart(5)} runs` : 'NOT CAUGHT             ';
    say(`${how}: ${mutant.name}${found ? ` (${found.violation.invariant})` : ''}`);
    return 'go on';
  });
  say(`${chosen.length - missed} of ${chosen.length} mutants caught`);
  for (const { name } of isAsked || values.ci ? [] : named) {
    const cover = COVERED.get(name);
    if (cover) say(`covered: ${name}: ${cover}`);
  }
  return missed === 0;
}

async function tellOne(seed: number): Promise<void> {
  const [mutant] = MUTANTS.filter(({ name }) => name === values.mutant);
  const code = mutant ? await broken(mutant) : production;
  const { runOnce } = await import('./run.ts');
  const lines: string[] = [];
  const found = await runOnce(code, seed, undefined, (step, text) =>
    lines.push(`${step}  ${text}`),
  );
  for (const line of lines) say(line);
  say(found ? `breaks ${found.violation.invariant}: ${found.violation.what}` : 'breaks nothing');
}

if (values.help) {
  say(HELP);
} else if (values.story !== undefined) {
  await tellOne(Number(values.story));
} else {
  await using pool = new Pool();
  const mutantRunsMax = values.ci ? CI_MUTANT_RUNS_MAX : Number(values.mutants);
  const isSharp =
    mutantRunsMax === 0 || (await checkMutants(pool, mutantRunsMax, values.mutant ?? ''));
  const runs = values.ci ? CI_RUNS - mutantRuns : Number(values.runs);
  const only = values.mutant !== undefined;
  const secondsMax = values.ci ? CI_SECONDS_MAX : Number(values.seconds);
  const isRight =
    only || (await checkProduct(pool, { runs, seed: Number(values.seed), secondsMax }));
  process.exitCode = isRight && isSharp ? 0 : 1;
}
