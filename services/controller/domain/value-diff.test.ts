import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueChanges } from './value-diff.ts';

const MAX = 100;

test('equal values have no changes', () => {
  assert.deepEqual(valueChanges({ a: [1, { b: null }] }, { a: [1, { b: null }] }, MAX), []);
});

test('a change is told at the deepest value that differs, in the order of the paths', () => {
  const before = { spec: { rules: [{ host: 'a' }, { host: 'b' }], tls: true }, old: 1 };
  const after = { spec: { rules: [{ host: 'a' }, { host: 'c' }], tls: true }, new: [2] };
  assert.deepEqual(valueChanges(before, after, MAX), [
    { path: '$.new', before: undefined, after: [2] },
    { path: '$.old', before: 1, after: undefined },
    { path: '$.spec.rules[1].host', before: 'b', after: 'c' },
  ]);
});

test('a value of another kind is one change, also null and an empty list', () => {
  assert.deepEqual(valueChanges({ a: null, b: [] }, { a: {}, b: {} }, MAX), [
    { path: '$.a', before: null, after: {} },
    { path: '$.b', before: [], after: {} },
  ]);
});

test('a list that grew or shrank changes at its end', () => {
  assert.deepEqual(valueChanges([1], [1, null], MAX), [
    { path: '$[1]', before: undefined, after: null },
  ]);
});

for (const [name, path] of [
  ['plain_name1', '$.plain_name1'],
  ['nginx.ingress.kubernetes.io/rewrite', "$['nginx.ingress.kubernetes.io/rewrite']"],
  ["it's", String.raw`$['it\'s']`],
  ['a"b\\c\n', String.raw`$['a"b\\c\n']`],
  ['1', "$['1']"],
  ['', "$['']"],
] as const) {
  test(`the name ${JSON.stringify(name)} is told as ${path}`, () => {
    assert.equal(valueChanges({ [name]: 1 }, { [name]: 2 }, MAX)[0]?.path, path);
  });
}

test('no more changes are collected than asked for', () => {
  const after = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, n]));
  assert.equal(valueChanges({}, after, 4).length, 4);
});
