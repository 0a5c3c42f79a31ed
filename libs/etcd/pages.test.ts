import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IKeyValue, IRangeRequest, IRangeResponse } from 'etcd3';
import { nextPageLimit, pagesOf } from './pages.ts';

const MIB = 1024 * 1024;

function pair(key: Buffer, bytes: number): IKeyValue {
  const numbers = { create_revision: '1', mod_revision: '1', version: '1', lease: '0' };
  return { key, value: Buffer.alloc(bytes), ...numbers };
}

/** Answers as etcd does, and keeps the requests. */
function storeOf(kvs: readonly IKeyValue[]) {
  const requests: IRangeRequest[] = [];
  const read = async (request: IRangeRequest): Promise<IRangeResponse> => {
    requests.push(request);
    const rest = kvs.filter(({ key }) => {
      const end = request.range_end ?? Buffer.alloc(0);
      return Buffer.compare(key, request.key ?? key) >= 0 && Buffer.compare(key, end) < 0;
    });
    const answer = rest.slice(0, Number(request.limit));
    const header = { cluster_id: '1', member_id: '1', raft_term: '1' };
    return {
      header: { ...header, revision: String(100 + requests.length) },
      kvs: answer,
      more: answer.length < rest.length,
      count: String(rest.length),
    };
  };
  return { requests, read };
}

test('a page aims at 2 MiB, and grows at most eightfold to 512 keys', () => {
  assert.equal(nextPageLimit(2, 2, 200), 16);
  assert.equal(nextPageLimit(512, 512, 51_200), 512);
  assert.equal(nextPageLimit(512, 512, 8 * MIB), 128);
  assert.equal(nextPageLimit(2, 2, 3 * MIB), 1);
  assert.equal(nextPageLimit(2, 0, 0), 1);
});

test('later pages are read at the revision of the first', async () => {
  const store = storeOf(Array.from({ length: 5 }, (_, i) => pair(Buffer.from(`/a/${i}`), 1)));
  const revisions = [];
  for await (const page of pagesOf('/a/', {}, store.read)) revisions.push(page.revision);
  assert.deepEqual(revisions, [101n, 101n]);
  assert.deepEqual(
    store.requests.map(({ revision }) => revision),
    [undefined, '101'],
  );
});

test('bounds cut the ranges that are asked for, and what is listed stays whole', async () => {
  const names = ['a/1', 'a/2', 'a/3', 'b/1', 'between', 'd/1', 'e'];
  const store = storeOf(names.map((name) => pair(Buffer.from(`/a/${name}`), 1)));
  const bounds = ['/a/b/', '/a/c/', '/a/d/', '/elsewhere/'];
  const boundAfter = (key: string) => bounds.find((bound) => bound > key) ?? '/a/a';
  const listed = [];
  for await (const { kvs } of pagesOf('/a/', { boundAfter }, store.read)) {
    listed.push(...kvs.map(({ key }) => key.slice('/a/'.length)));
  }
  assert.deepEqual(listed, names);
  assert.deepEqual(
    store.requests.map(({ range_end }) => range_end?.toString()),
    ['/a/b/', '/a/b/', '/a/c/', '/a/d/', '/a0'],
  );
});

test('a foreign key of any bytes is passed once, and an answer too large is cut', async () => {
  const keys = [Buffer.from('/a/a'), Buffer.from('/a/b'), Buffer.from([47, 97, 47, 255, 254])];
  const large = ['x', 'y', 'z'].map((name) => pair(Buffer.from(`/a/\u{10FFFF}${name}`), 1.5 * MIB));
  const kvs = [...keys.map((key) => pair(key, 1)), ...large];
  kvs.sort((a, b) => Buffer.compare(a.key, b.key));
  const store = storeOf(kvs);
  const pages = [];
  for await (const page of pagesOf('/a/', {}, store.read)) pages.push(page.kvs);
  assert.equal(pages.flat().length, 6);
  for (const page of pages) {
    assert(page.reduce((sum, kv) => sum + kv.value.length, 0) <= 4 * MIB);
  }
});
