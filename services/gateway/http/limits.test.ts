import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpError } from '../api/problem.ts';
import { createLimits } from './limits.ts';

const refused = (reason: string) => (error: unknown) =>
  error instanceof HttpError && error.reason === reason;

test('a caller has its requests at once, and then as many a second; others are not concerned', () => {
  let at = 0;
  const limits = createLimits({ requestsPerSecond: 2, inFlightMax: 100, now: () => at });
  limits.enter('a');
  limits.enter('a');
  assert.throws(() => limits.enter('a'), refused('RATE_LIMITED'));
  limits.enter('b');
  at = 500;
  limits.enter('a');
  assert.throws(() => limits.enter('a'), refused('RATE_LIMITED'));
});

test('a refused request costs nothing', () => {
  let at = 0;
  const limits = createLimits({ requestsPerSecond: 1, inFlightMax: 100, now: () => at });
  limits.enter('a');
  for (at = 0; at < 900; at += 100) {
    assert.throws(() => limits.enter('a'), refused('RATE_LIMITED'));
  }
  at = 1001;
  limits.enter('a');
});

test('no more are in flight than the bound, and one that ends makes room', () => {
  const limits = createLimits({ requestsPerSecond: 100, inFlightMax: 1, now: () => 0 });
  const entered = limits.enter('a');
  assert.throws(() => limits.enter('b'), refused('GATEWAY_BUSY'));
  entered[Symbol.dispose]();
  limits.enter('b')[Symbol.dispose]();
  assert.equal(limits.inFlight(), 0);
});
