import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPathTemplate } from './path-template.ts';

const MATCHES: [string, string, Record<string, string> | undefined][] = [
  ['/v1/envs/{env}', '/v1/envs/a', { env: 'a' }],
  ['/v1/envs/{env}', '/v1/envs/', undefined],
  ['/v1/envs/{env}', '/v1/envs/a/b', undefined],
  ['/v1/envs/{env}', '/v1/envs/a:watch', undefined],
  ['/v1/envs/{env}:watch', '/v1/envs/a:watch', { env: 'a' }],
  ['/v1/a.b/{id}', '/v1/axb/1', undefined],
  ['/v1/{env}/{id}', '/v1/a/b.c', { env: 'a', id: 'b.c' }],
  ['/v1/{id}', '/v1/a%2Fb', { id: 'a/b' }],
  ['/v1/{id}', '/v1/%ff', undefined],
];

for (const [template, path, expected] of MATCHES) {
  test(`${template} ${expected ? 'takes' : 'leaves'} ${path}`, () => {
    assert.deepEqual(createPathTemplate(template).match(path), expected);
  });
}

for (const text of ['/v1/{name=envs/*}', '/v1/**', 'v1']) {
  test(`${text} is refused`, () => {
    assert.throws(() => createPathTemplate(text), /only literals and \{variables\}/);
  });
}
