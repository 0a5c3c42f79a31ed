import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptSlot, decodeStatus, encodeStatus } from '#libs/keyspace';
import {
  afterFailedRepair,
  driftOf,
  driftRepairedBy,
  repairedAttempt,
  shownAttempt,
} from './drift.ts';
import type { AppliedVersion, ConfigRecord } from './record.ts';
import { repairDelayMs } from './retry.ts';
import { statusOf } from './status.ts';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:01:00.000Z';
const author = { instance: 'i-1', epoch: 7 };
const applied: AppliedVersion = {
  generation: 5,
  digest: 'd5',
  content: '{}',
  traceparent: '00-a',
  createdAt: '2026-01-01T00:00:00.000Z',
  at,
  proof: { level: 'VERIFIED', method: 'probe' },
};
const ok: AttemptSlot = {
  generation: 5,
  digest: 'd5',
  result: 'ok',
  reason: '',
  message: '',
  attempts: 1,
  final: false,
  at,
};
const drift = driftOf(applied, { found: 'changed', at: later });
const failure = { result: 'failed', reason: 'EISDIR', message: 'cannot write', at: later } as const;
const drifted: ConfigRecord = { applied, attempt: ok, drift };
const statusFor = (record: ConfigRecord) =>
  statusOf({ record, removed: undefined, active: undefined }, author);

test('what has drifted is shown and not vouched for', () => {
  const status = statusFor(drifted);
  assert.ok(status);
  assert.deepEqual(status, {
    ...{ ...author, phase: 'APPLYING', proof: null, traceparent: '00-a' },
    applied: { generation: 5, digest: 'd5', at },
    last_attempt: {
      ...{ generation: 5, digest: 'd5', result: 'failed', reason: 'DRIFTED', attempts: 0 },
      ...{ message: 'what was in force was changed', final: false, at: later },
    },
  });
  assert.deepEqual(decodeStatus(Buffer.from(encodeStatus(status))), status);
});

test('a repair that fails stays a drift, with its cause and its count, and is never final', () => {
  let failing = drift;
  for (let count = 0; count < 30; count += 1) failing = afterFailedRepair(failing, failure);
  const { attempt } = failing;
  assert.deepEqual([attempt.reason, attempt.attempts, attempt.final], ['DRIFTED', 30, false]);
  assert.equal(attempt.message, 'what was in force was changed; not repaired: cannot write');
  const status = statusFor({ ...drifted, drift: failing });
  assert.deepEqual([status?.phase, status?.proof], ['APPLYING', null]);
  const waits = [1, 2, 9, 30].map((attempts) => repairDelayMs(attempts, () => 1));
  assert.deepEqual(waits, [250, 500, 60_000, 60_000]);
});

test('a version in force that the driver rejects when it is put back is final', () => {
  const rejected = { ...failure, result: 'rejected', reason: 'BAD_ID' } as const;
  const after = afterFailedRepair(drift, rejected);
  assert.deepEqual([after.attempt.reason, after.attempt.final], ['BAD_ID', true]);
  const status = statusFor({ ...drifted, drift: after });
  assert.deepEqual([status?.phase, status?.proof], ['REJECTED', null]);
});

test('messages are bounded', () => {
  const after = afterFailedRepair(drift, { ...failure, message: 'x'.repeat(2_000) });
  assert.equal(after.attempt.message.length, 512);
});

test('the repair says what was found, and how many tries it took', () => {
  const attempt = repairedAttempt(afterFailedRepair(drift, failure), later);
  assert.deepEqual([attempt.result, attempt.reason, attempt.attempts], ['ok', 'DRIFT_REPAIRED', 2]);
  assert.equal(attempt.message, 'what was in force was changed');
  const status = statusFor({ applied, attempt, drift: undefined });
  assert.deepEqual([status?.phase, status?.proof?.level], ['VERIFIED', 'VERIFIED']);
});

test('a newer generation that was rejected stays rejected while what is in force has drifted', () => {
  const attempt: AttemptSlot = { ...ok, generation: 6, digest: 'd6', result: 'rejected' };
  const record = { ...drifted, attempt };
  assert.equal(shownAttempt(record), attempt);
  const status = statusFor(record);
  assert.deepEqual([status?.phase, status?.proof], ['REJECTED', null]);
});

test('only the version in force is a repair', () => {
  assert.equal(driftRepairedBy(drifted, applied), drift);
  assert.equal(driftRepairedBy(drifted, { generation: 6, digest: 'd6' }), undefined);
  assert.equal(driftRepairedBy(drifted, { generation: 5, digest: 'other' }), undefined);
  assert.equal(driftRepairedBy({ ...drifted, drift: undefined }, applied), undefined);
});
