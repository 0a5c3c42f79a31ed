import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompactedError } from './errors.ts';
import type { RangeRequest, TxnRequest } from './types.ts';
import { WriteAnchor, writtenKey } from './write-anchor.ts';

const put = (key: string) => ({ put: { key, value: '' } });

test('the executed put is found in whatever branch it was', () => {
  const inner: TxnRequest = {
    compare: [],
    success: [{ range: { key: 'r' } }],
    failure: [put('b')],
  };
  const outer: TxnRequest = { compare: [], success: [{ txn: inner }, put('c')] };
  const ran = (succeeded: boolean) =>
    writtenKey(outer, {
      succeeded: true,
      results: [{ kind: 'txn', succeeded, results: [] }, { kind: 'put' }],
    });
  assert.equal(ran(false), 'b');
  assert.equal(ran(true), 'c');
  assert.equal(writtenKey(outer, { succeeded: false, results: [] }), undefined);
});

/** An etcd at `revision` whose key "k" was last put at `mod`, compacted up to `compacted`. */
function etcdAt({ revision, mod, compacted = 0n }: Record<string, bigint | undefined>) {
  return {
    range: async ({ key, revision: at }: RangeRequest) => {
      if (at !== undefined && (at < (compacted ?? 0n) || at > (revision ?? 0n))) {
        throw new CompactedError('range', 'not there');
      }
      const isThere = mod !== undefined && (at === undefined || mod <= at);
      const kv = {
        key,
        value: Buffer.of(),
        createRevision: 1n,
        modRevision: mod ?? 0n,
        lease: '0',
      };
      return {
        revision: revision ?? 0n,
        kvs: isThere ? [kv] : [],
        count: isThere ? 1 : 0,
        more: false,
      };
    },
  };
}

async function isLost(now: Record<string, bigint>, isAlone = false): Promise<boolean> {
  const anchor = new WriteAnchor({ isAlone });
  const request = { compare: [], success: [put('k')] };
  anchor.note(request, { succeeded: true, revision: 50n, results: [{ kind: 'put' }] });
  return await anchor.isLost(etcdAt(now), {});
}

test('a write is lost when its revision holds something else, or is not reached', async () => {
  assert.equal(await isLost({ revision: 90n, mod: 50n }), false);
  assert.equal(await isLost({ revision: 90n, mod: 40n }), true);
  assert.equal(await isLost({ revision: 45n, mod: 40n }), true);
});

test('after a compaction a write is lost only when the key is provably older', async () => {
  const compacted = 80n;
  assert.equal(await isLost({ revision: 90n, mod: 60n, compacted }), false);
  assert.equal(await isLost({ revision: 90n, mod: 40n, compacted }), true);
  assert.equal(await isLost({ revision: 90n, compacted }), false);
});

test('a key that is gone after a compaction was lost by an owner that nobody deletes for', async () => {
  const compacted = 80n;
  assert.equal(await isLost({ revision: 90n, compacted }, true), true);
  assert.equal(await isLost({ revision: 90n, mod: 60n, compacted }, true), false);
});

test('who has written nothing has lost nothing', async () => {
  const anchor = new WriteAnchor({ isAlone: true });
  assert.equal(await anchor.isLost(etcdAt({ revision: 1n }), {}), false);
});

test('a key that its owner deletes proves nothing any more, another one still does', () => {
  const anchor = new WriteAnchor({ isAlone: true });
  const done = {
    succeeded: true,
    revision: 8n,
    results: [{ kind: 'delete', deleted: 1 } as const],
  };
  const remove = (key: string) => ({ compare: [], success: [{ delete: { key } }] });
  anchor.wrote('k', 7n);
  anchor.note(remove('other'), done);
  assert.equal(anchor.guard().length, 1);
  anchor.note(remove('k'), done);
  assert.deepEqual(anchor.guard(), []);
});
