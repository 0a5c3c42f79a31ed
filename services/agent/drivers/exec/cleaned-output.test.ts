import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanedOutput } from './cleaned-output.ts';

test('only a short line that quotes nothing is left of an output', () => {
  const content = '{"host":"shop.example","token":"s3cr3t-value"}';
  const cases: readonly [string, string][] = [
    ['', ''],
    ['\n \nport is taken\nmore', 'port is taken'],
    ['open /etc/app/x.conf: denied', 'open …: denied'],
    ['[emerg] "proxy_pass secret" in a.d/b.conf:12', '[emerg] … in …:12'],
    ["unknown directive 'abc", 'unknown directive …'],
    ['host shop.example is not known', 'host … is not known'],
    ['token=s3cr3t-value refused', 'token=… refused'],
    ["can't bind", "can't bind"],
    ['a\u0000b\u001b[31mred\u202e', 'a b [31mred'],
  ];
  for (const [output, expected] of cases) {
    assert.equal(cleanedOutput(output, content), expected, JSON.stringify(output));
  }
  assert.ok(cleanedOutput('x'.repeat(10_000), content).length <= 201);
});
