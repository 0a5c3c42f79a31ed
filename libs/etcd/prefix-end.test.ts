import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefixEnd } from './prefix-end.ts';

test("a prefix ends before its neighbour's keys: env 1 never matches env 10", () => {
  const prefix = '/ingress/agent/1/';
  const isInside = (key: string) => key >= prefix && key < prefixEnd(prefix);
  assert.equal(isInside('/ingress/agent/1/a'), true);
  assert.equal(isInside('/ingress/agent/10/a'), false);
});

test('a key is no prefix', () => {
  assert.throws(() => prefixEnd('/ingress/agent/1'), RangeError);
});
