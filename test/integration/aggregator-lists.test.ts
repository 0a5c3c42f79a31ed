// Lists and overviews of a real aggregator, over many configs and environments.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { del, put } from '#libs/etcd';
import { RpcError } from '#libs/grpc';
import { configKey, EPOCH_KEY, toFixed20 } from '#libs/keyspace';
import type { Completion, CompletionState, EnvironmentStatus } from '#proto';
import { configText, failedAttempt } from '#services/status-aggregator/domain/testing/story.ts';
import { type AggregatorPlace, openAggregatorPlace, stateOf } from '#test/aggregator-place';

/** Published configs of one transaction: etcd takes 128 operations. */
const BATCH = 100;

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace();
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const idsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `c${String(index).padStart(4, '0')}`);

/** Publishes generation 1 of all, without rows in MySQL. */
async function publishAll(env: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    await place.write(...some.map((id) => put(configKey(env, id), configText(1))));
  }
}

interface Query {
  env: string;
  id?: string;
  states?: CompletionState[];
}

/** All pages, each asked for after the one before and after what `between` does. */
async function pages(
  query: Query,
  pageSize: number,
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<Completion[][]> {
  const all: Completion[][] = [];
  let pageToken = '';
  do {
    const answer = await place.client.call('ListCompletions', { ...query, pageSize, pageToken });
    assert.ok(answer.completions.length <= pageSize);
    all.push(answer.completions);
    pageToken = answer.nextPageToken;
    await between(all.length);
  } while (pageToken !== '');
  return all;
}

const pathsOf = (completions: readonly Completion[]) =>
  completions.map(({ env, id }) => `${env}/${id}`);

async function environment(env: string): Promise<EnvironmentStatus> {
  const answer = await place.client.call('GetEnvironment', { env });
  assert.ok(answer.environment);
  return answer.environment;
}

const statesOf = ({ states }: EnvironmentStatus) =>
  Object.fromEntries(states.map((entry) => [stateOf(entry), entry.count]));

const isInvalid = (field: string) => (error: unknown) =>
  error instanceof RpcError &&
  error.codeName === 'INVALID_ARGUMENT' &&
  error.violations.some((violation) => violation.field === field);

test('pages give every config once, in order, whatever their size', async () => {
  const ids = idsOf(1_203);
  await publishAll('big', ids);
  await place.accept('c0600-accepted', 1, { published: false }, 'big');
  await place.completion('c0000', 'big');
  const wanted = [...ids, 'c0600-accepted'].toSorted().map((id) => `big/${id}`);
  for (const size of [1_000, 301, 100]) {
    const found = await pages({ env: 'big' }, size);
    assert.deepEqual(pathsOf(found.flat()), wanted);
    assert.ok(found.slice(0, -1).every((page) => page.length === size));
  }
  const capped = await place.client.call('ListCompletions', { env: 'big', pageSize: 100_000 });
  assert.equal(capped.completions.length, 1_000);
  const ordinary = await place.client.call('ListCompletions', { env: 'big' });
  assert.equal(ordinary.completions.length, 100);
  assert.ok(ordinary.asOfRevision >= place.revision);
});

test('what comes and goes between two pages neither repeats nor hides anything else', async () => {
  const ids = idsOf(30);
  await publishAll('moving', ids);
  await place.completion('c0000', 'moving');
  const found = await pages({ env: 'moving' }, 10, async (page) => {
    if (page !== 1) return;
    await place.write(
      put(configKey('moving', 'a-before'), configText(1)),
      put(configKey('moving', 'c0025-after'), configText(1)),
      del(configKey('moving', 'c0009')),
      del(configKey('moving', 'c0020')),
    );
    await place.completion('c0000', 'moving');
  });
  const wanted = ids.filter((id) => id !== 'c0020');
  assert.deepEqual(
    pathsOf(found.flat()),
    [...wanted, 'c0025-after'].toSorted().map((id) => `moving/${id}`),
  );
});

test('one id in all environments, and only some states', async () => {
  for (const env of ['s1', 's2', 's3']) {
    const agent = await place.join('a', env);
    await place.set('shared', 1, {}, env);
    await place.set(`only-${env}`, 1, {}, env);
    if (env !== 's2') await agent.report('shared', 1);
    if (env === 's3') await agent.report('shared', 0, { last_attempt: failedAttempt(1) });
  }
  await place.accept('shared', 1, { published: false }, 's4');
  await place.completion('shared', 's3');
  const shared = (await pages({ env: '-', id: 'shared' }, 2)).flat();
  assert.deepEqual(
    shared.map((completion) => `${completion.env} ${stateOf(completion)}`),
    ['s1 COMPLETE', 's2 PROGRESSING', 's3 FAILED', 's4 PENDING'],
  );
  const some = await pages(
    { env: '-', id: 'shared', states: ['COMPLETION_STATE_FAILED', 'COMPLETION_STATE_PENDING'] },
    1,
  );
  assert.deepEqual(pathsOf(some.flat()), ['s3/shared', 's4/shared']);
  const none = await place.client.call('ListCompletions', { env: 'nowhere' });
  assert.deepEqual(none.completions, []);
  assert.equal(none.nextPageToken, '');
});

test('an environment counts its members, and each config once', async () => {
  await place.mysql.db.insertInto('environment').values({ env: 'sum', min_agents: 2 }).execute();
  const a = await place.join('a', 'sum');
  const b = await place.join('b', 'sum');
  const ids = ['complete', 'failed', 'half', 'removed', 'half-removed'];
  for (const id of ids) await place.set(id, 1, {}, 'sum');
  await place.accept('accepted', 1, { published: false }, 'sum');
  await place.accept('old', 3, { deleted: true, deletedAt: new Date(0) }, 'sum');
  for (const id of ids) await a.report(id, 1);
  await b.report('complete', 1);
  await b.report('failed', 0, { applied: null, last_attempt: failedAttempt(1) });
  for (const id of ['removed', 'half-removed']) {
    await place.publishDelete(id, 2, 'sum');
    await place.accept(id, 2, { deleted: true }, 'sum');
    await a.reportRemoved(id, 2);
  }
  await b.reportRemoved('removed', 2);
  await place.completion('complete', 'sum');
  const before = await environment('sum');
  assert.deepEqual(statesOf(before), {
    ...{ FAILED: 1, PENDING: 1, DELETING: 1, PROGRESSING: 1, DELETED: 1, COMPLETE: 1 },
  });
  assert.deepEqual([before.live, before.lost, before.minAgents, before.lostAgents], [2, 0, 2, []]);
  assert.equal(before.epoch, place.epoch);

  await b.die();
  await place.completion('complete', 'sum');
  const lost = await environment('sum');
  assert.deepEqual(statesOf(lost), {
    ...{ PENDING: 1, DELETED_WITH_EXCEPTIONS: 2, COMPLETE_WITH_EXCEPTIONS: 3 },
  });
  assert.deepEqual([lost.live, lost.lost, lost.lostAgents], [1, 1, ['b']]);

  await a.leave();
  await place.completion('complete', 'sum');
  assert.deepEqual(statesOf(await environment('sum')), { NO_AGENTS: 5, PENDING: 1 });
});

test('environments are listed the worst first, page by page', async () => {
  const all: EnvironmentStatus[] = [];
  let pageToken = '';
  do {
    const request = { pageSize: 2, pageToken };
    const answer = await place.client.call('ListEnvironments', request);
    all.push(...answer.environments);
    pageToken = answer.nextPageToken;
  } while (pageToken !== '');
  assert.deepEqual(
    all.map((status) => [status.env, Object.keys(statesOf(status))[0]]),
    [
      ['s3', 'FAILED'],
      ['sum', 'NO_AGENTS'],
      ['big', 'NO_AGENTS'],
      ['moving', 'NO_AGENTS'],
      ['s4', 'PENDING'],
      ['s1', 'PROGRESSING'],
      ['s2', 'PROGRESSING'],
    ],
  );
  for (const status of all) {
    const listed = await pages({ env: status.env }, 1_000);
    const sum = status.states.reduce((total, { count }) => total + count, 0);
    assert.equal(sum, listed.flat().length, status.env);
  }
});

test('an environment of members or settings alone is one, another is not found', async () => {
  await place.join('a', 'members');
  await place.write(put('/ingress/marker', ''));
  await place.mysql.db.insertInto('environment').values({ env: 'set', min_agents: 7 }).execute();
  await place.completion('c0000', 'big');
  const members = await environment('members');
  assert.deepEqual([members.live, members.lost, members.minAgents], [1, 0, 1]);
  assert.deepEqual(members.states, []);
  const settings = await environment('set');
  assert.deepEqual([settings.live, settings.minAgents], [0, 7]);
  await assert.rejects(
    environment('nowhere'),
    (error) => error instanceof RpcError && error.reason === 'ENVIRONMENT_NOT_FOUND',
  );
});

test('requests that make no sense name the field', async () => {
  const { client } = place;
  const list = async (request: object) =>
    await client.call('ListCompletions', { env: 'big', ...request });
  await assert.rejects(list({ pageSize: -1 }), isInvalid('page_size'));
  for (const pageToken of ['x', '%%', Buffer.from('{"env":1}').toString('base64url')]) {
    await assert.rejects(list({ pageToken }), isInvalid('page_token'));
    await assert.rejects(client.call('ListEnvironments', { pageToken }), isInvalid('page_token'));
  }
  await assert.rejects(list({ env: '' }), isInvalid('env'));
  await assert.rejects(list({ id: 'a/b' }), isInvalid('id'));
  await assert.rejects(list({ states: ['COMPLETION_STATE_UNSPECIFIED'] }), isInvalid('states'));
  const bad = { env: 'a/b', id: '../c', after: { epoch: -1, revision: 0, generation: 0 } };
  for (const field of ['env', 'id', 'after.epoch']) {
    await assert.rejects(client.call('GetCompletion', bad), isInvalid(field));
  }
  await assert.rejects(client.call('GetEnvironment', { env: '-' }), isInvalid('env'));
  await assert.rejects(
    client.call('WaitForCompletion', { envs: [], id: 'web' }),
    isInvalid('envs'),
  );
  await assert.rejects(
    client.call('WaitForCompletion', { envs: ['a', 'b'], id: 'web', generation: 1 }),
    isInvalid('generation'),
  );
});

test('while etcd is rebuilt everything that is accepted is listed, as UNKNOWN', async () => {
  const ids = idsOf(250);
  await Promise.all(ids.map(async (id) => await place.accept(id, 1, {}, 'rebuilt')));
  await place.accept('gone', 2, { deleted: true }, 'rebuilt');
  await place.join('a', 'rebuilt');
  await place.write(put(EPOCH_KEY, toFixed20(2)));
  await place.untilShown('c0000', 'rebuilt', 2);
  const found = (await pages({ env: 'rebuilt' }, 100)).flat();
  assert.deepEqual(
    pathsOf(found),
    ids.map((id) => `rebuilt/${id}`),
  );
  assert.deepEqual(new Set(found.map(stateOf)), new Set(['UNKNOWN']));
  assert.deepEqual(statesOf(await environment('rebuilt')), { UNKNOWN: 250 });
  assert.deepEqual(statesOf(await environment('nowhere')), { UNKNOWN: 0 });
  const { environments } = await place.client.call('ListEnvironments', {});
  assert.deepEqual(
    new Set(environments.flatMap(({ states }) => states.map(stateOf))),
    new Set(['UNKNOWN']),
  );
});
