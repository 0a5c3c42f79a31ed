import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigHead } from './config-entry.ts';
import { Environment } from './environment.ts';
import { Interner } from './interner.ts';
import { registeredFrom } from './member.ts';
import { SESSION_FIRST } from './status-table.ts';

const config: ConfigHead = {
  ...{ generation: 1, digest: 1, digestText: 'd', acceptedAtMs: 1, traceparent: '' },
  policy: 'APPLIED',
};

const onRoster = { onRoster: true, forgottenAtMs: undefined };
const gone = { onRoster: false, forgottenAtMs: undefined };

/** Who blocks the config, each with its reason. */
function blockers(env: Environment): string[] {
  const found = env.entries.get('web')?.blockers(env.members) ?? [];
  return found.map(({ agent, reason }) => `${agent} ${reason}`);
}

test('a lost member that goes, or comes, changes who blocks', () => {
  const interners = { sessions: new Interner(SESSION_FIRST), digests: new Interner(1) };
  const env = new Environment('1', interners);
  env.setEpoch(1);
  env.setConfig('web', config, 1);
  env.setRegistration('a', registeredFrom('7', undefined), 1);
  env.setRoster('b', onRoster, 1);
  env.settle();
  assert.deepEqual(blockers(env), ['b LOST', 'a NOT_SYNCED']);
  env.setRoster('b', gone, 2);
  assert.deepEqual(blockers(env), ['a NOT_SYNCED']);
  env.setRoster('c', onRoster, 3);
  assert.deepEqual(blockers(env), ['c LOST', 'a NOT_SYNCED']);
});

test('a list takes over since when a delete is wanted, not where it stood in history', () => {
  const [before, now] = [30, 60].map((revision) => {
    const interners = { sessions: new Interner(SESSION_FIRST), digests: new Interner(1) };
    const env = new Environment('1', interners);
    env.setEpoch(revision);
    env.setTombstone(
      'web',
      { generation: 2, revision, sinceMs: revision === 30 ? 5 : undefined },
      1,
    );
    const synced = { epoch: revision, revision: 40 };
    env.setRegistration('a', { ...registeredFrom('7', undefined), ...syncedAt(synced) }, 1);
    env.settle();
    return env;
  });
  assert.ok(before && now);
  now.inherit(before);
  assert.deepEqual(blockers(now), ['a NO_REPORT']);
  assert.equal(now.entries.get('web')?.tombstone?.sinceMs, 5);
  now.settle();
  assert.equal(now.entries.get('web')?.counts.done, 0);
});

/** A registration that can be read, of an agent that has listed and reported at this revision. */
function syncedAt({ epoch, revision }: { epoch: number; revision: number }) {
  return { instance: 'a-1', syncedEpoch: epoch, syncedRevision: revision };
}
