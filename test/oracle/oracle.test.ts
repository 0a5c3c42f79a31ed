import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importMutant } from '#test/mutants';
import type { Production } from './bench.ts';
import { MUTANTS } from './mutants.ts';
import * as production from './production.ts';
import { describe } from './report.ts';
import { runWorlds, shrink } from './run.ts';

const SEED = 1;
/** A tenth of what `npm run oracle` does. */
const EVENTS = 20_000;
/** Room for those who need a rare moment: the crowd is in the ninth world. */
const MUTANT_EVENTS_MAX = 60_000;

const STATES = [
  ...['UNKNOWN', 'PENDING', 'NO_AGENTS', 'STALLED', 'FAILED', 'PROGRESSING', 'COMPLETE'],
  ...['COMPLETE_WITH_EXCEPTIONS', 'DELETING', 'DELETED', 'DELETED_WITH_EXCEPTIONS', 'nothing'],
];
const REASONS = [
  ...['LOST', 'NOT_SYNCED', 'NO_REPORT', 'OLD_GENERATION', 'WAITING', 'APPLYING', 'RETRYING'],
  ...['UNPROVEN', 'FAILED', 'REJECTED', 'ROLLED_BACK', 'REMOVING', 'FORGOTTEN'],
];

test('the aggregator says what the oracle says, at every revision sampled', () => {
  const { stats, found } = runWorlds(production, { seed: SEED, events: EVENTS });
  if (found) assert.fail(describe(shrink(production, found)));
  assert.ok(stats.answers > EVENTS, 'it was asked');
  for (const state of STATES)
    assert.ok((stats.states.get(state) ?? 0) > 100, `${state} is reached`);
  for (const reason of REASONS)
    assert.ok((stats.reasons.get(reason) ?? 0) > 20, `${reason} is met`);
});

for (const mutant of MUTANTS) {
  test(`a broken rule is caught: ${mutant.name}`, async () => {
    const broken = (await importMutant('test/oracle/production.ts', mutant)) as Production;
    const { found } = runWorlds(broken, { seed: SEED, events: MUTANT_EVENTS_MAX });
    assert.ok(found);
  });
}

test('a mutant whose text is gone is no proof', async () => {
  const [mutant] = MUTANTS;
  assert.ok(mutant);
  const stale = importMutant('test/oracle/production.ts', { ...mutant, find: 'not in there' });
  await assert.rejects(stale, { name: 'StaleMutantError' });
  const elsewhere = {
    ...mutant,
    file: 'services/status-aggregator/main.ts',
    find: 'shutdownSignal()',
  };
  await assert.rejects(importMutant('test/oracle/production.ts', elsewhere), {
    name: 'StaleMutantError',
  });
});
