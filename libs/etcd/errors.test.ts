import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CompactedError,
  EtcdError,
  EtcdRequestError,
  EtcdUnavailableError,
  hiddenDetails,
  isOverloaded,
  LeaseNotFoundError,
  NoSpaceError,
  OutcomeUnknownError,
  translateError,
} from './errors.ts';

for (const [message, read, write] of [
  ['14 UNAVAILABLE: read ECONNRESET', EtcdUnavailableError, OutcomeUnknownError],
  ['4 DEADLINE_EXCEEDED: Deadline exceeded', EtcdUnavailableError, OutcomeUnknownError],
  ['2 UNKNOWN: what', EtcdUnavailableError, OutcomeUnknownError],
  ['14 UNAVAILABLE: etcdserver: request timed out', EtcdUnavailableError, OutcomeUnknownError],
  ['14 UNAVAILABLE: etcdserver: leader changed', EtcdUnavailableError, OutcomeUnknownError],
  ['14 UNAVAILABLE: No connection established', EtcdUnavailableError, EtcdUnavailableError],
  [
    '8 RESOURCE_EXHAUSTED: etcdserver: too many requests',
    EtcdUnavailableError,
    EtcdUnavailableError,
  ],
  ['8 RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded', NoSpaceError, NoSpaceError],
  ['5 NOT_FOUND: etcdserver: requested lease not found', LeaseNotFoundError, LeaseNotFoundError],
  [
    '11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted',
    CompactedError,
    CompactedError,
  ],
  [
    '11 OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision',
    CompactedError,
    CompactedError,
  ],
  ['3 INVALID_ARGUMENT: etcdserver: request is too large', EtcdRequestError, EtcdRequestError],
  ['7 PERMISSION_DENIED: etcdserver: permission denied', EtcdRequestError, EtcdRequestError],
  ['something else', EtcdUnavailableError, OutcomeUnknownError],
] as const) {
  test(`"${message}" is ${read.name} for a read and ${write.name} for a write`, () => {
    const cause = new Error(message);
    for (const [writes, expected] of [
      [false, read],
      [true, write],
    ] as const) {
      const error = translateError(cause, 'txn', writes);
      assert.equal(error.constructor, expected);
      assert.equal(error.name, expected.name);
      assert.equal(error.cause, cause);
    }
  });
}

test('a refused token is told from a missing right, and exhaustion from an outage', () => {
  const refused = translateError(new Error('16 UNAUTHENTICATED: auth token refused'), 'x', true);
  assert(refused instanceof EtcdRequestError && refused.tokenRefused);
  const denied = translateError(new Error('7 PERMISSION_DENIED: no'), 'x', true);
  assert(denied instanceof EtcdRequestError && !denied.tokenRefused);
  const busy = translateError(new Error('8 RESOURCE_EXHAUSTED: busy'), 'x', true);
  assert(busy instanceof EtcdUnavailableError && busy.exhausted);
});

test('an etcd that is asked for too much is told from one that is away', () => {
  for (const details of [
    '8 RESOURCE_EXHAUSTED: busy',
    '11 OUT_OF_RANGE: [2] etcdserver: too many requests',
    '11 OUT_OF_RANGE: [14] etcdserver: request timed out',
    '11 OUT_OF_RANGE: [2] context deadline exceeded',
    '11 OUT_OF_RANGE: [4] Deadline exceeded after 2.000s',
  ]) {
    for (const writes of [true, false]) {
      assert(isOverloaded(translateError(new Error(details), 'x', writes)), details);
    }
  }
  const late = translateError(new DOMException('late', 'TimeoutError'), 'x', true);
  assert(isOverloaded(late));
  const unconnected = new Error(
    '11 OUT_OF_RANGE: [4] Deadline exceeded after 2s,Waiting for LB pick',
  );
  const unsent = translateError(unconnected, 'x', true);
  assert(unsent instanceof EtcdUnavailableError && !isOverloaded(unsent));
  const away = new Error('14 UNAVAILABLE: read ECONNRESET');
  assert(!isOverloaded(translateError(away, 'x', true)));
  assert(!isOverloaded(translateError(away, 'x', false)));
});

test('what etcd refuses for its load was not executed', () => {
  const cause = new Error('11 OUT_OF_RANGE: [2] etcdserver: too many requests');
  const refused = translateError(cause, 'txn', true);
  assert(refused instanceof EtcdUnavailableError && refused.exhausted);
});

test('our own errors and aborts pass untouched', () => {
  const ours = new EtcdError('x', true);
  assert.equal(translateError(ours, 'y', true), ours);
  const abort = new DOMException('stop', 'AbortError');
  assert.equal(translateError(abort, 'y', true), abort);
  const late = translateError(new DOMException('late', 'TimeoutError'), 'put', true);
  assert(late instanceof OutcomeUnknownError);
});

test('a status hidden from etcd3 is found again', () => {
  const hidden = hiddenDetails({ code: 14, details: 'read ECONNRESET' });
  const cause = new Error(`11 OUT_OF_RANGE: ${hidden}`);
  assert(translateError(cause, 'put', true) instanceof OutcomeUnknownError);
  const token = hiddenDetails({ code: 16, details: 'etcdserver: invalid auth token' });
  assert.doesNotMatch(token, /invalid auth token/, 'etcd3 repeats a call for these words');
});
