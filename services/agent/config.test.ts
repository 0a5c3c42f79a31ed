import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HelpRequested, UsageError } from '#libs/config';
import { readConfig } from './config.ts';

const required = ['--name', 'a1', '--env', 'e', '--state-dir', '/state'];

test('has defaults for all but the environment and the state directory', () => {
  const config = readConfig({ argv: required, env: {} });
  assert.equal(config.driver, 'file');
  assert.deepEqual([config.leaseTtlSeconds, config.heartbeatMs], [5, 2_000]);
  assert.equal(config.relistIntervalMs, 180_000);
  assert.equal(config.tls, undefined);
});

test('takes repeated driver options', () => {
  const argv = [...required, '--driver', 'noop', '--driver-option', 'delay_ms=5'];
  assert.deepEqual(readConfig({ argv, env: {} }).driverOptions, { delay_ms: '5' });
});

test('names every problem at once', () => {
  const argv = ['--env', 'Bad/Env', '--heartbeat', 'soon', '--nonsense', 'x'];
  assert.throws(
    () => readConfig({ argv, env: {} }),
    (error) => {
      assert.ok(error instanceof UsageError);
      const text = error.problems.join('\n');
      for (const flag of ['--env', '--heartbeat', '--nonsense', '--state-dir']) {
        assert.ok(text.includes(flag), `${flag} in ${text}`);
      }
      return true;
    },
  );
});

test('refuses settings that do not go together', () => {
  const argv = [...required, '--driver=nowhere', '--heartbeat=4', '--etcd-user=u'];
  assert.throws(
    () => readConfig({ argv, env: {} }),
    (error) => error instanceof UsageError && error.problems.length === 3,
  );
});

test('answers --help', () => {
  assert.throws(() => readConfig({ argv: ['--help'], env: {} }), HelpRequested);
});
