// What a real aggregator says of a rollout, write by write. The agents are nothing but their keys.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Etcd3 } from 'etcd3';
import { del, put } from '#libs/etcd';
import { agentKey, configKey, EPOCH_KEY, READY_KEY, toFixed20 } from '#libs/keyspace';
import { failedAttempt } from '#services/status-aggregator/domain/testing/story.ts';
import {
  type AggregatorPlace,
  blockersOf,
  countsOf,
  openAggregatorPlace,
  stateOf,
} from '#test/aggregator-place';
import { KeysAgent } from '#test/keys-agent';

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace();
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

test('COMPLETE at the report of the last live agent, and not one write before', async () => {
  await place.set('web', 1, {}, 'steps');
  assert.equal(await place.state('web', 'steps'), 'NO_AGENTS');
  const a = await place.join('a', 'steps');
  const b = new KeysAgent(place, { env: 'steps', name: 'b', instance: 'b-1' });
  await b.register();
  await a.report('web', 1);
  const one = await place.completion('web', 'steps');
  assert.equal(stateOf(one), 'PROGRESSING');
  assert.deepEqual(blockersOf(one), ['b NOT_SYNCED']);
  await b.report('web', 1);
  assert.equal(await place.state('web', 'steps'), 'PROGRESSING', 'a report before the sync');
  await b.sync();
  const all = await place.completion('web', 'steps');
  assert.equal(stateOf(all), 'COMPLETE');
  assert.equal(all.fullyExecuted, true);
  assert.deepEqual(countsOf(all), { expected: 2, done: 2 });
  assert.equal(all.generation, 1);
  assert.equal(all.epoch, 1);
  assert.ok(all.asOfRevision >= place.revision);
  assert.equal(all.acceptedKnown, true);
});

test('an update in the middle of a rollout: from then on only the new generation counts', async () => {
  const [a, b] = await Promise.all(
    ['a', 'b'].map(async (name) => await place.join(name, 'update')),
  );
  assert.ok(a && b);
  await place.set('web', 1, {}, 'update');
  await a.report('web', 1);
  await place.accept('web', 2, { published: false }, 'update');
  const pending = await place.completion('web', 'update');
  assert.equal(stateOf(pending), 'PENDING');
  assert.equal(pending.generation, 2);
  await place.publish('web', 2, {}, 'update');
  await place.accept('web', 2, {}, 'update');
  await b.report('web', 1);
  const old = await place.completion('web', 'update');
  assert.equal(stateOf(old), 'PROGRESSING');
  assert.equal(old.counts?.done, 0);
  assert.deepEqual(blockersOf(old), ['a OLD_GENERATION', 'b OLD_GENERATION']);
  assert.deepEqual(
    old.blockers.map(({ appliedGeneration }) => appliedGeneration),
    [1, 1],
  );
  await a.report('web', 2);
  await b.report('web', 2);
  const done = await place.completion('web', 'update');
  assert.equal(stateOf(done), 'COMPLETE');
  assert.equal(done.generation, 2);
});

test('a lost agent is an exception, named, since when MySQL says', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map(async (name) => await place.join(name, 'lost')));
  assert.ok(a && b);
  await place.set('web', 1, {}, 'lost');
  await a.report('web', 1);
  await b.report('web', 1);
  await b.die();
  const lost = await place.completion('web', 'lost');
  assert.equal(stateOf(lost), 'COMPLETE_WITH_EXCEPTIONS');
  assert.equal(lost.fullyExecuted, true);
  assert.deepEqual(countsOf(lost), { expected: 2, done: 1, lost: 1 });
  assert.deepEqual(blockersOf(lost), ['b LOST']);
  assert.notEqual(lost.blockers[0]?.since, null, 'as the aggregator saw it');

  const since = new Date('2026-03-04T05:06:07.000Z');
  await place.mysql.db
    .insertInto('agent_member')
    .values({
      ...{ env: 'lost', name: 'b', instance: 'b-1', joined_at: '' },
      ...{ lost_since: since, left_at: null },
    })
    .execute();
  const known = await place.completion('web', 'lost');
  assert.equal(known.blockers[0]?.since?.seconds, since.getTime() / 1000);

  await a.die();
  const stalled = await place.completion('web', 'lost');
  assert.equal(stateOf(stalled), 'STALLED');
  assert.equal(stalled.fullyExecuted, false);
  assert.deepEqual(blockersOf(stalled), ['a LOST', 'b LOST']);
});

test('a clean leave is no exception; the last one to leave leaves nobody to ask', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map(async (name) => await place.join(name, 'leave')));
  assert.ok(a && b);
  await place.set('web', 1, {}, 'leave');
  await a.report('web', 1);
  assert.equal(await place.state('web', 'leave'), 'PROGRESSING');
  await b.leave();
  const left = await place.completion('web', 'leave');
  assert.equal(stateOf(left), 'COMPLETE');
  assert.equal(left.counts?.expected, 1);
  assert.deepEqual(left.blockers, []);
  await a.leave();
  assert.equal(await place.state('web', 'leave'), 'NO_AGENTS');
});

test('a frozen agent keeps it from being complete until its lease ends', async () => {
  const [a, frozen] = await Promise.all(
    ['a', 'frozen'].map(async (name) => await place.join(name, 'frozen')),
  );
  assert.ok(a && frozen);
  await place.set('web', 1, {}, 'frozen');
  await a.report('web', 1);
  await frozen.report('web', 1);
  await place.set('web', 2, {}, 'frozen');
  await a.report('web', 2);
  const blocked = await place.completion('web', 'frozen');
  assert.equal(stateOf(blocked), 'PROGRESSING');
  assert.deepEqual(blockersOf(blocked), ['frozen OLD_GENERATION']);
  await frozen.die();
  assert.equal(await place.state('web', 'frozen'), 'COMPLETE_WITH_EXCEPTIONS');
});

test('who comes back with a new instance counts by its own reports only', async () => {
  const a = await place.join('a', 'again');
  await place.set('web', 1, {}, 'again');
  await a.report('web', 1);
  assert.equal(await place.state('web', 'again'), 'COMPLETE');
  const next = new KeysAgent(place, { env: 'again', name: 'a', instance: 'a-2' });
  await next.register();
  assert.equal(await place.state('web', 'again'), 'PROGRESSING');
  await next.sync();
  const synced = await place.completion('web', 'again');
  assert.deepEqual(blockersOf(synced), ['a NO_REPORT']);
  await a.report('web', 1);
  assert.equal(await place.state('web', 'again'), 'PROGRESSING', 'the zombie wrote late');
  await next.report('web', 1);
  assert.equal(await place.state('web', 'again'), 'COMPLETE');
});

test('a member that gave up is named with its own words', async () => {
  const a = await place.join('a', 'fails');
  await place.set('web', 1, {}, 'fails');
  await a.report('web', 0, {
    ...{ phase: 'REJECTED', applied: null, proof: null },
    last_attempt: failedAttempt(1, { result: 'rejected', reason: 'BAD_HOST', message: 'no such' }),
  });
  const failed = await place.completion('web', 'fails');
  assert.equal(stateOf(failed), 'FAILED');
  assert.equal(failed.fullyExecuted, false);
  assert.deepEqual(countsOf(failed), { expected: 1, failed: 1 });
  assert.deepEqual(blockersOf(failed), ['a REJECTED']);
  assert.equal(failed.blockers[0]?.message, 'BAD_HOST: no such');
});

const GARBAGE = [
  Buffer.alloc(0),
  Buffer.from([0, 0xff, 0xfe, 0x80]),
  Buffer.from('null'),
  Buffer.from('[]'),
  Buffer.from('{"generation":"00000000000000000009"'),
  Buffer.from('99999999999999999999'),
  Buffer.from(`{"instance":${'['.repeat(5_000)}`),
  Buffer.alloc(1_000_000, 'x'),
];

test('garbage under every prefix ends nothing, and changes the answers only where somebody may stand behind it', async () => {
  const raw = new Etcd3({ hosts: place.etcd.endpoints.map((endpoint) => `http://${endpoint}`) });
  const a = await place.join('a', 'garbage');
  await place.set('web', 1, {}, 'garbage');
  await a.report('web', 1);
  const folders = [
    'ingress_config/garbage',
    'ingress_tombstone/garbage',
    'ingress_config_status/garbage/web',
    'ingress_config_status/garbage',
    'ingress_meta',
    'ingress_meta/resume_removals',
    'controller',
    'aggregator',
    'agent',
    'agent/garbage/x/y',
    'roster',
    'other/folder',
  ];
  const names = ['zz', '..', 'Ä', '%2f', ' ', 'x'.repeat(2_000), ''];
  for (const [index, folder] of folders.entries()) {
    for (const [at, name] of names.entries()) {
      const value = GARBAGE[(index + at) % GARBAGE.length] ?? Buffer.alloc(0);
      await raw.kv.put({ key: Buffer.from(`/ingress/${folder}/${name}`), value });
    }
    const binary = Buffer.concat([Buffer.from(`/ingress/${folder}/`), Buffer.from([0xff, 0x00])]);
    await raw.kv.put({ key: binary, value: Buffer.from('x') });
  }
  await place.set('web', 2, {}, 'garbage');
  assert.equal(await place.state('web', 'garbage'), 'PROGRESSING');
  await a.report('web', 2);
  const complete = await place.completion('web', 'garbage');
  assert.equal(stateOf(complete), 'COMPLETE');
  assert.equal(complete.counts?.expected, 1);
  assert.equal(place.program.hasExited(), false);

  // Who cannot be read may be an agent: never taken for absent, never for done.
  for (const value of GARBAGE) {
    await raw.kv.put({ key: Buffer.from(agentKey('garbage', 'who')), value });
    await place.write(put('/ingress/marker', ''));
    const seen = await place.completion('web', 'garbage');
    assert.deepEqual(blockersOf(seen), ['who NOT_SYNCED']);
  }
  await place.write(del(agentKey('garbage', 'who')));
  assert.equal(await place.state('web', 'garbage'), 'COMPLETE');

  // What stands at the config's own key is not what MySQL accepted.
  for (const value of GARBAGE) {
    await raw.kv.put({ key: Buffer.from(configKey('garbage', 'web')), value });
    await place.write(put('/ingress/marker', ''));
    assert.equal(await place.state('web', 'garbage'), 'PENDING');
  }
  await place.publish('web', 2, {}, 'garbage');
  assert.equal(await place.state('web', 'garbage'), 'COMPLETE');
  await raw.kv.deleteRange({
    key: Buffer.from('/ingress/other/'),
    range_end: Buffer.from('/ingress/other0'),
  });
  raw.close();
});

test('garbage for epoch or ready: UNKNOWN until a controller has put it right', async () => {
  const a = await place.join('a', 'meta');
  await place.set('web', 1, {}, 'meta');
  await a.report('web', 1);
  assert.equal(await place.state('web', 'meta'), 'COMPLETE');
  for (const key of [EPOCH_KEY, READY_KEY]) {
    for (const value of ['', '1', 'x'.repeat(20), '99999999999999999999', toFixed20(2)]) {
      await place.write(put(key, value));
      const unknown = await place.untilShown('web', 'meta');
      assert.equal(stateOf(unknown), 'UNKNOWN', `${key} ${value}`);
      assert.notEqual(unknown.unknownReason, '');
      assert.equal(unknown.counts?.expected, 0);
      assert.equal(unknown.fullyExecuted, false);
    }
    await place.write(put(key, toFixed20(1)));
    assert.equal(await place.state('web', 'meta'), 'COMPLETE');
  }
});
