// The aggregator against the oracle: `npm run oracle -- --events N --seed S`. Then every mutant, which
// has to be caught.

import { parseArgs } from 'node:util';
import { importMutant } from '#test/mutants';
import type { Production } from './bench.ts';
import { MUTANTS } from './mutants.ts';
import * as production from './production.ts';
import { describe, describeStats } from './report.ts';
import { runWorlds, shrink } from './run.ts';

const EVENTS_DEFAULT = 200_000;
/** A mutant that lives longer is not caught. */
const MUTANT_EVENTS_MAX = 60_000;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: String(EVENTS_DEFAULT) },
    seed: { type: 'string', default: '1' },
    mutants: { type: 'string', default: 'true' },
  },
});
const seed = Number(values.seed);

function checkAgreement(): boolean {
  const startedMs = performance.now();
  const { stats, found } = runWorlds(production, { seed, events: Number(values.events) });
  say(describeStats(stats, (performance.now() - startedMs) / 1_000));
  say(found ? describe(shrink(production, found)) : 'the aggregator and the oracle agree\n');
  return found === undefined;
}

async function checkMutants(): Promise<boolean> {
  let missed = 0;
  for (const mutant of MUTANTS) {
    const broken = (await importMutant('test/oracle/production.ts', mutant)) as Production;
    const { stats, found } = runWorlds(broken, { seed, events: MUTANT_EVENTS_MAX });
    if (!found) missed += 1;
    const how = found
      ? `caught after ${String(stats.steps).padStart(5)} events`
      : 'NOT CAUGHT            ';
    say(`${how}: ${mutant.name}\n`);
  }
  say(`${MUTANTS.length - missed} of ${MUTANTS.length} mutants caught\n`);
  return missed === 0;
}

function say(text: string): void {
  process.stdout.write(text);
}

const isRight = checkAgreement();
const isSharp = values.mutants === 'false' || (await checkMutants());
process.exitCode = isRight && isSharp ? 0 : 1;
