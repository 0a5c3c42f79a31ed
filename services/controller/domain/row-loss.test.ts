import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfirmInput, type ConfirmPlan, planConfirm, planLoss } from './row-loss.ts';

const lost = { live: 3, deletedSince: 0, total: 3 };

test('a loss stops the pass until it is confirmed', () => {
  assert.equal(planLoss(lost, 10, 10, undefined), 'stop');
  assert.equal(planLoss(lost, 10, 10, { liveRows: 3, liveRowsBefore: 10 }), 'accepted');
});

test('rows that came since do not undo the confirmation', () => {
  const confirmed = { liveRows: 3, liveRowsBefore: 10 };
  assert.equal(planLoss({ ...lost, live: 4 }, 10, 10, confirmed), 'accepted');
});

test('a loss that is worse than what was confirmed stops the pass', () => {
  const confirmed = { liveRows: 4, liveRowsBefore: 10 };
  assert.equal(planLoss(lost, 10, 10, confirmed), 'stop');
});

test('the confirmation of another loss is none', () => {
  const confirmed = { liveRows: 3, liveRowsBefore: 9 };
  assert.equal(planLoss(lost, 10, 10, confirmed), 'stop');
});

test('an empty MySQL can be confirmed, too', () => {
  const empty = { live: 0, deletedSince: 0, total: 0 };
  assert.equal(planLoss(empty, 0, 4, undefined), 'stop');
  assert.equal(planLoss(empty, 0, 4, { liveRows: 0, liveRowsBefore: 0 }), 'accepted');
});

test('without a loss nothing needs a confirmation', () => {
  assert.equal(planLoss({ live: 9, deletedSince: 0, total: 9 }, 10, 10, undefined), 'none');
});

const stop = { liveRowsBefore: 10, confirmedLiveRows: undefined };
const input = { accepted: 3, liveRows: 3, liveRowsBefore: 10, stop };

const cases: [string, ConfirmInput, ConfirmPlan['kind']][] = [
  ['names what MySQL has', input, 'confirm'],
  ['is repeated', { ...input, stop: { ...stop, confirmedLiveRows: 3 } }, 'known'],
  ['replaces an older one', { ...input, stop: { ...stop, confirmedLiveRows: 5 } }, 'confirm'],
  ['names fewer rows than there are', { ...input, accepted: 2 }, 'other'],
  ['names more rows than there are', { ...input, accepted: 4 }, 'other'],
  ['is about an older stop', { ...input, stop: { ...stop, liveRowsBefore: 9 } }, 'other'],
  ['comes without a stop', { ...input, stop: undefined }, 'not_stopped'],
  ['comes after it took effect', { ...input, liveRowsBefore: 3, stop: undefined }, 'known'],
];

for (const [name, each, kind] of cases) {
  test(`a confirmation that ${name}: ${kind}`, () => {
    assert.equal(planConfirm(each).kind, kind);
  });
}
