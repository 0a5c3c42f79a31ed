import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../answers/answerer.ts';
import { agentStatusOf } from '../domain/agent-statuses.ts';
import { completionOf } from '../domain/completion.ts';
import { a, KNOWN, viewOf } from '../domain/testing/completion-case.ts';
import { failedAttempt, Story } from '../domain/testing/story.ts';
import { waitReason } from './wait-reason.ts';

const ID = 'web';

function answersOf(story: Story, envs: readonly string[], facts = KNOWN): Answer[] {
  const view = viewOf(story);
  const asOf = { revision: 1, epoch: 1, lagMs: 0 };
  return envs.flatMap((env) => {
    const completion = completionOf(view, { env, id: ID }, facts);
    const about = { asOf, acceptedKnown: true, lostSince: new Map<string, Date>() };
    return completion ? [{ env, id: ID, completion, ...about }] : [];
  });
}

/** In each environment agents 1 to 6: the first is done, the second failed, the third is lost. */
function storyOf(envs: readonly string[]): Story {
  const story = new Story().ready();
  for (const env of envs) {
    story.config(env, ID, 1);
    for (let number = 1; number <= 6; number += 1) {
      const agent = { env, name: `agent-${number}` };
      story.join(agent);
      if (number === 1) story.report(agent, ID, 1);
      if (number === 2) story.report(agent, ID, 0, { last_attempt: failedAttempt(1) });
      if (number === 3) story.crash(agent);
    }
  }
  return story;
}

test('who blocks is named in one line, the worst first, and the rest is counted', () => {
  assert.equal(
    waitReason(answersOf(storyOf(['10']), ['10'])),
    'env 10: FAILED, 1/6 done, agent-2 FAILED: RELOAD: host not found, agent-3 LOST: on the roster ' +
      'without a registration, agent-4 NO_REPORT: has not reported it yet, 2 more',
  );
});

test('of several environments those that are not done are named, at most three', () => {
  const envs = ['1', '2', '3', '4', '5'];
  const story = storyOf(envs.slice(1));
  story.join(a).config('1', ID, 1).report(a, ID, 1);
  const text = waitReason(answersOf(story, envs));
  assert.doesNotMatch(text, /env 1:/);
  assert.match(text, /^env 2: .*; env 3: .*; env 4: .*; and 1 more environments$/);
});

test('what is done is said, and what is not known with why', () => {
  const story = new Story().ready().join(a).config('1', ID, 1).report(a, ID, 1);
  assert.equal(waitReason(answersOf(story, ['1'])), 'env 1: COMPLETE, 1/1 done');
  const blind = { ...KNOWN, unknownReason: 'blind' };
  assert.equal(waitReason(answersOf(story, ['1'], blind)), 'env 1: UNKNOWN: blind');
});

test('of a wait for one agent that one comes first', () => {
  const story = storyOf(['1']);
  const textFor = (name: string) => {
    const ref = { env: '1', id: ID };
    const status = agentStatusOf(viewOf(story), ref, { facts: KNOWN, agent: name });
    return waitReason(answersOf(story, ['1']), { name, status }).split('; ')[0];
  };
  assert.equal(textFor('agent-1'), 'agent-1 DONE');
  assert.equal(textFor('agent-6'), 'agent-6 NO_REPORT: has not reported it yet');
  assert.equal(textFor('nobody'), 'nobody is no member');
});
