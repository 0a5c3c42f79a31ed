import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import type { StreamSetIngressConfigsRequestInput } from '#proto';
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

const request = (env: string, id: string, value: number, more: object = {}) => ({
  ...{ env, id, configJson: `{"value":${value}}` },
  ...more,
});
const message = (key: string, ...args: Parameters<typeof request>) => ({
  key,
  request: request(...args),
});

const idsOf = async (env: string) =>
  (await client.call('ListIngressConfigs', { env, pageSize: 1000 })).configs.map(({ id }) => id);

test('a batch is answered in its order, each request with its own outcome', async () => {
  await client.call('SetIngressConfig', request('b1', 'there', 1));
  const { outcomes } = await client.call('BatchSetIngressConfigs', {
    requests: [
      request('b1', 'there', 1),
      request('b1', 'stale', 1, { expectedGeneration: 7 }),
      request('b1', 'new', 1, { requestId: 'b1-new' }),
      request('b1', 'only-checked', 1, { validateOnly: true }),
    ],
  });
  assert.deepEqual(
    outcomes.map(({ response, failure }) => [
      ...[response?.config?.id ?? '', response?.changed ?? null, failure?.code ?? ''],
      failure?.reason ?? '',
    ]),
    [
      ['there', false, '', ''],
      ['', null, 'ABORTED', 'GENERATION_CONFLICT'],
      ['new', true, '', ''],
      ['only-checked', true, '', ''],
    ],
  );
  assert.equal(outcomes[2]?.response?.config?.publishState, 'PUBLISH_STATE_PUBLISHED');
  assert.deepEqual(await idsOf('b1'), ['new', 'there']);
});

test('one bad request of a batch keeps all of it from being written, and every one is named', async () => {
  const requests = [
    request('b2', 'good', 1),
    request('B2', 'bad', 1),
    request('b2', 'good', 2),
    request('b2', 'odd', 1, { completionPolicy: 77 }),
  ];
  await assert.rejects(client.call('BatchSetIngressConfigs', { requests }), (error) => {
    assert(error instanceof RpcError);
    assert.equal(error.codeName, 'INVALID_ARGUMENT');
    assert.deepEqual(
      error.violations.map(({ field }) => field),
      ['requests[1].env', 'requests[2].id', 'requests[3].completion_policy'],
    );
    return true;
  });
  assert.deepEqual(await idsOf('b2'), []);
  for (const count of [0, 501]) {
    const many = Array.from({ length: count }, (_, n) => request('b2', `n${n}`, 1));
    await assert.rejects(
      client.call('BatchSetIngressConfigs', { requests: many }),
      /requests: must be 1 to 500/,
    );
  }
});

test('a stream of sets answers each with its key, and goes on after a refused one', async () => {
  const messages = [
    message('k0', 's1', 'c0', 0),
    message('k1', 's1', 'NO', 0),
    message('k2', 's1', 'c2', 0, { expectedGeneration: 3 }),
    { key: 'k3' },
    message('k4', 's1', 'c4', 0),
  ];
  const answers = await Array.fromAsync(client.exchange('StreamSetIngressConfigs', messages));
  const codes = Object.fromEntries(
    answers.map(({ key, failure }) => [key, failure ? failure.reason : 'ok']),
  );
  assert.deepEqual(codes, {
    ...{ k0: 'ok', k1: 'INVALID_ARGUMENT', k2: 'GENERATION_CONFLICT' },
    ...{ k3: 'INVALID_ARGUMENT', k4: 'ok' },
  });
  const refused = answers.find(({ key }) => key === 'k1');
  assert.equal(refused?.failure?.problems[0]?.field, 'id');
  assert.deepEqual(await idsOf('s1'), ['c0', 'c4']);
});

test('two thousand sets go through one stream, each answered once', async () => {
  const count = 2_000;
  function* messages(): Generator<StreamSetIngressConfigsRequestInput> {
    for (let n = 0; n < count; n += 1) yield message(`${n}`, 's2', `c${n % 500}`, n);
  }
  const keys = new Set<string>();
  for await (const answer of client.exchange('StreamSetIngressConfigs', messages())) {
    assert.equal(answer.failure?.message, undefined);
    keys.add(answer.key);
  }
  assert.equal(keys.size, count);
  assert.equal((await idsOf('s2')).length, 500);
});

test('a message that cannot be read ends the stream and names the field', async () => {
  const messages = [message('k'.repeat(129), 's3', 'c', 1)];
  await assert.rejects(
    Array.fromAsync(client.exchange('StreamSetIngressConfigs', messages)),
    (error) => error instanceof RpcError && error.violations[0]?.field === 'key',
  );
});

test('a stream stays open between messages, and ends when the caller has nothing more', async () => {
  const next: PromiseWithResolvers<void> = Promise.withResolvers();
  async function* messages() {
    yield message('1', 's4', 'c', 1);
    await next.promise;
    yield message('2', 's4', 'c', 2, { expectedGeneration: 1 });
  }
  const answers = client.exchange('StreamSetIngressConfigs', messages());
  assert.equal((await answers.next()).value?.response?.config?.generation, 1);
  next.resolve();
  assert.equal((await answers.next()).value?.response?.config?.generation, 2);
  assert.equal((await answers.next()).done, true);
});
