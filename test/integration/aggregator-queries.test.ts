import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import type { QueryCompletionsRequestInput } from '#proto';
import { type AggregatorPlace, openAggregatorPlace } from '#test/aggregator-place';

let place: AggregatorPlace;

before(async () => {
  place = await openAggregatorPlace();
  const agent = await place.join('a', 'q');
  for (const id of ['x', 'y']) {
    await place.set(id, 1, {}, 'q');
    await agent.report(id, 1);
    await place.untilState(id, 'COMPLETE', 'q');
  }
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const question = (key: string, id: string, more: object = {}): QueryCompletionsRequestInput => ({
  key,
  request: { env: 'q', id, ...more },
});

async function answersTo(messages: QueryCompletionsRequestInput[]) {
  const answers = await Array.fromAsync(place.client.exchange('QueryCompletions', messages));
  return new Map(answers.map((answer) => [answer.key, answer]));
}

test('a stream of questions answers each with its key, as GetCompletion would', async () => {
  const answers = await answersTo([question('1', 'x'), question('2', 'y')]);
  assert.equal(answers.size, 2);
  for (const [key, id] of [
    ['1', 'x'],
    ['2', 'y'],
  ] as const) {
    const { completion } = await place.client.call('GetCompletion', { env: 'q', id });
    assert.equal(completion?.state, 'COMPLETION_STATE_COMPLETE');
    const { lag, asOfRevision } = completion;
    assert.deepEqual({ ...answers.get(key)?.response?.completion, lag, asOfRevision }, completion);
  }
});

test('a question without an answer fails alone, with the reason of the call', async () => {
  const answers = await answersTo([
    question('unknown', 'nothing'),
    question('bad', 'Bad Id'),
    { key: 'empty' },
    question('good', 'x'),
  ]);
  const failures = ['unknown', 'bad', 'empty', 'good'].map((key) => {
    const { failure } = answers.get(key) ?? {};
    return failure ? [failure.code, failure.reason, failure.problems?.[0]?.field] : undefined;
  });
  assert.deepEqual(failures, [
    ['NOT_FOUND', 'CONFIG_NOT_FOUND', undefined],
    ['INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'id'],
    ['INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'request'],
    undefined,
  ]);
});

test('three thousand questions go through one stream, each answered once', async () => {
  const messages = Array.from({ length: 3_000 }, (_, n) => question(`${n}`, n % 2 ? 'x' : 'y'));
  const answers = await answersTo(messages);
  assert.equal(answers.size, 3_000);
  for (const { response } of answers.values()) {
    assert.equal(response?.completion?.state, 'COMPLETION_STATE_COMPLETE');
  }
});

test('a key that is too long ends the stream and names the field', async () => {
  await assert.rejects(
    answersTo([question('k'.repeat(129), 'x')]),
    (error) => error instanceof RpcError && error.violations[0]?.field === 'key',
  );
});

test('a stream stays open between questions, and ends when the caller has no more', async () => {
  async function* asked() {
    yield question('1', 'x');
    await delay(300);
    yield question('2', 'x');
  }
  const keys: string[] = [];
  for await (const { key } of place.client.exchange('QueryCompletions', asked())) keys.push(key);
  assert.deepEqual(keys, ['1', '2']);
});
