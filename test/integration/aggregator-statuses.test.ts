// Who stands where, waits on one agent, and answers that must not be old: by a real aggregator.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import { failedAttempt } from '#services/status-aggregator/domain/testing/story.ts';
import { type AggregatorPlace, openAggregatorPlace } from '#test/aggregator-place';
import { KeysAgent } from '#test/keys-agent';

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace();
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const LINEARIZABLE = { consistency: 'READ_CONSISTENCY_LINEARIZABLE' } as const;

test('every member is listed with where it stands, in pages', async () => {
  const env = 'pages';
  const names = ['a', 'b', 'c', 'd', 'e'];
  const [a, b, c, d] = await Promise.all(names.map((name) => place.join(name, env)));
  await place.set('web', 2, {}, env);
  await a?.report('web', 2);
  await b?.report('web', 1);
  await c?.report('web', 1, { phase: 'REJECTED', last_attempt: failedAttempt(2) });
  await d?.die();
  const list = async (request: object) =>
    await place.client.call('ListAgentStatuses', { env, id: 'web', ...LINEARIZABLE, ...request });
  const { statuses, generation } = await list({});
  assert.equal(generation, 2);
  assert.deepEqual(
    statuses.map((status) => [
      status.agent,
      status.standing.slice('AGENT_STANDING_'.length),
      ...[status.reason, status.phase, status.appliedGeneration, status.upToDate],
    ]),
    [
      ['a', 'DONE', '', 'APPLIED', 2, true],
      ['b', 'PROGRESSING', 'OLD_GENERATION', 'APPLIED', 1, false],
      ['c', 'FAILED', 'FAILED', 'REJECTED', 1, false],
      ['d', 'LOST', 'LOST', '', 0, false],
      ['e', 'PROGRESSING', 'NO_REPORT', '', 0, false],
    ],
  );
  const paged: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await list({ pageSize: 2, pageToken });
    paged.push(...page.statuses.map(({ agent }) => agent));
    pageToken = page.nextPageToken;
    if (pageToken === '') break;
  }
  assert.deepEqual(paged, names);
  const { statuses: some } = await list({
    standings: ['AGENT_STANDING_LOST', 'AGENT_STANDING_DONE'],
  });
  assert.deepEqual(
    some.map(({ agent }) => agent),
    ['a', 'd'],
  );
  await assert.rejects(
    place.client.call('ListAgentStatuses', { env, id: 'none' }),
    (error) => error instanceof RpcError && error.codeName === 'NOT_FOUND',
  );
});

test('a wait on one agent ends when that one has it, whatever the others do', async () => {
  const env = 'one';
  const [a, b] = await Promise.all(['a', 'b'].map((name) => place.join(name, env)));
  await place.set('web', 1, {}, env);
  const wait = async (agent: string) =>
    await place.client.call(
      'WaitForCompletion',
      { envs: [env], id: 'web', generation: 1, agent, after: place.after },
      { timeoutMs: 3_000 },
    );
  const waiting = wait('a');
  await a?.report('web', 1);
  const done = await waiting;
  assert.equal(done.outcome, 'WAIT_OUTCOME_DONE');
  assert.match(
    done.reason,
    /^a DONE; env one: PROGRESSING, 1\/2 done, b NO_REPORT: has not reported it/,
  );
  assert.equal((await wait('b')).outcome, 'WAIT_OUTCOME_TIMED_OUT');
  await b?.report('web', 0, { phase: 'REJECTED', applied: null, last_attempt: failedAttempt(1) });
  assert.equal((await wait('b')).outcome, 'WAIT_OUTCOME_FAILED');
  assert.equal((await wait('nobody')).outcome, 'WAIT_OUTCOME_TIMED_OUT');
  await place.set('web', 2, {}, env);
  assert.equal((await wait('a')).outcome, 'WAIT_OUTCOME_SUPERSEDED');
  await place.accept('web', 3, { deleted: true }, env);
  await place.publishDelete('web', 3, env);
  const removal = place.client.call('WaitForCompletion', {
    ...{ envs: [env], id: 'web', generation: 3, agent: 'a', after: place.after },
    waitFor: 'WAIT_FOR_DELETED',
  });
  await a?.reportRemoved('web', 3);
  assert.equal((await removal).outcome, 'WAIT_OUTCOME_DONE');
});

test('a wait on an agent is for one environment, and its name must be one', async () => {
  for (const request of [
    { envs: ['one', 'two'], agent: 'a' },
    { envs: ['one'], agent: 'Ä' },
  ]) {
    await assert.rejects(
      place.client.call('WaitForCompletion', { id: 'web', ...request }),
      (error) =>
        error instanceof RpcError && error.violations.some(({ field }) => field === 'agent'),
    );
  }
});

test('a linearizable answer holds every write that came before it, each time', async () => {
  const env = 'linear';
  const agent = await place.join('a', env);
  for (let generation = 1; generation <= 30; generation += 1) {
    await place.set('web', generation, {}, env);
    await agent.report('web', generation);
    const request = { env, id: 'web', ...LINEARIZABLE };
    const { completion } = await place.client.call('GetCompletion', request);
    assert.equal(completion?.state, 'COMPLETION_STATE_COMPLETE');
    assert.equal(completion.generation, generation);
    assert.ok(completion.asOfRevision >= place.revision);
  }
});

test('callers of linearizable answers share heartbeats', async () => {
  const env = 'shared';
  await place.join('a', env);
  await place.set('web', 1, {}, env);
  const version = async () => {
    const { kvs } = await place.kv.range({ key: '/ingress/aggregator/aggregator-1' });
    return Number(kvs[0]?.modRevision ?? 0n);
  };
  const before = await version();
  const request = { env, id: 'web', ...LINEARIZABLE };
  await Promise.all(Array.from({ length: 200 }, () => place.client.call('GetCompletion', request)));
  // Revisions count all writes, and nobody else writes here.
  assert.ok((await version()) - before < 50);
});

test('a linearizable call says so when etcd hangs, and does not answer with what is old', async () => {
  await place.join('a', 'hang');
  await place.set('web', 1, {}, 'hang');
  await place.completion('web', 'hang');
  place.etcd.signal('SIGSTOP');
  try {
    const request = { env: 'hang', id: 'web', ...LINEARIZABLE };
    await assert.rejects(
      place.client.call('GetCompletion', request, { timeoutMs: 1_500 }),
      (error) => error instanceof RpcError && error.reason === 'LINEARIZABLE_TIMEOUT',
    );
  } finally {
    place.etcd.signal('SIGCONT');
  }
});

test('an etcd without space: what is known stays known, and one that hangs is noticed', async () => {
  await using full = await openAggregatorPlace({ quotaBytes: 2_000_000 });
  const agent = await full.join('a', 'full');
  await full.set('web', 1, {}, 'full');
  await agent.report('web', 1);
  assert.equal(await full.state('web', 'full'), 'COMPLETE');
  const filler = 'x'.repeat(200_000);
  const isFull = async () => {
    // etcd counts what it has committed to its file, ten times a second: some more than fit are taken.
    for (let index = 0; index < 1_000; index += 1) {
      await full.kv.txn({
        compare: [],
        success: [{ put: { key: `/filler/${index}`, value: filler } }],
      });
    }
  };
  await assert.rejects(isFull(), { name: 'NoSpaceError' });

  // Its heartbeats are shorter here than the silence after which a watch is asked how far it is: the
  // first read is proven late.
  await delay(3_000);
  await full.untilState('web', 'COMPLETE', 'full');
  // Ten heartbeats' worth: only the fallback proves the view.
  const until = performance.now() + 5_000;
  while (performance.now() < until) {
    const now = await full.completionNow('web', 'full');
    assert.equal(now.state, 'COMPLETION_STATE_COMPLETE', now.unknownReason);
    await delay(50);
  }
  full.etcd.signal('SIGSTOP');
  try {
    await full.untilState('web', 'UNKNOWN', 'full');
  } finally {
    full.etcd.signal('SIGCONT');
  }
  await full.untilState('web', 'COMPLETE', 'full');
  // What ends is still seen: deletes need no space.
  await agent.die();
  await full.untilState('web', 'STALLED', 'full');
  await full.startAggregator('successor');
  await full.untilState('web', 'STALLED', 'full');
});

test('two replicas say the same of the same revision, word for word', async () => {
  const env = 'twins';
  await place.startAggregator('twin');
  const twin = place.client;
  const agents = await Promise.all(
    Array.from({ length: 12 }, (_, index) => place.join(`n${index}`, env)),
  );
  await place.set('web', 1, {}, env);
  for (const [index, agent] of agents.entries()) {
    if (index % 3 === 0) await agent.report('web', 1);
    if (index % 4 === 1) await agent.die();
    if (index % 5 === 2) await agent.report('web', 0, { last_attempt: failedAttempt(1) });
  }
  await new KeysAgent(place, { env, name: 'late', instance: 'l' }).register();
  await place.startAggregator('other');
  await place.untilState('web', 'FAILED', env);
  const said = await Promise.all([twin, place.client].map((client) => everythingSaid(client, env)));
  assert.deepEqual(said[0], said[1]);
  assert.equal(said[0]?.statuses.length, agents.length + 1);
  assert.ok((said[0]?.completion?.blockers.length ?? 0) > 5);
});

/** What an aggregator says of `web`, without what each measures and observes on its own. */
async function everythingSaid(client: AggregatorPlace['client'], env: string) {
  const request = { env, id: 'web', ...LINEARIZABLE };
  const { completion } = await client.call('GetCompletion', { ...request, after: place.after });
  const { completions } = await client.call('ListCompletions', request);
  const { statuses } = await client.call('ListAgentStatuses', request);
  const { environment } = await client.call('GetEnvironment', { env });
  const own = { lag: null, asOfRevision: 0, receipt: null };
  const plain = (one: typeof completion) =>
    one && {
      ...{ ...one, ...own },
      blockers: one.blockers.map((blocker) => ({ ...blocker, since: null })),
    };
  return {
    completion: plain(completion),
    completions: completions.map(plain),
    statuses: statuses.map((status) => ({ ...status, since: null })),
    environment: { ...environment, asOfRevision: 0 },
  };
}
