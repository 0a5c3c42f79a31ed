import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentKey, rosterKey, statusKey } from '#libs/keyspace';
import { completionOf } from './completion.ts';
import {
  a,
  assertCase,
  b,
  bothDone,
  bothJoined,
  type CompletionCase,
  KNOWN,
  REF,
  viewOf,
} from './testing/completion-case.ts';
import { digestFor, failedAttempt, Story } from './testing/story.ts';

const cases: CompletionCase[] = [
  {
    name: 'REJECTED is final whatever its flag says',
    story: (story) =>
      bothJoined(story)
        .config('1', 'web', 1)
        .report(a, 'web', 1)
        .report(b, 'web', 0, {
          phase: 'REJECTED',
          applied: null,
          last_attempt: failedAttempt(1, { result: 'rejected', final: false }),
        }),
    state: 'FAILED',
    blockers: ['b REJECTED'],
  },
  {
    name: 'ROLLED_BACK is final',
    story: (story) =>
      bothJoined(story)
        .config('1', 'web', 2)
        .report(a, 'web', 2)
        .report(b, 'web', 1, {
          phase: 'ROLLED_BACK',
          last_attempt: failedAttempt(2, { result: 'rolled_back' }),
        }),
    state: 'FAILED',
    blockers: ['b ROLLED_BACK'],
  },
  {
    name: 'a failure that is tried again is progress',
    story: (story) =>
      bothJoined(story)
        .config('1', 'web', 2)
        .report(a, 'web', 2)
        .report(b, 'web', 1, {
          phase: 'FAILED',
          last_attempt: failedAttempt(2, { final: false }),
        }),
    state: 'PROGRESSING',
    blockers: ['b RETRYING'],
  },
  {
    name: 'a failure of an older generation is not one of this',
    story: (story) =>
      bothJoined(story)
        .config('1', 'web', 3)
        .report(a, 'web', 3)
        .report(b, 'web', 1, { phase: 'FAILED', last_attempt: failedAttempt(2) }),
    state: 'PROGRESSING',
    blockers: ['b OLD_GENERATION'],
  },
  {
    name: 'PROGRESSING during an update: older generations are shown, never counted',
    story: (story) => bothDone(story).config('1', 'web', 2).report(a, 'web', 2),
    state: 'PROGRESSING',
    blockers: ['b OLD_GENERATION'],
  },
  {
    name: 'the same generation with another content does not count',
    story: (story) => bothDone(story).config('1', 'web', 1, { content: 'other' }),
    state: 'PROGRESSING',
    blockers: ['a OLD_GENERATION', 'b OLD_GENERATION'],
  },
  {
    name: 'a report without the proof that the policy wants does not count',
    story: (story) => {
      const digest = digestFor(1, { policy: 'VERIFIED' });
      const applied = { generation: 1, digest, at: '' };
      return bothJoined(story)
        .config('1', 'web', 1, { policy: 'VERIFIED' })
        .report(a, 'web', 1, { applied, proof: { level: 'VERIFIED', method: 'probe' } })
        .report(b, 'web', 1, { applied });
    },
    state: 'PROGRESSING',
    blockers: ['b UNPROVEN'],
  },
  {
    name: 'a report without any proof does not count',
    story: (story) => bothDone(story).report(b, 'web', 1, { proof: null }),
    state: 'PROGRESSING',
    blockers: ['b UNPROVEN'],
  },
  {
    name: 'a new incarnation voids the old report until it is synced',
    story: (story) => bothDone(story).join(b, 2, { synced: false }),
    state: 'PROGRESSING',
    blockers: ['b NOT_SYNCED'],
  },
  {
    name: 'the report of an earlier incarnation does not count for a synced one',
    story: (story) => bothDone(story).join(b, 2),
    state: 'PROGRESSING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'a report of another epoch does not count',
    story: (story) => bothDone(story).report(b, 'web', 1, { epoch: 7 }),
    state: 'PROGRESSING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'a report under another lease than the registration does not count',
    story: (story) => {
      const kv = bothDone(story).content.get(statusKey('1', 'web', 'b'));
      return story.put(statusKey('1', 'web', 'b'), String(kv?.value), '77');
    },
    state: 'PROGRESSING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'synced in an earlier epoch is not synced',
    story: (story) => bothDone(story).ready(2).report(a, 'web', 1).report(b, 'web', 1),
    state: 'PROGRESSING',
    blockers: ['a NOT_SYNCED', 'b NOT_SYNCED'],
  },
  {
    name: 'env 1 has nothing to do with env 10',
    story: (story) =>
      bothDone(story).join({ env: '10', name: 'x' }).report({ env: '10', name: 'x' }, 'web', 9),
    state: 'COMPLETE',
  },
  {
    name: 'an agent whose name begins like another’s is another agent',
    story: (story) => bothDone(story).join({ env: '1', name: 'ab' }),
    state: 'PROGRESSING',
    blockers: ['ab NO_REPORT'],
  },
  {
    name: 'a registration without a roster key is a live member',
    story: (story) => bothDone(story).register({ env: '1', name: 'c' }),
    state: 'PROGRESSING',
    blockers: ['c NO_REPORT'],
  },
  {
    name: 'an unreadable registration is a live member that cannot count',
    story: (story) => bothDone(story).put(agentKey('1', 'b'), 'garbage', '5'),
    state: 'PROGRESSING',
    blockers: ['b NOT_SYNCED'],
  },
  {
    name: 'an unreadable roster key keeps its member',
    story: (story) => bothDone(story).put(rosterKey('1', 'c'), '{'),
    state: 'COMPLETE_WITH_EXCEPTIONS',
    blockers: ['c LOST'],
  },
  {
    name: 'an unreadable status does not count',
    story: (story) => bothDone(story).put(statusKey('1', 'web', 'b'), '[]', '5'),
    state: 'PROGRESSING',
    blockers: ['b NO_REPORT'],
  },
  {
    name: 'the status of a stranger counts for nobody',
    story: (story) => bothDone(story).report({ env: '1', name: 'x' }, 'web', 1),
    state: 'COMPLETE',
  },
];

for (const expected of cases) test(expected.name, () => assertCase(expected));

test('foreign garbage in every prefix changes no answer', () => {
  const story = bothDone(new Story().ready());
  for (const folder of [
    'ingress_config/1',
    'ingress_tombstone/1',
    'ingress_config_status/1/web',
    'ingress_config_status/1',
    'ingress_meta',
    'ingress_meta/resume_removals',
    'controller',
    'aggregator',
    'agent/1/x/y',
    'roster/1/x/y',
    'other/1',
  ]) {
    for (const name of ['zz', '..', 'Ä', '%2f', '']) story.put(`/ingress/${folder}/${name}`, '\0{');
  }
  const found = completionOf(viewOf(story), REF, KNOWN);
  assert.equal(found?.state, 'COMPLETE');
  assert.equal(found.counts.expected, 2);
});
