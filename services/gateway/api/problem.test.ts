import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aborted, invalidArgument, notFound, unavailable } from '#libs/grpc';
import { problemOf } from './problem.ts';

const conflict = aborted('GENERATION_CONFLICT', 'it is at 8');
const CASES: [string, Error, boolean, number, string][] = [
  ['a generation that differs from If-Match', conflict, true, 412, 'GENERATION_CONFLICT'],
  ['one that differs from the body', conflict, false, 409, 'GENERATION_CONFLICT'],
  ['another conflict', aborted('EPOCH_CHANGED', 'look again'), true, 409, 'EPOCH_CHANGED'],
  ['what is not there', notFound('NOT_FOUND', 'no such config'), false, 404, 'NOT_FOUND'],
  ['a server out of reach', unavailable('ETCD', 'etcd', 250), false, 503, 'ETCD'],
];
for (const [name, error, isConditional, status, reason] of CASES) {
  test(`${name} is answered with ${status}`, () => {
    const problem = problemOf(error, { isConditional });
    assert.deepEqual([problem.status, problem.reason], [status, reason]);
    assert.equal(problem.detail, error.message);
  });
}

test('a bad field is named, and a time to come again is told', () => {
  const violations = [{ field: 'env', description: 'is bad' }];
  const bad = problemOf(invalidArgument(violations), { isConditional: false });
  assert.deepEqual(bad.violations, violations);
  const later = problemOf(unavailable('ETCD', 'etcd', 250), { isConditional: false });
  assert.equal(later.retryAfterMs, 250);
});

test('what nobody foresaw says nothing of itself', () => {
  const problem = problemOf(new Error('secret text of a bug'), { isConditional: false });
  assert.equal(problem.status, 500);
  assert.doesNotMatch(JSON.stringify(problem), /secret/);
});
