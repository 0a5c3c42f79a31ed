// What an aggregator says when the servers under it hang, die, or lose what they had.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { del, put } from '#libs/etcd';
import { RpcError } from '#libs/grpc';
import { aggregatorKey, EPOCH_KEY, READY_KEY, ROOT, toFixed20 } from '#libs/keyspace';
import { freePort, launchProgram } from '#local';
import {
  type AggregatorPlace,
  BLIND_AFTER_MS,
  blockersOf,
  ENV,
  openAggregatorPlace,
  type Recorded,
  stateOf,
} from '#test/aggregator-place';
import { eventually } from '#test/eventually';
import { KeysAgent } from '#test/keys-agent';

/** An answer on its way, and a busy machine. */
const SLACK_MS = 1_500;
/** What MySQL may hold up an answer, with slack for a busy machine. */
const WITHOUT_MYSQL_MS = 300 + SLACK_MS;

let place: AggregatorPlace;
let agent: KeysAgent;
before(async () => {
  place = await openAggregatorPlace({ ownMysql: true });
  agent = await place.join('a');
  await place.set('web', 1);
  await agent.report('web', 1);
  await place.untilState('web', 'COMPLETE');
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const statesOf = (recorded: readonly Recorded[]) => [
  ...new Set(recorded.map(({ answer }) => stateOf(answer))),
];

/** A state may be too short to be recorded, but none may be another. */
function assertOnly(recorded: readonly Recorded[], states: readonly string[]): void {
  const others = statesOf(recorded).filter((state) => !states.includes(state));
  assert.deepEqual(others, []);
}

test('etcd hangs: UNKNOWN within two beats and never COMPLETE after, then it goes on by itself', async () => {
  const request = { envs: [ENV], id: 'next' };
  await place.set('next', 1);
  const waiting = place.client.call('WaitForCompletion', request, { timeoutMs: 40_000 });
  await place.untilWaits(1);
  const stop = place.record('web');
  const stoppedAtMs = performance.now();
  place.etcd.signal('SIGSTOP');
  const unknown = await place.untilState('web', 'UNKNOWN');
  assert.notEqual(unknown.unknownReason, '');
  assert.equal(unknown.fullyExecuted, false);
  assert.equal(unknown.counts?.expected, 0);
  await new Promise((resolve) => {
    setTimeout(resolve, 4 * BLIND_AFTER_MS);
  });
  assert.deepEqual(await statesOfEnvironment(ENV), ['UNKNOWN']);
  const recorded = await stop();
  place.etcd.signal('SIGCONT');
  const firstUnknown = recorded.findIndex(({ answer }) => stateOf(answer) === 'UNKNOWN');
  const tookMs = (recorded[firstUnknown]?.atMs ?? Number.NaN) - stoppedAtMs;
  assert.ok(tookMs <= BLIND_AFTER_MS + SLACK_MS, `UNKNOWN after ${tookMs} ms`);
  assert.deepEqual(statesOf(recorded.slice(firstUnknown)), ['UNKNOWN']);
  const lags = recorded.slice(firstUnknown).map(({ answer: { lag } }) => {
    return (lag?.seconds ?? 0) * 1_000 + (lag?.nanos ?? 0) / 1e6;
  });
  assert.ok((lags.at(-1) ?? 0) > (lags[0] ?? 0), 'the lag grows');

  await place.untilState('web', 'COMPLETE');
  await agent.report('next', 1);
  assert.equal((await waiting).outcome, 'WAIT_OUTCOME_DONE');
});

test('etcd dies and comes back with what it had: it goes on by itself', async () => {
  await place.etcd.kill();
  await place.untilState('web', 'UNKNOWN');
  await place.etcd.restart();
  const stop = place.record('web');
  await place.untilState('web', 'COMPLETE');
  assertOnly(await stop(), ['UNKNOWN', 'COMPLETE']);
});

test('its own key is deleted: it puts it back, and says nothing wrong meanwhile', async () => {
  const stop = place.record('web');
  await place.write(del(aggregatorKey('aggregator-1')));
  await eventually(
    async () => (await place.kv.range({ key: aggregatorKey('aggregator-1') })).count === 1,
    { timeoutMs: 10_000, what: 'the registration' },
  );
  await place.untilState('web', 'COMPLETE');
  assertOnly(await stop(), ['UNKNOWN', 'COMPLETE']);
});

test('all keys are deleted by hand: UNKNOWN, until they are back and the agents have synced', async () => {
  const keys = (await place.kv.range({ key: EPOCH_KEY })).kvs;
  assert.equal(keys.length, 1);
  await place.write({ delete: { key: ROOT, rangeEnd: '/ingress0' } });
  const unknown = await place.untilState('web', 'UNKNOWN');
  assert.equal(unknown.generation, 1, 'MySQL knows what is meant');
  assert.equal(unknown.epoch, 0);
  await place.beginEpoch(place.epoch + 1);
  await place.restoreRoster('a');
  await place.publish('web', 1);
  await place.publish('next', 1);
  await place.ready();
  assert.equal(await place.state('web'), 'STALLED');
  await agent.die();
  agent = new KeysAgent(place, { env: ENV, name: 'a', instance: 'a-2' });
  await agent.register();
  await agent.report('web', 1);
  assert.equal(await place.state('web'), 'PROGRESSING');
  await agent.sync();
  assert.equal(await place.state('web'), 'COMPLETE');
});

test('etcd is wiped and rebuilt: what was said before counts for nothing', async () => {
  const epoch = place.epoch;
  const before = await place.completion('web');
  assert.equal(stateOf(before), 'COMPLETE');
  await place.etcd.kill();
  await place.etcd.wipe();
  await place.untilState('web', 'UNKNOWN');
  await place.etcd.restart();
  const stop = place.record('web');
  const now = async (inEpoch: number) => stateOf(await place.untilShown('web', ENV, inEpoch));

  await place.restoreRoster('a');
  assert.equal(await now(0), 'UNKNOWN', 'nothing but the roster');
  await place.beginEpoch(epoch + 1);
  await place.publish('web', 1);
  assert.equal(await now(epoch + 1), 'UNKNOWN', 'not READY');
  // The agent is back before it knows of the new epoch: it says what it said before.
  agent = new KeysAgent(stale(epoch), { env: ENV, name: 'a', instance: 'a-2' });
  await agent.register();
  await agent.report('web', 1);
  await agent.sync();
  assert.equal(await now(epoch + 1), 'UNKNOWN', 'a report of the old epoch');
  await place.write(put(READY_KEY, toFixed20(epoch)));
  assert.equal(await now(epoch + 1), 'UNKNOWN', 'ready of the old epoch');
  await place.ready(epoch + 1);
  await place.completion('web');
  await place.untilState('web', 'PROGRESSING');
  const told = await place.completion('web');
  assert.equal(told.epoch, epoch + 1);
  assert.deepEqual(blockersOf(told), ['a NOT_SYNCED']);
  assertOnly(await stop(), ['UNKNOWN', 'PROGRESSING']);

  agent = new KeysAgent(place, { env: ENV, name: 'a', instance: 'a-3' });
  await agent.register();
  await agent.report('web', 1);
  await agent.sync();
  const again = await place.completion('web');
  assert.equal(stateOf(again), 'COMPLETE');
  assert.equal(again.epoch, epoch + 1);
});

test('etcd loses its history and overtakes the old revisions: nothing of it is called complete', async () => {
  const epoch = place.epoch;
  const before = await place.completion('web');
  await place.etcd.kill();
  await place.etcd.wipe();
  // Nobody has asked meanwhile; the new etcd is far ahead when the watch is back.
  await place.etcd.restart();
  const stop = place.record('web');
  for (let count = 0; count < before.asOfRevision + 100; count += 1) {
    await place.write(put('/elsewhere', String(count)));
  }
  await place.ready(epoch + 1);
  await place.restoreRoster('a');
  await place.publish('web', 1);
  await place.completion('web');
  const told = await place.untilState('web', 'STALLED');
  assert.equal(told.epoch, epoch + 1);
  const inNewEpoch = (await stop()).filter(({ answer }) => answer.epoch !== epoch);
  assert.equal(statesOf(inNewEpoch).includes('COMPLETE'), false);
  agent = new KeysAgent(place, { env: ENV, name: 'a', instance: 'a-4' });
  await agent.register();
  await agent.report('web', 1);
  await agent.sync();
  assert.equal(await place.state('web'), 'COMPLETE');
});

for (const [how, hang, recover] of [
  ['is away', () => place.mysqlServer.kill(), () => place.mysqlServer.restart()],
  [
    'hangs',
    async () => place.mysqlServer.signal('SIGSTOP'),
    async () => place.mysqlServer.signal('SIGCONT'),
  ],
] as const) {
  test(`MySQL ${how}: etcd alone is told, marked as such, in bounded time`, async () => {
    await place.accept('web', 1);
    assert.equal((await place.completion('web')).acceptedKnown, true);
    await place.accept('only-accepted', 1, { published: false });
    assert.equal(await place.state('only-accepted'), 'PENDING');
    await hang();
    const unmarked = async () => !(await place.completionNow('web')).acceptedKnown;
    await eventually(unmarked, { timeoutMs: 5_000, what: 'accepted_known = false' });
    const slowest = await slowestOf(20, async () => {
      const told = await place.completionNow('web');
      assert.equal(told.acceptedKnown, false);
      assert.equal(stateOf(told), 'COMPLETE');
      assert.equal(told.generation, 1);
    });
    assert.ok(slowest <= WITHOUT_MYSQL_MS, `${slowest} ms`);
    // Neither pending nor absent: it cannot be known.
    for (const id of ['only-accepted', 'absent']) {
      const told = await place.completionNow(id);
      assert.equal(stateOf(told), 'UNKNOWN');
      assert.notEqual(told.unknownReason, '');
    }
    const { completions } = await place.client.call('ListCompletions', { env: ENV });
    assert.deepEqual(
      completions.map(({ id, acceptedKnown }) => [id, acceptedKnown]),
      [['web', false]],
    );
    const waiting = await place.client.call('WaitForCompletion', { envs: [ENV], id: 'web' });
    assert.equal(waiting.outcome, 'WAIT_OUTCOME_DONE');
    assert.equal(waiting.completions[0]?.acceptedKnown, false);

    assert.deepEqual(await statesOfEnvironment('nowhere'), ['UNKNOWN']);
    await assert.rejects(
      place.client.call('WaitForCompletion', { envs: ['-'], id: 'absent' }),
      (error) => error instanceof RpcError && error.reason === 'ACCEPTED_UNKNOWN',
    );

    await recover();
    const marked = async () => (await place.completionNow('web')).acceptedKnown;
    await eventually(marked, { timeoutMs: 10_000, what: 'accepted_known = true' });
    assert.equal(await place.state('only-accepted'), 'PENDING');
    const isNotFound = (error: unknown) =>
      error instanceof RpcError && error.codeName === 'NOT_FOUND';
    const absent = place.client.call('GetCompletion', { env: ENV, id: 'absent' });
    await assert.rejects(absent, isNotFound);
    await assert.rejects(statesOfEnvironment('nowhere'), isNotFound);
  });
}

test('an aggregator that starts while etcd is away says UNKNOWN, and nothing is said to be absent', async () => {
  await place.etcd.kill();
  const listen = `127.0.0.1:${await freePort()}`;
  const { child } = launchProgram(await place.programOptions('aggregator-2', { listen }));
  try {
    await place.ask(listen, async () => {
      await place.untilState('web', 'UNKNOWN');
      assert.deepEqual(await statesOfEnvironment(ENV), ['UNKNOWN']);
      assert.deepEqual(await statesOfEnvironment('nowhere'), ['UNKNOWN']);
      const { completions } = await place.client.call('ListCompletions', { env: ENV });
      assert.deepEqual(
        completions.map((completion) => [completion.id, stateOf(completion)]),
        [
          ['next', 'UNKNOWN'],
          ['only-accepted', 'UNKNOWN'],
          ['web', 'UNKNOWN'],
        ],
      );
      await place.etcd.restart();
      await place.untilState('web', 'COMPLETE');
    });
  } finally {
    await child.kill('SIGTERM');
  }
});

/** The states that an environment's configs are in. */
async function statesOfEnvironment(env: string): Promise<string[]> {
  const { environment } = await place.client.call('GetEnvironment', { env });
  return environment?.states.map(stateOf) ?? [];
}

/** The agent's view of etcd: everything as it is, but an epoch that is over. */
function stale(epoch: number) {
  return {
    kv: place.kv,
    epoch,
    get revision() {
      return place.revision;
    },
    write: place.write.bind(place),
    wrote: place.wrote.bind(place),
  };
}

async function slowestOf(times: number, call: () => Promise<void>): Promise<number> {
  let slowest = 0;
  for (let count = 0; count < times; count += 1) {
    const from = performance.now();
    await call();
    slowest = Math.max(slowest, performance.now() - from);
  }
  return slowest;
}
