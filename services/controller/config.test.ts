import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#libs/config';
import { isName } from '#libs/keyspace';
import { readConfig } from './config.ts';

test('has defaults for everything', () => {
  const config = readConfig({ argv: [], env: {} });
  assert.equal(isName(config.name), true);
  assert.deepEqual([config.leaseTtlSeconds, config.heartbeatMs], [5, 2_000]);
  assert.equal(config.tls, undefined);
});

test('names every pair of settings that do not go together, at once', () => {
  assert.throws(
    () =>
      readConfig({ argv: ['--heartbeat=3', '--etcd-user=u', '--agent-key=package.json'], env: {} }),
    (error) => error instanceof UsageError && error.problems.length === 3,
  );
});

for (const name of [
  'a',
  'a..b',
  'a.b-c_d',
  '-a',
  'a-',
  'A',
  'a/b',
  'a'.repeat(63),
  'a'.repeat(64),
]) {
  test(`takes the name "${name}" exactly when the key space does`, () => {
    const read = () => readConfig({ argv: [`--name=${name}`], env: {} });
    if (isName(name)) assert.equal(read().name, name);
    else assert.throws(read, UsageError);
  });
}
