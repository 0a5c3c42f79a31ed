import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Accepted } from '../domain/facts.ts';
import { acceptedRow } from '../domain/testing/completion-case.ts';
import type { HistoryEvent, HistoryEventType, Settled } from './history-event.ts';
import { checkedEvent } from './state-check.ts';

const counts = { expected: 2, done: 2, progressing: 0, failed: 0, lost: 0 };

/** As what a state is told; undefined: not at all. */
function told(
  type: HistoryEventType,
  settled: Partial<Settled>,
  facts: { accepted?: Accepted; minAgents?: number } = {},
): string | undefined {
  const event: HistoryEvent = {
    ...{ type, env: '1', id: 'web', agent: undefined, atMs: 1 },
    ...{ revision: 1, epoch: 1, generation: 3, reason: '', message: '' },
  };
  const { accepted, minAgents = 1 } = facts;
  const whole = { digest: 'd', counts, forgottenAtMs: [], ...settled };
  return checkedEvent(event, whole, { accepted, minAgents })?.type;
}

test('too few members complete nothing', () => {
  assert.equal(told('COMPLETE', {}, { minAgents: 3 }), undefined);
  assert.equal(told('COMPLETE', {}, { minAgents: 2 }), 'COMPLETE');
});

test('a content that nobody accepted completes nothing', () => {
  assert.equal(told('COMPLETE', {}, { accepted: acceptedRow(3, { digest: 'e' }) }), undefined);
  const deleted = acceptedRow(3, { digest: 'd', deleted: true });
  assert.equal(told('COMPLETE', {}, { accepted: deleted }), undefined);
  assert.equal(told('COMPLETE', {}, { accepted: acceptedRow(3, { digest: 'd' }) }), 'COMPLETE');
});

test('what was complete stays told when a newer generation is accepted already', () => {
  assert.equal(told('COMPLETE', {}, { accepted: acceptedRow(4) }), 'COMPLETE');
});

test('who was forgotten before the delete was accepted is no exception of it', () => {
  const accepted = acceptedRow(3, { deleted: true, acceptedAtMs: 50 });
  const type = 'DELETED_WITH_EXCEPTIONS';
  const settled = { digest: '', forgottenAtMs: [40] };
  assert.equal(told(type, settled, { accepted }), 'DELETED');
  assert.equal(told(type, settled), type);
  assert.equal(told(type, { ...settled, forgottenAtMs: [40, 60] }, { accepted }), type);
  assert.equal(told(type, { ...settled, forgottenAtMs: [Number.NaN] }, { accepted }), type);
});
