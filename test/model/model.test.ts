import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFresh } from '#test/mutants';
import { broken } from './batch.ts';
import { MUTANTS, RARE } from './mutants.ts';
import * as production from './production.ts';
import { runOnce } from './run.ts';
import { shrink, storyOf } from './shrink.ts';

const RUNS = 60;

test('no promise is broken under arbitrary schedules', async () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const found = await runOnce(production, seed);
    if (found) {
      const shortest = await shrink(production, found);
      const story = await storyOf(production, shortest);
      const { invariant, what } = shortest.violation;
      assert.fail(`seed ${seed} breaks ${invariant}: ${what}\n${story.join('\n')}`);
    }
  }
});

test('a schedule is told by its seed alone', async () => {
  const tell = async () => {
    const lines: string[] = [];
    await runOnce(production, 7, undefined, (step, text) => lines.push(`${step} ${text}`));
    return lines.map((line) => line.replaceAll(/[0-9a-f-]{36}/g, 'uuid'));
  };
  assert.deepEqual(await tell(), await tell());
});

test('a broken promise is told as a short story', async () => {
  const [mutant] = MUTANTS;
  assert.ok(mutant);
  const code = await broken(mutant);
  let seed = 1;
  let found = await runOnce(code, seed);
  while (!found && seed < RUNS) {
    seed += 1;
    found = await runOnce(code, seed);
  }
  assert.ok(found);
  const shortest = await shrink(code, found);
  assert.equal(shortest.violation.invariant, found.violation.invariant);
  assert.ok(shortest.steps.length < found.steps.length / 2);
  assert.ok((await storyOf(code, shortest)).length > 10);
});

test("every mutant breaks a rule that stands in today's source", () => {
  for (const mutant of MUTANTS) assertFresh(mutant);
});

test('what is left out of CI are mutants', () => {
  const names = new Set(MUTANTS.map(({ name }) => name));
  assert.deepEqual(
    [...RARE].filter((name) => !names.has(name)),
    [],
  );
  assert.ok(MUTANTS.length - RARE.size >= 20);
});
