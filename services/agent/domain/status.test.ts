import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptSlot, decodeStatus, encodeStatus } from '#libs/keyspace';
import type { AppliedVersion, ConfigRecord } from './record.ts';
import { ATTEMPTS_MAX, retryDelayMs } from './retry.ts';
import { type AttemptOutcome, nextAttempt, statusOf } from './status.ts';
import { followTombstone } from './tombstone.ts';

const at = '2026-01-01T00:00:00.000Z';
const author = { instance: 'i-1', epoch: 7 };
const nothing = { record: undefined, removed: undefined, active: undefined };
const applied: AppliedVersion = {
  generation: 5,
  digest: 'd5',
  content: '{}',
  traceparent: '00-a',
  createdAt: '2026-01-01T00:00:00.000Z',
  at,
  proof: { level: 'APPLIED', method: 'file' },
};
const attempt = (result: AttemptSlot['result']): AttemptSlot => ({
  generation: 6,
  digest: 'd6',
  result,
  reason: 'WHY',
  message: 'because',
  attempts: 1,
  final: false,
  at,
});

test('a status has two slots: what is in force and what was tried last', () => {
  const record: ConfigRecord = { applied, attempt: attempt('failed'), drift: undefined };
  const status = statusOf({ ...nothing, record }, author);
  assert.ok(status);
  assert.equal(status.phase, 'FAILED');
  assert.deepEqual(status.applied, { generation: 5, digest: 'd5', at });
  assert.equal(status.last_attempt?.generation, 6);
  assert.deepEqual(status.proof, { level: 'APPLIED', method: 'file' });
  assert.deepEqual(decodeStatus(Buffer.from(encodeStatus(status))), status);
});

const verified: AppliedVersion = { ...applied, proof: { level: 'VERIFIED', method: 'probe' } };
const phases: [Omit<ConfigRecord, 'drift'>, string][] = [
  [{ applied, attempt: undefined }, 'APPLIED'],
  [{ applied, attempt: attempt('ok') }, 'APPLIED'],
  [{ applied: verified, attempt: attempt('ok') }, 'VERIFIED'],
  [{ applied, attempt: attempt('failed') }, 'FAILED'],
  [{ applied: undefined, attempt: attempt('rejected') }, 'REJECTED'],
  [{ applied, attempt: attempt('rolled_back') }, 'ROLLED_BACK'],
];
for (const [slots, phase] of phases) {
  const record = { ...slots, drift: undefined };
  test(`a record with attempt ${record.attempt?.result ?? 'none'} is ${phase}`, () => {
    assert.equal(statusOf({ ...nothing, record }, author)?.phase, phase);
  });
}

test('a removal is reported with the generation of the delete while its tombstone is there', () => {
  const removed = { generation: 8, at, tombstone: true };
  const status = statusOf({ ...nothing, removed }, author);
  assert.equal(status?.phase, 'REMOVED');
  assert.deepEqual(status?.applied, { generation: 8, digest: '', at });
  assert.equal(
    statusOf({ ...nothing, removed: { ...removed, tombstone: false } }, author),
    undefined,
  );
});

test('attempts count per generation and digest, and messages are bounded', () => {
  const outcome: AttemptOutcome = {
    result: 'failed',
    reason: 'ENOSPC',
    message: 'x'.repeat(2_000),
    final: false,
    at,
  };
  const first = nextAttempt(undefined, { generation: 6, digest: 'd6' }, outcome);
  const second = nextAttempt(first, { generation: 6, digest: 'd6' }, outcome);
  const other = nextAttempt(second, { generation: 7, digest: 'd7' }, outcome);
  assert.deepEqual([first.attempts, second.attempts, other.attempts], [1, 2, 1]);
  assert.equal(first.message.length, 512);
});

test('retries back off to a bound and end', () => {
  const waits = Array.from({ length: ATTEMPTS_MAX }, (_, n) => retryDelayMs(n + 1, () => 1));
  assert.deepEqual(waits.slice(0, 5), [250, 500, 1_000, 2_000, 4_000]);
  assert.equal(waits.at(-2), 4_000);
  assert.equal(waits.at(-1), undefined);
});

test('a removal follows its tombstone and is remembered for nine days', () => {
  const removed = { generation: 8, at, tombstone: true };
  const dayMs = 24 * 3_600_000;
  const start = Date.parse(at);
  const follow = (generation: number | undefined, nowMs = start) => {
    const tombstone = generation === undefined ? undefined : { generation, modRevision: 5n };
    return followTombstone({ removed, tombstone, listedSince: 9n, nowMs });
  };
  assert.equal(follow(8), removed);
  assert.deepEqual(follow(undefined), { ...removed, tombstone: false });
  assert.deepEqual(follow(10), { ...removed, generation: 10 });
  // The nine days of a later delete are its own.
  const later = follow(10, start + 8 * dayMs);
  assert.equal(later?.at, new Date(start + 8 * dayMs).toISOString());
  assert.ok(follow(undefined, start + 8 * dayMs));
  assert.equal(follow(undefined, start + 10 * dayMs), undefined);
});

test('a delete after the first list is acknowledged by who never had the config', () => {
  const nowMs = Date.parse(at);
  const acknowledged = (modRevision: bigint) => {
    const tombstone = { generation: 8, modRevision };
    return followTombstone({ removed: undefined, tombstone, listedSince: 9n, nowMs });
  };
  assert.equal(acknowledged(9n), undefined);
  assert.deepEqual(acknowledged(10n), { generation: 8, at, tombstone: true });
});

test('a config that is being put in force for the first time is reported, without a claim', () => {
  const status = statusOf({ ...nothing, active: 'APPLYING' }, author);
  assert.ok(status);
  assert.deepEqual(decodeStatus(Buffer.from(encodeStatus(status))), status);
  assert.deepEqual([status.phase, status.applied], ['APPLYING', null]);
});
