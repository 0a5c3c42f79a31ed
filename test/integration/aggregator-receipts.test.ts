// Receipts as real aggregators write them. The agents are nothing but their keys.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import type { CompletionReceipt } from '#proto';
import { type AggregatorPlace, openAggregatorPlace } from '#test/aggregator-place';
import { eventually } from '#test/eventually';

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace({ ownMysql: true });
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

/** Waits for the receipt of a generation; 0: the newest. */
async function receiptOf(env: string, id: string, generation = 0): Promise<CompletionReceipt> {
  const look = async () =>
    (await place.client.call('GetReceipt', { env, id, generation })).receipt ?? false;
  return await eventually(look, { timeoutMs: 15_000, what: `the receipt of ${env}/${id}` });
}

const rowsOf = async (env: string) =>
  await place.mysql.db
    .selectFrom('completion_receipt')
    .select(['id', 'generation', 'kind', 'late', 'written_by'])
    .where('env', '=', env)
    .orderBy('id')
    .execute();

test('a receipt names the generation, its members, its proof, and when what was seen', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((name) => place.join(name, 'first')));
  await place.set('web', 1, {}, 'first');
  await a?.report('web', 1);
  assert.equal(await place.state('web', 'first'), 'PROGRESSING');
  await assert.rejects(
    place.client.call('GetReceipt', { env: 'first', id: 'web' }),
    (error) => error instanceof RpcError && error.codeName === 'NOT_FOUND',
  );
  await b?.report('web', 1);
  const receipt = await receiptOf('first', 'web');
  assert.equal(receipt.kind, 'RECEIPT_KIND_COMPLETED');
  assert.deepEqual([receipt.generation, receipt.members, receipt.late], [1, 2, false]);
  assert.equal(receipt.membersDigest, createHash('sha256').update('a\nb\n').digest('hex'));
  assert.deepEqual([receipt.exceptions, receipt.proof], [[], 'COMPLETION_POLICY_APPLIED']);
  assert.deepEqual([receipt.epoch, receipt.writtenBy], [1, 'aggregator-1']);
  const times = [receipt.publishTime, receipt.firstApplyTime, receipt.lastApplyTime];
  const ms = times.map((time) => (time ? time.seconds * 1000 + time.nanos / 1e6 : 0));
  assert.ok(ms.every((time) => Math.abs(Date.now() - time) < 60_000));
  assert.deepEqual(
    ms,
    ms.toSorted((x, y) => x - y),
  );
  const shown = await place.completion('web', 'first');
  assert.deepEqual(shown.receipt, receipt);
  assert.equal(shown.inSync, true);
});

test('the receipt stands while in_sync follows what happens to the agents', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((name) => place.join(name, 'level')));
  await place.set('web', 1, {}, 'level');
  await a?.report('web', 1);
  await b?.report('web', 1);
  const receipt = await receiptOf('level', 'web');
  await b?.die();
  const later = await place.completion('web', 'level');
  assert.equal(later.state, 'COMPLETION_STATE_COMPLETE_WITH_EXCEPTIONS');
  assert.equal(later.inSync, false);
  assert.deepEqual(later.receipt, receipt);
});

test('who is lost is named, and a delete has a receipt of its own', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((name) => place.join(name, 'gone')));
  await b?.die();
  await place.set('web', 1, {}, 'gone');
  await a?.report('web', 1);
  const completed = await receiptOf('gone', 'web', 1);
  assert.deepEqual(completed.exceptions, [{ agent: 'b', reason: 'LOST' }]);
  assert.equal(completed.members, 1);
  await place.accept('web', 2, { deleted: true }, 'gone');
  await place.publishDelete('web', 2, 'gone');
  await a?.reportRemoved('web', 2);
  const deleted = await receiptOf('gone', 'web', 2);
  assert.equal(deleted.kind, 'RECEIPT_KIND_DELETED');
  assert.deepEqual([deleted.digest, deleted.exceptions.length], ['', 1]);
  assert.ok(deleted.acceptTime, 'told by MySQL');
  const { receipts } = await place.client.call('ListReceipts', { env: 'gone' });
  assert.deepEqual(
    receipts.map(({ generation }) => generation),
    [2, 1],
  );
  const one = await place.client.call('ListReceipts', { env: 'gone', pageSize: 1 });
  const two = await place.client.call('ListReceipts', {
    ...{ env: 'gone', pageSize: 1 },
    pageToken: one.nextPageToken,
  });
  assert.deepEqual([...one.receipts, ...two.receipts], receipts);
});

test('too few members for the environment make no receipt', async () => {
  await place.mysql.db.insertInto('environment').values({ env: 'few', min_agents: 2 }).execute();
  const a = await place.join('a', 'few');
  await place.set('web', 1, {}, 'few');
  await a.report('web', 1);
  await delay(1_000);
  assert.deepEqual(await rowsOf('few'), []);
  const b = await place.join('b', 'few');
  await b.report('web', 1);
  assert.equal((await receiptOf('few', 'web')).members, 2);
});

test('three aggregators race while MySQL dies and comes back: one receipt for each generation', async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `c${index}`);
  for (const name of ['aggregator-2', 'aggregator-3']) await place.startAggregator(name);
  const [a, b] = await Promise.all(['a', 'b'].map((name) => place.join(name, 'race')));
  for (const id of ids) await place.set(id, 1, {}, 'race');
  await a?.reportAll(ids, 1);
  await b?.reportAll(ids.slice(0, 10), 1);
  await eventually(async () => (await rowsOf('race')).length === 10, { timeoutMs: 15_000 });

  await place.mysqlServer.kill();
  await b?.reportAll(ids.slice(10, 20), 1);
  await delay(1_500);
  await place.mysqlServer.restart();
  await b?.reportAll(ids.slice(20), 1);
  await eventually(async () => (await rowsOf('race')).length === 30, { timeoutMs: 20_000 });
  await delay(1_000);
  const rows = await rowsOf('race');
  assert.deepEqual(
    rows.map(({ id, generation, kind, late }) => [id, generation, kind, late]),
    ids.toSorted().map((id) => [id, 1, 'COMPLETED', 0]),
  );
});

test('generations that follow each other at once: one receipt for each that was complete', async () => {
  const generations = Array.from({ length: 40 }, (_, index) => index + 1);
  const a = await place.join('a', 'burst');
  for (const generation of generations) {
    await place.accept('web', generation, {}, 'burst');
    await place.publish('web', generation, {}, 'burst');
    if (generation % 4 !== 0) await a.report('web', generation);
  }
  const complete = generations.filter((generation) => generation % 4 !== 0);
  await eventually(async () => (await rowsOf('burst')).length === complete.length, {
    timeoutMs: 15_000,
  });
  await delay(500);
  const found = (await rowsOf('burst')).map(({ generation }) => generation);
  assert.deepEqual(
    found.toSorted((x, y) => x - y),
    complete,
  );
});

test('a lower minimum of members makes the receipt due, though nothing happens in etcd', async () => {
  const setting = { env: 'lower', min_agents: 2 };
  await place.mysql.db.insertInto('environment').values(setting).execute();
  const a = await place.join('a', 'lower');
  await place.set('web', 1, {}, 'lower');
  await a.report('web', 1);
  await delay(1_000);
  assert.deepEqual(await rowsOf('lower'), []);
  const settings = place.mysql.db.updateTable('environment').where('env', '=', 'lower');
  await settings.set({ min_agents: 1 }).execute();
  await receiptOf('lower', 'web');
});

test('what nobody accepted has no receipt, however many have it in force', async () => {
  const a = await place.join('a', 'rogue');
  await place.accept('web', 1, { content: 'accepted' }, 'rogue');
  await place.publish('web', 1, {}, 'rogue');
  await a.report('web', 1);
  assert.equal(await place.state('web', 'rogue'), 'PENDING');
  await delay(1_000);
  assert.deepEqual(await rowsOf('rogue'), []);
});

test('without MySQL the level is told, and receipts are UNAVAILABLE', async () => {
  const a = await place.join('a', 'blind');
  await place.set('web', 1, {}, 'blind');
  await a.report('web', 1);
  await receiptOf('blind', 'web');
  await place.mysqlServer.kill();
  const isUnavailable = (error: unknown) =>
    error instanceof RpcError && error.codeName === 'UNAVAILABLE';
  await assert.rejects(place.client.call('GetReceipt', { env: 'blind', id: 'web' }), isUnavailable);
  await assert.rejects(place.client.call('ListReceipts', { env: '-' }), isUnavailable);
  const blind = await place.completion('web', 'blind');
  assert.deepEqual([blind.inSync, blind.receipt, blind.acceptedKnown], [true, null, false]);
  await place.mysqlServer.restart();
  await receiptOf('blind', 'web');
});

test('a clean stop writes what is due', async () => {
  await using alone = await openAggregatorPlace();
  const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
  const a = await alone.join('a', 'stop');
  for (const id of ids) await alone.set(id, 1, {}, 'stop');
  await a.reportAll(ids, 1);
  await alone.untilState('c49', 'COMPLETE', 'stop');
  assert.equal((await alone.program.stop()).code, 0);
  const rows = await alone.mysql.db.selectFrom('completion_receipt').select('id').execute();
  assert.equal(rows.length, 50);
});

test('what came to hold while no aggregator ran gets a receipt marked late, and no second one', async () => {
  await using alone = await openAggregatorPlace();
  const a = await alone.join('a', 'late');
  await alone.set('before', 1, {}, 'late');
  await a.report('before', 1);
  const look = async (id: string) => {
    const { receipt } = await alone.client.call('GetReceipt', { env: 'late', id });
    return receipt ?? false;
  };
  await eventually(() => look('before'), { timeoutMs: 10_000 });
  await alone.program.kill();
  await alone.set('during', 1, {}, 'late');
  await a.report('during', 1);
  await alone.startAggregator('successor');
  const during = await eventually(() => look('during'), { timeoutMs: 10_000 });
  assert.deepEqual([during.late, during.firstApplyTime], [true, null]);
  assert.equal(during.writtenBy, 'successor');
  const before = await look('before');
  assert.ok(before);
  assert.deepEqual([before.late, before.writtenBy], [false, 'aggregator-1']);
});

test('no receipt is written while etcd is being rebuilt', async () => {
  await using alone = await openAggregatorPlace();
  const a = await alone.join('a', 'rebuild');
  await alone.beginEpoch(2);
  await alone.set('web', 1, {}, 'rebuild');
  await a.report('web', 1);
  await a.sync();
  await delay(1_000);
  const none = alone.client.call('GetReceipt', { env: 'rebuild', id: 'web' });
  await assert.rejects(
    none,
    (error) => error instanceof RpcError && error.codeName === 'NOT_FOUND',
  );
  await alone.ready(2);
  const look = async () =>
    (await alone.client.call('GetReceipt', { env: 'rebuild', id: 'web' })).receipt ?? false;
  assert.equal((await eventually(look, { timeoutMs: 10_000 })).epoch, 2);
});
