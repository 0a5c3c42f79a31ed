import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AgentStatus,
  agentStatusesOf,
  agentStatusOf,
  situationOfAgent,
} from './agent-statuses.ts';
import { situationOf } from './completion.ts';
import {
  a,
  acceptedRow,
  b,
  bothDone,
  bothJoined,
  KNOWN,
  REF,
  viewOf,
} from './testing/completion-case.ts';
import { failedAttempt, Story } from './testing/story.ts';
import { View } from './view.ts';

function wordsOf(statuses: Iterable<AgentStatus>): string[] {
  return [...statuses].map(
    ({ agent, standing, blocker, phase, appliedGeneration, isUpToDate, proof }) =>
      [
        agent,
        standing,
        blocker?.reason ?? '-',
        phase || '-',
        appliedGeneration,
        isUpToDate,
        proof,
      ].join(' '),
  );
}

test('every member is listed in order, with where it stands and why', () => {
  const story = bothDone(new Story().ready()).config('1', 'web', 2).report(b, 'web', 2);
  story.join({ env: '1', name: 'lost' }).crash({ env: '1', name: 'lost' });
  story.join({ env: '1', name: 'left' }).leave({ env: '1', name: 'left' });
  story.join({ env: '10', name: 'elsewhere' });
  const failed = { phase: 'REJECTED', last_attempt: failedAttempt(2) } as const;
  const c = { env: '1', name: 'c' };
  story.join(c).report(c, 'web', 1, failed);
  const view = viewOf(story);
  assert.deepEqual(wordsOf(agentStatusesOf(view, REF, { facts: KNOWN })), [
    'a PROGRESSING OLD_GENERATION APPLIED 1 false APPLIED',
    'b DONE - APPLIED 2 true APPLIED',
    'c FAILED FAILED REJECTED 1 false APPLIED',
    'lost LOST LOST - 0 false NONE',
  ]);
  const rest = agentStatusesOf(view, REF, { facts: KNOWN, after: 'b' });
  assert.deepEqual(
    [...rest].map(({ agent }) => agent),
    ['c', 'lost'],
  );
});

test('a report that does not count is shown, and is not DONE', () => {
  const story = bothDone(new Story().ready()).join(a, 2);
  const [first] = wordsOf(agentStatusesOf(viewOf(story), REF, { facts: KNOWN }));
  assert.equal(first, 'a PROGRESSING NO_REPORT APPLIED 1 true APPLIED');
});

test('what is accepted and not in etcd nobody has', () => {
  const story = bothDone(new Story().ready());
  const facts = { ...KNOWN, accepted: acceptedRow(2, { published: false }) };
  assert.deepEqual(wordsOf(agentStatusesOf(viewOf(story), REF, { facts })), [
    'a PROGRESSING - APPLIED 1 false APPLIED',
    'b PROGRESSING - APPLIED 1 false APPLIED',
  ]);
});

test('of a delete, who has removed it is done, and who has not blocks since it was seen', () => {
  const story = bothDone(new Story().ready());
  const view = new View();
  view.load(story.list(), 1_000);
  view.settle(story.revision, undefined);
  story.take();
  story.remove('1', 'web', 2).reportRemoved(a, 'web', 2);
  view.apply(story.take(), story.revision, 5_000);
  const statuses = [...agentStatusesOf(view, REF, { facts: KNOWN })];
  assert.deepEqual(wordsOf(statuses), [
    'a DONE - REMOVED 0 false NONE',
    'b PROGRESSING REMOVING APPLIED 1 false APPLIED',
  ]);
  assert.equal(statuses[1]?.blocker?.sinceMs, 5_000);
});

test('seen as the only one, an agent settles a generation whatever the others do', () => {
  const story = bothJoined(new Story().ready()).config('1', 'web', 1).report(a, 'web', 1);
  story.report(b, 'web', 0, { last_attempt: failedAttempt(1) });
  const stateFor = (agent: string, facts = KNOWN) => {
    const view = viewOf(story);
    const situation = situationOf(view, REF, facts);
    return (
      situation && situationOfAgent(situation, agentStatusOf(view, REF, { facts, agent })).state
    );
  };
  assert.equal(stateFor('a'), 'COMPLETE');
  assert.equal(stateFor('b'), 'FAILED');
  assert.equal(stateFor('nobody'), 'PROGRESSING');
  assert.equal(stateFor('a', { ...KNOWN, unknownReason: 'blind' }), 'UNKNOWN');
  const pending = { ...KNOWN, accepted: acceptedRow(2, { published: false }) };
  assert.equal(stateFor('a', pending), 'PENDING');
  story.crash(a);
  assert.equal(stateFor('a'), 'PROGRESSING');
});
