import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execOptions, execProblems } from './exec-options.ts';

test('a command is one absolute path, or a JSON list of one and its arguments', () => {
  const options = { apply: '/bin/my apply', remove: '["/bin/x","--now, please"]', timeout_s: '2' };
  assert.deepEqual(execProblems(options), []);
  assert.deepEqual(execOptions(options, '/state/exec'), {
    dir: '/state/exec',
    commands: { apply: ['/bin/my apply'], remove: ['/bin/x', '--now, please'] },
    timeoutMs: 2_000,
  });
});

test('each bad option is named', () => {
  const good = { apply: '/bin/a', remove: '/bin/r' };
  const cases: readonly [Record<string, string>, RegExp][] = [
    [{ remove: '/bin/r' }, /apply is required/],
    [{ apply: '/bin/a' }, /remove is required/],
    [{ ...good, check: 'nginx -t' }, /check must be an absolute path/],
    [{ ...good, verify: '["/bin/v", 5]' }, /verify must be/],
    [{ ...good, list: '["/bin/l"' }, /list must be/],
    [{ ...good, list: '[]' }, /list must be/],
    [{ ...good, dir: 'here' }, /dir must be an absolute path/],
    [{ ...good, timeout_s: 'soon' }, /timeout_s must be/],
    [{ ...good, timeout_s: '0' }, /timeout_s must be/],
    [{ ...good, shell: 'yes' }, /no option "shell"/],
  ];
  for (const [options, expected] of cases) {
    const problems = execProblems(options);
    assert.equal(problems.length, 1, JSON.stringify(options));
    assert.match(problems[0] ?? '', expected);
  }
});
