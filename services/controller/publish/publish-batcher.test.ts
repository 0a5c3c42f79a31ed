import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EtcdUnavailableError,
  LeaseNotFoundError,
  OutcomeUnknownError,
  type TxnRequest,
  type TxnResult,
} from '#libs/etcd';
import type { ConfigRow } from '../domain/config-row.ts';
import { PublishBatcher } from './publish-batcher.ts';
import { TombstoneLease } from './tombstone-lease.ts';

const row = (id: string, changes: Partial<ConfigRow> = {}): ConfigRow => ({
  env: 'env1',
  id,
  generation: 1,
  publishedEpoch: 0,
  publishedGeneration: 0,
  content: '{}',
  digest: 'd',
  labels: {},
  completionPolicy: 'APPLIED',
  acceptedAt: new Date(0),
  createdAt: new Date(0),
  traceparent: '',
  deleted: false,
  ...changes,
});

/** Answers each transaction when told to; every item is applied. */
class FakeEtcd {
  readonly sent: TxnRequest[] = [];
  readonly #answers: ((answer: Error | undefined) => void)[] = [];
  leases = 0;

  async txn(request: TxnRequest): Promise<TxnResult> {
    this.sent.push(request);
    const error = await new Promise<Error | undefined>((resolve) => this.#answers.push(resolve));
    if (error) throw error;
    const results = request.success.map(() => ({
      kind: 'txn' as const,
      succeeded: true,
      results: [{ kind: 'put' as const }],
    }));
    return { succeeded: true, revision: 9n, results };
  }

  async leaseGrant(): Promise<string> {
    this.leases += 1;
    return String(this.leases);
  }

  async answer(error?: Error): Promise<void> {
    await settled();
    this.#answers.shift()?.(error);
    await settled();
  }

  get sizes(): number[] {
    return this.sent.map(({ success }) => success.length);
  }
}

const settled = async () => await new Promise(setImmediate);
const clock = { now: () => 0, monotonicMs: () => 0 };

function setUp() {
  const etcd = new FakeEtcd();
  const batcher = new PublishBatcher({ etcd, lease: new TombstoneLease({ etcd, clock }) });
  return {
    etcd,
    batcher,
    publish: async (item: ConfigRow) => await batcher.publish(1, { row: item }),
  };
}

test('a lone row leaves at once, those behind gather into one transaction', async () => {
  const { etcd, publish } = setUp();
  const all = [publish(row('a'))];
  await settled();
  all.push(publish(row('b')));
  await settled();
  for (const id of ['c', 'd', 'e']) all.push(publish(row(id)));
  await settled();
  assert.deepEqual(etcd.sizes, [1, 1]);
  await etcd.answer();
  assert.deepEqual(etcd.sizes, [1, 1, 3]);
  await etcd.answer();
  await etcd.answer();
  assert.deepEqual(new Set((await Promise.all(all)).map(({ kind }) => kind)), new Set(['applied']));
});

test('a transaction holds at most 120 configs, and each config once', async () => {
  const { etcd, publish } = setUp();
  const all = Array.from({ length: 150 }, async (_, at) => await publish(row(`c${at}`)));
  all.push(publish(row('c0')));
  await settled();
  assert.deepEqual(etcd.sizes, [120, 31]);
  await etcd.answer();
  await etcd.answer();
  const again = [publish(row('x')), publish(row('x'))];
  await settled();
  assert.deepEqual(etcd.sizes.slice(2), [1, 1]);
  await etcd.answer();
  await etcd.answer();
  await Promise.all([...all, ...again]);
});

test('a transaction holds at most a mebibyte', async () => {
  const { etcd, publish } = setUp();
  const content = JSON.stringify({ text: 'x'.repeat(250 * 1024) });
  const all = ['a', 'b', 'c', 'd', 'e'].map(async (id) => await publish(row(id, { content })));
  await settled();
  assert.deepEqual(etcd.sizes, [4, 1]);
  await etcd.answer();
  await etcd.answer();
  await Promise.all(all);
});

test('rows that are at hand together leave in full transactions, four at once, each with its outcome', async () => {
  const { etcd, batcher } = setUp();
  const items = Array.from({ length: 550 }, (_, at) => ({ row: row(`c${at}`) }));
  const all = batcher.publishTogether(1, items);
  await settled();
  assert.deepEqual(etcd.sizes, [120, 120, 120, 120]);
  await etcd.answer(new EtcdUnavailableError('txn', 'refused'));
  assert.deepEqual(etcd.sizes.slice(4), [70]);
  for (let at = 0; at < 4; at += 1) await etcd.answer();
  const kinds = (await all).map(({ kind }) => kind);
  assert.deepEqual(new Set(kinds.slice(0, 120)), new Set(['failed']));
  assert.deepEqual(new Set(kinds.slice(120)), new Set(['applied']));
  assert.equal(kinds.length, 550);
});

test('rows for an empty etcd are put without guards, and with them if it is not empty after all', async () => {
  const { etcd, batcher } = setUp();
  const items = ['a', 'b'].map((id) => ({ row: row(id) }));
  const filling = batcher.publishTogether(1, items, { intoEmpty: true });
  await settled();
  const [sent] = etcd.sent;
  assert.deepEqual(
    sent?.compare.slice(1).map(({ key, rangeEnd }) => [key, rangeEnd]),
    [
      ['/ingress/ingress_config/env1/a', '/ingress/ingress_config/env1/b\0'],
      ['/ingress/ingress_tombstone/env1/a', '/ingress/ingress_tombstone/env1/b\0'],
    ],
  );
  assert.deepEqual(
    sent?.success.map((op) => 'put' in op),
    [true, true],
  );
  await etcd.answer(new OutcomeUnknownError('txn', 'cut'));
  assert.deepEqual(
    etcd.sent[1]?.success.map((op) => 'txn' in op),
    [true, true],
  );
  await etcd.answer();
  assert.deepEqual(
    (await filling).map(({ kind }) => kind),
    ['applied', 'applied'],
  );
});

test('an unknown outcome is repeated, but not for ever', async () => {
  const { etcd, publish } = setUp();
  const first = publish(row('a'));
  await etcd.answer(new OutcomeUnknownError('txn', 'cut'));
  await etcd.answer();
  assert.equal((await first).kind, 'applied');
  const second = assert.rejects(publish(row('a')), OutcomeUnknownError);
  for (let at = 0; at < 3; at += 1) await etcd.answer(new OutcomeUnknownError('txn', 'cut'));
  await second;
  assert.equal(etcd.sent.length, 5);
});

test('an unreachable etcd is not asked again', async () => {
  const { etcd, publish } = setUp();
  const refused = assert.rejects(publish(row('a')), EtcdUnavailableError);
  await etcd.answer(new EtcdUnavailableError('txn', 'refused'));
  await refused;
  assert.equal(etcd.sent.length, 1);
});

test('deletes share a lease, which is granted anew when etcd does not know it', async () => {
  const { etcd, publish } = setUp();
  const first = publish(row('a', { deleted: true }));
  await etcd.answer();
  await first;
  const second = publish(row('b', { deleted: true }));
  await etcd.answer(new LeaseNotFoundError('txn'));
  await etcd.answer();
  assert.equal((await second).kind, 'applied');
  assert.equal(etcd.leases, 2);
});
