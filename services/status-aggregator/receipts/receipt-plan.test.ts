import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeRoster, rosterKey } from '#libs/keyspace';
import {
  a,
  acceptedRow,
  b,
  bothDone,
  bothJoined,
  REF,
  viewOf,
} from '../domain/testing/completion-case.ts';
import { ACCEPTED_AT, digestFor, failedAttempt, Story } from '../domain/testing/story.ts';
import { View } from '../domain/view.ts';
import { type DueReceipt, planReceipt, type ReceiptFacts, settleReceipt } from './receipt-plan.ts';

const author = { name: 'aggregator-1', nowMs: 9_000 };
const deletedAtMs = Date.parse('2026-02-01T00:00:00.000Z');

/** The receipt that is due after the story, listed at its end. */
function planned(story: (story: Story) => Story): DueReceipt | undefined {
  return planReceipt(viewOf(story(new Story().ready())), REF, author);
}

/** As `planned`, and settled with what MySQL says. */
function settled(story: (story: Story) => Story, facts: Partial<ReceiptFacts> = {}) {
  const due = planned(story);
  assert.ok(due);
  const receipt = settleReceipt(due, { minAgents: 1, accepted: undefined, ...facts });
  return typeof receipt === 'string' ? receipt : receipt.exceptions;
}

test('a receipt says who, what, with which proof and where in history', () => {
  const receipt = planned(bothDone);
  assert.ok(receipt);
  assert.equal(receipt.kind, 'COMPLETED');
  assert.deepEqual([receipt.generation, receipt.digest], [1, digestFor(1)]);
  assert.equal(receipt.members, 2);
  assert.equal(receipt.membersDigest, createHash('sha256').update('a\nb\n').digest('hex'));
  assert.deepEqual([receipt.exceptions, receipt.proof], [[], 'APPLIED']);
  assert.equal(receipt.epoch, 1);
  assert.ok(receipt.revision > 0);
  assert.equal(receipt.acceptedAt?.toISOString(), ACCEPTED_AT);
  assert.equal(receipt.completedAt.getTime(), 9_000);
  assert.equal(receipt.writtenBy, 'aggregator-1');
});

test('the proof is the weakest of the members', () => {
  const proof = { level: 'VERIFIED', method: 'probe' } as const;
  const story = (told: Story) =>
    bothJoined(told).config('1', 'web', 1).report(a, 'web', 1, { proof });
  assert.equal(planned((told) => story(told).report(b, 'web', 1))?.proof, 'APPLIED');
  assert.equal(planned((told) => story(told).report(b, 'web', 1, { proof }))?.proof, 'VERIFIED');
});

const nothing: Record<string, (story: Story) => Story> = {
  'while a member has not reported': (story) =>
    bothJoined(story).config('1', 'web', 1).report(a, 'web', 1),
  'while etcd is being rebuilt': (story) => bothDone(story).epoch(2),
  'when all are lost': (story) => bothDone(story).crash(a).crash(b),
  'when a member gave up': (story) =>
    bothDone(story).report(b, 'web', 1, { last_attempt: failedAttempt(1) }),
  'without members': (story) => story.config('1', 'web', 1),
  'of what is not there': bothJoined,
  'while a delete is under way': (story) => bothDone(story).remove('1', 'web', 2),
};
for (const [when, story] of Object.entries(nothing)) {
  test(`no receipt ${when}`, () => {
    assert.equal(planned(story), undefined);
  });
}

test('lost members are exceptions, and no members of the receipt', () => {
  const receipt = planned((story) => bothDone(story).crash(b));
  assert.equal(receipt?.members, 1);
  assert.deepEqual(receipt?.exceptions, [{ agent: 'b', reason: 'LOST' }]);
});

test('a delete has neither digest nor proof, and its time is told by MySQL', () => {
  const due = planned((story) =>
    bothDone(story).remove('1', 'web', 2).reportRemoved(a, 'web', 2).reportRemoved(b, 'web', 2),
  );
  assert.ok(due);
  assert.deepEqual([due.kind, due.generation, due.digest, due.proof], ['DELETED', 2, '', '']);
  assert.equal(due.acceptedAt, undefined);
  const accepted = acceptedRow(2, { deleted: true, acceptedAtMs: deletedAtMs });
  const receipt = settleReceipt(due, { minAgents: 1, accepted });
  assert.ok(typeof receipt !== 'string');
  assert.equal(receipt.acceptedAt?.getTime(), deletedAtMs);
});

const withForgotten = (atMs: number) => (story: Story) =>
  bothDone(story).crash(b).forget(b, atMs).remove('1', 'web', 2).reportRemoved(a, 'web', 2);
const deletedRow = acceptedRow(2, { deleted: true, acceptedAtMs: deletedAtMs });

test('who was forgotten since the delete was accepted is named', () => {
  const facts = { accepted: deletedRow };
  assert.deepEqual(settled(withForgotten(deletedAtMs), facts), [
    { agent: 'b', reason: 'FORGOTTEN' },
  ]);
});

test('who was forgotten before is nobody; when nobody knows the times, it is named', () => {
  const before = withForgotten(deletedAtMs - 1);
  assert.deepEqual(settled(before, { accepted: deletedRow }), []);
  assert.equal(settled(before, { accepted: undefined }).length, 1);
  const other = acceptedRow(3, { acceptedAtMs: deletedAtMs });
  assert.equal(settled(before, { accepted: other }).length, 1);
  const unreadable = encodeRoster({ left_at: 'some day', forgotten: true });
  const atSomeTime = (story: Story) => before(story).put(rosterKey('1', 'b'), unreadable);
  assert.equal(settled(atSomeTime, { accepted: deletedRow }).length, 1);
});

test('lost members count for the minimum, forgotten ones do not', () => {
  const lost = (story: Story) => bothDone(story).crash(b);
  assert.deepEqual(settled(lost, { minAgents: 2 }).length, 1);
  assert.equal(settled(lost, { minAgents: 3 }), 'TOO_FEW_MEMBERS');
  const forgotten = (story: Story) => lost(story).forget(b, deletedAtMs);
  assert.equal(settled(forgotten, { minAgents: 2 }), 'TOO_FEW_MEMBERS');
});

test('what MySQL has not accepted at this generation gets no receipt', () => {
  const other = acceptedRow(1, { digest: digestFor(1, { content: 'other' }) });
  assert.equal(settled(bothDone, { accepted: other }), 'NEVER_ACCEPTED');
  const deleted = acceptedRow(1, { deleted: true });
  assert.equal(settled(bothDone, { accepted: deleted }), 'NEVER_ACCEPTED');
  assert.deepEqual(settled(bothDone, { accepted: acceptedRow(1) }), []);
  assert.deepEqual(settled(bothDone, { accepted: acceptedRow(2) }), [], 'accepted since');
});

/** A view that lists what was told so far, and sees `next` at `atMs`. */
function watching(story: Story) {
  let view = viewOf(story);
  story.take();
  return {
    see(atMs: number, next: (story: Story) => Story): void {
      next(story);
      view.apply(story.take(), story.revision, atMs);
    },
    relist(next: (story: Story) => Story): void {
      next(story);
      story.take();
      const listed = new View();
      listed.load(story.list(), 99_999);
      listed.settle(story.revision, view);
      view = listed;
    },
    times() {
      const receipt = planReceipt(view, REF, author);
      const { late, publishedAt, firstAppliedAt, lastAppliedAt } = receipt ?? {};
      const ms = [publishedAt, firstAppliedAt, lastAppliedAt].map((time) => time?.getTime());
      return { late, ms };
    },
  };
}

test('the times are those at which it was seen to come, and to be settled', () => {
  const watch = watching(bothJoined(new Story().ready()));
  watch.see(10, (story) => story.config('1', 'web', 1));
  watch.see(20, (story) => story.report(a, 'web', 1));
  watch.relist((story) => story);
  watch.see(30, (story) => story.report(b, 'web', 1));
  watch.see(40, (story) => story.report(a, 'web', 1));
  assert.deepEqual(watch.times(), { late: false, ms: [10, 20, 30] });
  watch.relist((story) => story);
  assert.deepEqual(watch.times(), { late: false, ms: [10, 20, 30] });
});

test('of another generation nothing of that is left', () => {
  const watch = watching(bothJoined(new Story().ready()));
  watch.see(10, (story) => story.config('1', 'web', 1).report(a, 'web', 1));
  watch.see(20, (story) => story.config('1', 'web', 2));
  watch.see(30, (story) => story.report(b, 'web', 2));
  watch.see(40, (story) => story.report(a, 'web', 2));
  assert.deepEqual(watch.times(), { late: false, ms: [20, 30, 40] });
});

test('what held already at the first list is late, and has no times', () => {
  const watch = watching(bothDone(new Story().ready()));
  assert.deepEqual(watch.times(), { late: true, ms: [undefined, undefined, undefined] });
});

test('the first one was not seen when a list showed it', () => {
  const watch = watching(bothJoined(new Story().ready()).config('1', 'web', 1).report(a, 'web', 1));
  watch.see(30, (story) => story.report(b, 'web', 1));
  assert.deepEqual(watch.times(), { late: false, ms: [undefined, undefined, 30] });
});

test('who settled it in the gap before a list leaves the last time open', () => {
  const watch = watching(bothJoined(new Story().ready()));
  watch.see(10, (story) => story.config('1', 'web', 1));
  watch.see(20, (story) => story.report(a, 'web', 1));
  watch.relist((story) => story.report(b, 'web', 1));
  assert.deepEqual(watch.times(), { late: true, ms: [10, 20, undefined] });
});
