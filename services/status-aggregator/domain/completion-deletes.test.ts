import { test } from 'node:test';
import { configKey } from '#libs/keyspace';
import {
  a,
  acceptedRow,
  assertCase,
  b,
  bothDone,
  bothJoined,
  type CompletionCase,
} from './testing/completion-case.ts';
import { failedAttempt } from './testing/story.ts';

const deletedAtMs = Date.parse('2026-02-01T00:00:00.000Z');

const cases: CompletionCase[] = [
  {
    name: 'a member forgotten since the delete may still serve it: it is named',
    story: (story) =>
      bothDone(story)
        .crash(b)
        .remove('1', 'web', 2)
        .reportRemoved(a, 'web', 2)
        .forget(b, deletedAtMs + 1),
    facts: { accepted: acceptedRow(2, { deleted: true, acceptedAtMs: deletedAtMs }) },
    state: 'DELETED_WITH_EXCEPTIONS',
    blockers: ['b FORGOTTEN'],
  },
  {
    name: 'a member forgotten before the delete is nobody',
    story: (story) =>
      bothDone(story)
        .crash(b)
        .forget(b, deletedAtMs - 1)
        .remove('1', 'web', 2)
        .reportRemoved(a, 'web', 2),
    facts: { accepted: acceptedRow(2, { deleted: true, acceptedAtMs: deletedAtMs }) },
    state: 'DELETED',
    blockers: [],
  },
  {
    name: 'when a delete was accepted is not known without MySQL: whoever was forgotten is named',
    story: (story) =>
      bothDone(story).crash(b).forget(b, 1).remove('1', 'web', 2).reportRemoved(a, 'web', 2),
    facts: { acceptedKnown: false },
    state: 'DELETED_WITH_EXCEPTIONS',
    blockers: ['b FORGOTTEN'],
  },
  {
    name: 'DELETING while a member has it in force',
    story: (story) => bothDone(story).remove('1', 'web', 2).reportRemoved(a, 'web', 2),
    state: 'DELETING',
    blockers: ['b REMOVING'],
  },
  {
    name: 'DELETED when every member has removed it, or says that it never had it',
    story: (story) =>
      bothJoined(story)
        .config('1', 'web', 1)
        .report(a, 'web', 1)
        .remove('1', 'web', 2)
        .reportRemoved(a, 'web', 2)
        .reportRemoved(b, 'web', 2),
    state: 'DELETED',
    blockers: [],
  },
  {
    name: 'DELETED when members that synced after the delete report nothing of it',
    story: (story) => bothJoined(story.remove('1', 'web', 2)),
    state: 'DELETED',
    blockers: [],
  },
  {
    name: 'silence about a delete that came after the sync is no proof',
    story: (story) => bothJoined(story).remove('1', 'web', 2).reportRemoved(a, 'web', 2),
    state: 'DELETING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'DELETED waits for agents that are not synced',
    story: (story) => story.remove('1', 'web', 2).join(a).join(b, 1, { synced: false }),
    state: 'DELETING',
    blockers: ['b NOT_SYNCED'],
  },
  {
    name: 'a removal of an earlier delete is none of this one',
    story: (story) =>
      bothJoined(story).reportRemoved(a, 'web', 2).remove('1', 'web', 4).reportRemoved(b, 'web', 4),
    state: 'DELETING',
    blockers: ['a REMOVING'],
  },
  {
    name: 'DELETED_WITH_EXCEPTIONS names the lost member whose proxy may still serve it',
    story: (story) => bothDone(story).crash(b).remove('1', 'web', 2).reportRemoved(a, 'web', 2),
    state: 'DELETED_WITH_EXCEPTIONS',
    blockers: ['b LOST'],
  },
  {
    name: 'a delete of nobody is not proven',
    story: (story) => story.remove('1', 'web', 2),
    state: 'NO_AGENTS',
  },
  {
    name: 'a member that gave up removing is FAILED',
    story: (story) =>
      bothDone(story)
        .remove('1', 'web', 2)
        .reportRemoved(a, 'web', 2)
        .report(b, 'web', 1, { phase: 'FAILED', last_attempt: failedAttempt(2, { digest: '' }) }),
    state: 'FAILED',
    blockers: ['b FAILED'],
  },
  {
    name: 'deleted and created again: the config is what counts',
    story: (story) =>
      bothDone(story)
        .remove('1', 'web', 2)
        .reportRemoved(a, 'web', 2)
        .config('1', 'web', 3)
        .report(a, 'web', 3)
        .report(b, 'web', 3),
    state: 'COMPLETE',
  },
  {
    name: 'DELETING while any key of the config is there',
    story: (story) => bothJoined(story).remove('1', 'web', 2).put(configKey('1', 'web'), 'garbage'),
    state: 'DELETING',
  },
  {
    name: 'after the tombstone’s lease a delete is told from MySQL’s row',
    story: (story) => bothJoined(story),
    facts: { accepted: acceptedRow(2, { deleted: true, tombstoneExpired: true }) },
    state: 'DELETED',
  },
  {
    name: 'told from the row: an agent that came back and still serves it blocks',
    story: (story) => bothJoined(story).report(b, 'web', 1),
    facts: { accepted: acceptedRow(2, { deleted: true, tombstoneExpired: true }) },
    state: 'DELETING',
    blockers: ['b REMOVING'],
  },
];

for (const expected of cases) test(expected.name, () => assertCase(expected));
