import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HelpRequested, UsageError } from './errors.ts';
import { integer, pairs, text } from './parse.ts';
import { readSettings } from './settings.ts';

const spec = {
  program: 'demo',
  summary: 'Shows settings.',
  settings: {
    env: { flag: '--env', env: 'DEMO_ENV', help: 'the environment', required: true, parse: text },
    ttl: { flag: '--ttl', env: 'DEMO_TTL', help: 'seconds', default: '5', parse: integer(1, 9) },
    options: { flag: '--option', help: 'k=v', repeatable: true, parse: pairs },
  },
} as const;

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
  try {
    const file = join(dir, 'settings.yaml');
    writeFileSync(file, 'env: file\nttl: 4\n');
    const read = (argv: string[], env: Record<string, string> = {}) =>
      readSettings(spec, { argv: ['--config', file, ...argv], env });
    assert.equal(read([]).env, 'file');
    assert.equal(read([]).ttl, 4);
    assert.equal(read([], { DEMO_ENV: 'variable' }).env, 'variable');
    assert.equal(read(['--env=flag'], { DEMO_ENV: 'variable' }).env, 'flag');
    assert.equal(readSettings(spec, { argv: ['--env', 'x'], env: {} }).ttl, 5);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('reports all problems at once', () => {
  assert.throws(
    () => readSettings(spec, { argv: ['--ttl', '12', '--nonsense', '--option', 'x'], env: {} }),
    (error) => {
      assert(error instanceof UsageError);
      assert.equal(error.problems.length, 4);
      assert.match(error.message, /--env \/ DEMO_ENV: is required/);
      assert.match(error.message, /--ttl: must be a number from 1 to 9, not "12"/);
      assert.match(error.message, /--nonsense: is not an option/);
      return true;
    },
  );
});

test('help lists every setting with its variable and default', () => {
  assert.throws(
    () => readSettings(spec, { argv: ['--help'], env: {} }),
    (error) => {
      assert(error instanceof HelpRequested);
      assert.match(error.text, /--ttl +DEMO_TTL +seconds \(default: 5\)/);
      assert.match(error.text, /--env +DEMO_ENV +the environment \(required\)/);
      return true;
    },
  );
});

test('a repeated flag collects its pairs', () => {
  const values = readSettings(spec, {
    argv: ['--env', 'a', '--option', 'dir=/x', '--option', 'mode=0600'],
    env: {},
  });
  assert.deepEqual(values.options, { dir: '/x', mode: '0600' });
});
