import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionOf } from './completion.ts';
import { a, b, bothDone, KNOWN, REF, viewOf } from './testing/completion-case.ts';
import { failedAttempt, Story } from './testing/story.ts';

test('blockers are bounded, in a fixed order, and counted in full', () => {
  const story = new Story().ready().config('1', 'web', 1);
  for (let index = 0; index < 250; index += 1) {
    story.join({ env: '1', name: `n${String(index).padStart(3, '0')}` });
  }
  for (let index = 0; index < 60; index += 1) {
    story.crash({ env: '1', name: `n${String(index * 2).padStart(3, '0')}` });
  }
  const found = completionOf(viewOf(story), REF, KNOWN);
  assert.equal(found?.blockersTotal, 250);
  assert.equal(found.blockers.length, 100);
  const lost = found.blockers.filter(({ reason }) => reason === 'LOST');
  assert.equal(lost.length, 60);
  assert.deepEqual(
    lost.map(({ agent }) => agent),
    lost.map(({ agent }) => agent).toSorted(),
  );
  assert.equal(found.blockers[60]?.agent, 'n001');
});

test('a blocker says since when, what is in force, and the agent’s own words', () => {
  const story = bothDone(new Story().ready()).config('1', 'web', 2);
  const view = viewOf(story);
  story.take();
  story.report(b, 'web', 1, { phase: 'FAILED', last_attempt: failedAttempt(2) }).crash(a);
  view.apply(story.take(), story.revision, 5_000);
  const found = completionOf(view, REF, KNOWN);
  assert.deepEqual(found?.blockers, [
    {
      ...{ agent: 'b', reason: 'FAILED', message: 'RELOAD: host not found' },
      ...{ sinceMs: 5_000, appliedGeneration: 1 },
    },
    {
      ...{ agent: 'a', reason: 'LOST', message: 'on the roster without a registration' },
      ...{ sinceMs: 5_000, appliedGeneration: 0 },
    },
  ]);
});
