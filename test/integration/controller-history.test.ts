import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { objectFromStruct, RpcError } from '#libs/grpc';
import { openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import type { ListGenerationsRequestInput } from '#proto';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';

let place: ControllerPlace;
let client: ControllerPlace['controllers'][number]['client'];

before(async () => {
  place = await openControllerPlace({ controllers: 1 });
  [{ client }] = place.controllers as [ControllerPlace['controllers'][number]];
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const set = async (id: string, value: unknown, more: object = {}, actor = 'anna') => {
  const request = { env: '1', id, configJson: JSON.stringify({ value }), ...more };
  return (await client.call('SetIngressConfig', request, { actor })).config;
};

const refused = async (call: Promise<unknown>, codeName: string, reason: string) => {
  await assert.rejects(call, (error) => {
    assert(error instanceof RpcError, String(error));
    assert.deepEqual([error.codeName, error.reason], [codeName, reason]);
    return true;
  });
};

test('every generation is kept: its content, who made it, why, when, and by which request', async () => {
  const ref = { env: '1', id: 'kept' };
  const start = Date.now();
  await set('kept', 1, { note: 'first', requestId: 'kept-1', labels: { team: 'x' } });
  await set('kept', 2, { completionPolicy: 'COMPLETION_POLICY_VERIFIED' }, 'bert');
  await client.call('DeleteIngressConfig', { ...ref, note: 'gone' }, { actor: 'carl' });

  const { generations } = await client.call('ListGenerations', ref);
  assert.deepEqual(
    generations.map(({ generation, actor, note, deleted, completionPolicy }) => [
      ...[generation, actor, note, deleted, completionPolicy],
    ]),
    [
      [3, 'carl', 'gone', true, 'COMPLETION_POLICY_VERIFIED'],
      [2, 'bert', '', false, 'COMPLETION_POLICY_VERIFIED'],
      [1, 'anna', 'first', false, 'COMPLETION_POLICY_APPLIED'],
    ],
  );
  assert(generations.every(({ config, configJson }) => config === null && configJson === ''));
  assert.equal(generations[2]?.requestId, 'kept-1');
  assert.notEqual(generations[1]?.requestId, '');

  const { generation } = await client.call('GetGeneration', { ...ref, generation: 1 });
  assert.deepEqual({ ...objectFromStruct(generation?.config ?? {}) }, { value: 1 });
  assert.deepEqual(generation?.labels, { team: 'x' });
  const seconds = generation?.acceptTime?.seconds ?? 0;
  assert(seconds * 1000 > start - 5_000 && seconds * 1000 < Date.now() + 5_000);
});

test('a history comes in pages, the newest first, also with contents', async () => {
  for (let value = 1; value <= 20; value += 1) await set('paged', value);
  const walk = async (more: ListGenerationsRequestInput) => {
    const seen: number[] = [];
    let pageToken = '';
    do {
      const request = { env: '1', id: 'paged', pageToken, ...more };
      const page = await client.call('ListGenerations', request);
      seen.push(...page.generations.map(({ generation }) => generation));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return seen;
  };
  const all = Array.from({ length: 20 }, (_, n) => 20 - n);
  assert.deepEqual(await walk({ pageSize: 7 }), all);
  assert.deepEqual(await walk({ view: 'CONFIG_VIEW_JSON' }), all);
  await refused(
    client.call('ListGenerations', { env: '1', id: 'paged', pageToken: 'x' }),
    'INVALID_ARGUMENT',
    'INVALID_ARGUMENT',
  );
});

test('two generations are compared; by default the newest with the one before it', async () => {
  await set('compared', 'a', { labels: { team: 'x' } });
  await set('compared', 'b', { labels: { team: 'x' } });
  await set('compared', 'c', { labels: {} });
  const ref = { env: '1', id: 'compared' };

  const newest = await client.call('DiffGenerations', ref);
  assert.deepEqual([newest.from?.generation, newest.to?.generation], [2, 3]);
  assert.deepEqual(newest.changes, [
    { type: 'TYPE_CHANGED', path: '$.config.value', oldJson: '"b"', newJson: '"c"' },
    { type: 'TYPE_REMOVED', path: '$.labels.team', oldJson: '"x"', newJson: '' },
  ]);
  assert.match(newest.unified, /^--- 1\/compared generation 2\n\+\+\+ 1\/compared generation 3\n/);
  assert.match(newest.unified, /^-  value: b$/m);
  assert.match(newest.unified, /^\+  value: c$/m);

  const back = await client.call('DiffGenerations', {
    ...{ ...ref, fromGeneration: 2, toGeneration: 1, contextLines: 0 },
  });
  assert.deepEqual(
    back.changes.map(({ path, newJson }) => [path, newJson]),
    [['$.config.value', '"a"']],
  );
  const first = await client.call('DiffGenerations', { ...ref, toGeneration: 1 });
  assert.equal(first.from, null);
  assert(first.changes.every(({ type }) => type === 'TYPE_ADDED'));
});

test('a rollback is a new generation with the old content, labels and policy', async () => {
  const ref = { env: '1', id: 'back' };
  const verified = { completionPolicy: 'COMPLETION_POLICY_VERIFIED' };
  await set('back', 1, { labels: { team: 'x' }, ...verified });
  await set('back', 2);
  const rollback = { ...ref, toGeneration: 1, expectedGeneration: 2, requestId: 'back-1' };
  const answer = await client.call('RollbackIngressConfig', rollback, { actor: 'dora' });
  assert.deepEqual([answer.config?.generation, answer.changed], [3, true]);
  assert.equal(answer.config?.publishState, 'PUBLISH_STATE_PUBLISHED');
  assert.deepEqual(
    [answer.config?.actor, answer.config?.note],
    ['dora', 'rollback to generation 1'],
  );
  const { changes } = await client.call('DiffGenerations', { ...ref, fromGeneration: 1 });
  assert.deepEqual(changes, []);

  const again = await client.call('RollbackIngressConfig', rollback);
  assert.deepEqual([again.config?.generation, again.changed], [3, true]);
  await refused(
    client.call('RollbackIngressConfig', { ...rollback, toGeneration: 2 }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  );
  await refused(
    client.call('RollbackIngressConfig', { ...rollback, requestId: '' }),
    'ABORTED',
    'GENERATION_CONFLICT',
  );
  const same = await client.call('RollbackIngressConfig', { ...ref, toGeneration: 3 });
  assert.deepEqual([same.config?.generation, same.changed], [3, false]);
});

test('a rollback brings a deleted config back, and never goes to a delete', async () => {
  const ref = { env: '1', id: 'revived' };
  await set('revived', 1);
  await client.call('DeleteIngressConfig', ref);
  await refused(
    client.call('RollbackIngressConfig', { ...ref, toGeneration: 2 }),
    'FAILED_PRECONDITION',
    'GENERATION_IS_DELETE',
  );
  const request = { ...ref, toGeneration: 1, expectedGeneration: 0 };
  assert.equal((await client.call('RollbackIngressConfig', request)).config?.generation, 3);
  const { config } = await client.call('GetIngressConfig', { ...ref, view: 'CONFIG_VIEW_JSON' });
  assert.equal(config?.configJson, '{"value":1}');
});

test('what is not in the history is NOT_FOUND, and says which', async () => {
  const nobody = { env: '1', id: 'nobody' };
  await refused(client.call('ListGenerations', nobody), 'NOT_FOUND', 'CONFIG_NOT_FOUND');
  await refused(client.call('DiffGenerations', nobody), 'NOT_FOUND', 'CONFIG_NOT_FOUND');
  const missing = { ...nobody, generation: 7 };
  await refused(client.call('GetGeneration', missing), 'NOT_FOUND', 'GENERATION_NOT_FOUND');
  await refused(
    client.call('RollbackIngressConfig', { ...nobody, toGeneration: 7 }),
    'NOT_FOUND',
    'GENERATION_NOT_FOUND',
  );
});

test('a generation that the controllers made themselves has no request', async () => {
  await set('lifted', 1);
  await using mysql = openMysql({ url: place.url }, { log });
  await new ConfigStore({ mysql }).heal('1', 'lifted', 40);
  const { generations } = await client.call('ListGenerations', { env: '1', id: 'lifted' });
  assert.deepEqual(
    generations.map(({ generation, actor, requestId }) => [generation, actor, requestId !== '']),
    [
      [41, 'rollcall', false],
      [1, 'anna', true],
    ],
  );
});
