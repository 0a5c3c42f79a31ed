import { test } from 'node:test';
import { configKey, EPOCH_KEY, READY_KEY } from '#libs/keyspace';
import {
  acceptedRow,
  assertCase,
  bothDone,
  bothJoined,
  type CompletionCase,
} from './testing/completion-case.ts';
import { digestFor } from './testing/story.ts';

const cases: CompletionCase[] = [
  {
    name: 'UNKNOWN while the view is not trusted',
    story: (story) => bothDone(story),
    facts: { unknownReason: 'blind' },
    state: 'UNKNOWN',
    blockers: [],
  },
  {
    name: 'UNKNOWN while ready differs from epoch',
    story: (story) => bothDone(story).epoch(2),
    state: 'UNKNOWN',
  },
  {
    name: 'UNKNOWN without an epoch',
    story: (story) => bothDone(story).delete(EPOCH_KEY).delete(READY_KEY),
    state: 'UNKNOWN',
  },
  {
    name: 'UNKNOWN when the epoch is garbage',
    story: (story) => bothDone(story).put(EPOCH_KEY, '1').put(READY_KEY, '1'),
    state: 'UNKNOWN',
  },
  {
    name: 'PENDING: accepted, and not in etcd at all',
    story: (story) => bothJoined(story),
    facts: { accepted: acceptedRow(1, { published: false }) },
    state: 'PENDING',
    blockers: [],
  },
  {
    name: 'PENDING: a newer generation was accepted than etcd has',
    story: (story) => bothDone(story),
    facts: { accepted: acceptedRow(2, { published: false }) },
    state: 'PENDING',
    blockers: [],
  },
  {
    name: 'PENDING: a foreign value stands where the config belongs',
    story: (story) => bothDone(story).put(configKey('1', 'web'), '{}'),
    facts: { accepted: acceptedRow(1) },
    state: 'PENDING',
  },
  {
    name: 'PENDING: etcd has another content of the accepted generation',
    story: (story) => bothDone(story),
    facts: { accepted: acceptedRow(1, { digest: digestFor(9) }) },
    state: 'PENDING',
  },
  {
    name: 'etcd may be newer than MySQL’s answer',
    story: (story) => bothDone(story),
    facts: { accepted: acceptedRow(0) },
    state: 'COMPLETE',
  },
  {
    name: 'without MySQL it is told from etcd',
    story: (story) => bothDone(story),
    facts: { acceptedKnown: false },
    state: 'COMPLETE',
  },
  {
    name: 'known nowhere',
    story: (story) => bothJoined(story),
    state: undefined,
  },
  {
    name: 'UNKNOWN, not absent, when etcd does not have it and MySQL cannot be asked',
    story: (story) => bothJoined(story),
    facts: { acceptedKnown: false },
    state: 'UNKNOWN',
  },
  {
    name: 'PENDING: the delete is accepted and the config still in etcd',
    story: (story) => bothDone(story),
    facts: { accepted: acceptedRow(2, { deleted: true, published: false }) },
    state: 'PENDING',
  },
  {
    name: 'PENDING: a young delete without its tombstone, which controllers restore',
    story: (story) => bothJoined(story),
    facts: { accepted: acceptedRow(2, { deleted: true }) },
    state: 'PENDING',
  },
];

for (const expected of cases) test(expected.name, () => assertCase(expected));
