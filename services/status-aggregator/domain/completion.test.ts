import { test } from 'node:test';
import { rosterKey } from '#libs/keyspace';
import {
  a,
  assertCase,
  b,
  bothDone,
  bothJoined,
  type CompletionCase,
} from './testing/completion-case.ts';
import { ACCEPTED_AT, failedAttempt } from './testing/story.ts';

/** When every config of a story was accepted. */
const acceptedAtMs = Date.parse(ACCEPTED_AT);

const cases: CompletionCase[] = [
  {
    name: 'a member forgotten since the generation was accepted is an exception, named',
    story: (story) => bothDone(story).crash(b).forget(b, acceptedAtMs),
    state: 'COMPLETE_WITH_EXCEPTIONS',
    blockers: ['b FORGOTTEN'],
  },
  {
    name: 'a member forgotten before it was accepted is nobody',
    story: (story) =>
      bothDone(story)
        .crash(b)
        .forget(b, acceptedAtMs - 1),
    state: 'COMPLETE',
    blockers: [],
  },
  {
    name: 'a forgotten member that is back is a member again',
    story: (story) => bothDone(story).crash(b).forget(b, acceptedAtMs).join(b, 2),
    state: 'PROGRESSING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'who was forgotten comes after the lost, and before those who are at work',
    story: (story) =>
      bothDone(story)
        .crash(b)
        .forget(b, acceptedAtMs)
        .join({ env: '1', name: 'c' })
        .join({ env: '1', name: 'd' })
        .crash({ env: '1', name: 'd' }),
    state: 'PROGRESSING',
    blockers: ['d LOST', 'b FORGOTTEN', 'c NO_REPORT'],
  },
  {
    name: 'COMPLETE when every member is live and its report counts',
    story: (story) => bothDone(story),
    state: 'COMPLETE',
    blockers: [],
  },
  {
    name: 'NO_AGENTS without any member: nothing is complete on nobody’s word',
    story: (story) => story.config('1', 'web', 1),
    state: 'NO_AGENTS',
    blockers: [],
  },
  {
    name: 'NO_AGENTS below min_agents, although those that are there are done',
    story: (story) => bothDone(story),
    facts: { minAgents: 3 },
    state: 'NO_AGENTS',
  },
  {
    name: 'a minimum of 0 is taken for 1',
    story: (story) => story.config('1', 'web', 1),
    facts: { minAgents: 0 },
    state: 'NO_AGENTS',
  },
  {
    name: 'STALLED when all agents die in the middle of a rollout',
    story: (story) => bothDone(story).crash(a).crash(b),
    state: 'STALLED',
    blockers: ['a LOST', 'b LOST'],
  },
  {
    name: 'FAILED names the member and its reason, before lost and progressing ones',
    story: (story) =>
      bothJoined(story)
        .join({ env: '1', name: 'c' })
        .config('1', 'web', 2)
        .report(b, 'web', 1, { phase: 'FAILED', last_attempt: failedAttempt(2) })
        .crash({ env: '1', name: 'c' }),
    state: 'FAILED',
    blockers: ['b FAILED', 'c LOST', 'a NO_REPORT'],
  },
  {
    name: 'COMPLETE_WITH_EXCEPTIONS: acked, then died',
    story: (story) => bothDone(story).crash(b),
    state: 'COMPLETE_WITH_EXCEPTIONS',
    blockers: ['b LOST'],
  },
  {
    name: 'a clean exit leaves no exception',
    story: (story) => bothDone(story).leave(b),
    state: 'COMPLETE',
    blockers: [],
  },
  {
    name: 'a late joiner makes it PROGRESSING until it has reported',
    story: (story) => bothDone(story).join({ env: '1', name: 'c' }),
    state: 'PROGRESSING',
    blockers: ['c NO_REPORT'],
  },
  {
    name: 'etcd wiped while an agent is dead: it stays lost by the restored roster',
    story: (story) =>
      story
        .ready(2)
        .join(a)
        .put(rosterKey('1', 'b'), '{"instance":"b-1","joined_at":""}')
        .config('1', 'web', 1)
        .report(a, 'web', 1),
    state: 'COMPLETE_WITH_EXCEPTIONS',
    blockers: ['b LOST'],
  },
];

for (const expected of cases) test(expected.name, () => assertCase(expected));
