import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DueReceipt } from './receipt-plan.ts';
import { ReceiptQueue } from './receipt-queue.ts';

function receipt(id: string, exceptionCount = 0): DueReceipt {
  return {
    ...{ env: '1', id, generation: 1, digest: 'd', kind: 'COMPLETED', proof: 'APPLIED' },
    ...{ members: 1, membersDigest: 'm', epoch: 1, revision: 1, late: false, forgotten: [] },
    exceptions: Array.from({ length: exceptionCount }, () => ({ agent: 'x', reason: 'LOST' })),
    ...{ acceptedAt: undefined, publishedAt: undefined, firstAppliedAt: undefined },
    ...{ lastAppliedAt: undefined, completedAt: new Date(0), writtenBy: 'one' },
  };
}

const ids = (receipts: readonly DueReceipt[]) => receipts.map(({ id }) => id);

test('a batch has so many rows, or so many names', () => {
  const queue = new ReceiptQueue();
  for (let index = 0; index < 500; index += 1) queue.add(receipt(String(index)));
  assert.equal(queue.peek().length, 200);
  const large = new ReceiptQueue();
  for (const id of ['a', 'b', 'c']) large.add(receipt(id, 15_000));
  assert.deepEqual(ids(large.peek()), ['a'], 'one alone, whatever its size');
  large.remove(large.peek());
  assert.deepEqual(ids(large.peek()), ['b']);
});

test('the oldest goes when it is full', () => {
  const queue = new ReceiptQueue({ max: 2 });
  assert.equal(queue.add(receipt('a')), undefined);
  assert.equal(queue.add(receipt('b')), undefined);
  assert.equal(queue.add(receipt('b')), undefined, 'each key once');
  assert.equal(queue.add(receipt('c'))?.id, 'a');
  assert.deepEqual(ids(queue.peek()), ['b', 'c']);
});

test('what came in the place of another while that was written stays', () => {
  const queue = new ReceiptQueue();
  queue.add(receipt('a'));
  const batch = queue.peek();
  queue.add(receipt('a'));
  queue.remove(batch);
  assert.equal(queue.size, 1);
});
