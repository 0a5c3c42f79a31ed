import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RangeResult, TxnResult } from '#libs/etcd';
import { RevisionWatermark } from './revision-watermark.ts';

/** Answers calls by hand, in any order. */
class FakeEtcd {
  readonly answers: ((revision: bigint) => void)[] = [];

  async range(): Promise<RangeResult> {
    return { revision: await this.#answer(), kvs: [], count: 0, more: false };
  }

  async txn(): Promise<TxnResult> {
    return { revision: await this.#answer(), succeeded: true, results: [] };
  }

  async #answer(): Promise<bigint> {
    return await new Promise<bigint>((resolve) => this.answers.push(resolve));
  }
}

function setUp() {
  const etcd = new FakeEtcd();
  const count = { rewinds: 0 };
  const onRewind = () => {
    count.rewinds += 1;
  };
  const watermark = new RevisionWatermark({ etcd, onRewind });
  const call = async (revision: bigint) => {
    const result = watermark.range({ key: 'a' });
    etcd.answers.shift()?.(revision);
    await result;
  };
  return { etcd, watermark, count, call };
}

test('tells of a revision below what was seen before the call', async () => {
  const { watermark, count, call } = setUp();
  watermark.enter(1, 10n);
  await call(12n);
  await call(11n);
  assert.equal(count.rewinds, 1);
  assert.deepEqual(watermark.seen, { epoch: 1, revision: 12n });
});

test('answers that overtake each other are no rewind', async () => {
  const { etcd, watermark, count } = setUp();
  watermark.enter(1, 10n);
  const calls = [watermark.range({ key: 'a' }), watermark.txn({ compare: [], success: [] })];
  const [first, second] = etcd.answers;
  second?.(13n);
  await calls[1];
  first?.(11n);
  await calls[0];
  assert.equal(count.rewinds, 0);
  assert.equal(watermark.seen?.revision, 13n);
});

test('answers from before a new epoch do not count in it', async () => {
  const { etcd, watermark, count, call } = setUp();
  watermark.enter(1, 100n);
  const late = watermark.range({ key: 'a' });
  watermark.enter(2, 5n);
  etcd.answers.shift()?.(101n);
  await late;
  await call(6n);
  assert.equal(count.rewinds, 0);
  assert.deepEqual(watermark.seen, { epoch: 2, revision: 6n });
});

/** A look for a write that etcd does not hold any more; `meanwhile` is before its answer. */
async function lookForLost(meanwhile: (watermark: RevisionWatermark) => void): Promise<boolean> {
  const { etcd, watermark } = setUp();
  watermark.enter(1, 10n);
  const write = watermark.txn({ compare: [], success: [{ put: { key: 'a', value: '1' } }] });
  etcd.answers.shift()?.(11n);
  await write;
  const look = watermark.hasLostWrites({});
  meanwhile(watermark);
  etcd.answers.shift()?.(12n);
  return await look;
}

test('a write that the last epoch lost is no loss of the next', async () => {
  assert.equal(await lookForLost((watermark) => watermark.enter(2, 5n)), false);
});

test('a write that etcd does not have any more is lost', async () => {
  assert.equal(await lookForLost(() => undefined), true);
});
