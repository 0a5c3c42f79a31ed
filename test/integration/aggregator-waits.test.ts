// Waits at a real aggregator. The agents are nothing but their keys; what has to happen first is
// known by the aggregator's own count of waits, and by the revisions of the answers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { put } from '#libs/etcd';
import { type ClientCallOptions, RpcError } from '#libs/grpc';
import type { WaitForCompletionResponse } from '#proto';
import { failedAttempt } from '#services/status-aggregator/domain/testing/story.ts';
import {
  type AggregatorPlace,
  blockersOf,
  openAggregatorPlace,
  stateOf,
} from '#test/aggregator-place';
import type { KeysAgent } from '#test/keys-agent';

/** Above anything a wait here may take; a wait that is not woken fails by it. */
const PATIENCE_MS = 20_000;
/** Of the aggregator: how many waits it takes. */
const WAITS_MAX = 10_000;
const WAITS_AT_ONCE = 500;

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace();
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

type WaitRequest = Parameters<typeof place.client.call<'WaitForCompletion'>>[1];

/** A wait under way, and what it has come to. */
class Waiting {
  answer: WaitForCompletionResponse | undefined;
  error: unknown;
  readonly done: Promise<void>;

  constructor(request: WaitRequest, options: ClientCallOptions) {
    this.done = this.#wait(request, options);
  }

  get isOver(): boolean {
    return this.answer !== undefined || this.error !== undefined;
  }

  async #wait(request: WaitRequest, options: ClientCallOptions): Promise<void> {
    try {
      this.answer = await place.client.call('WaitForCompletion', request, options);
    } catch (error) {
      this.error = error;
    }
  }

  /** The outcome, without its prefix, once it is there. */
  async outcome(): Promise<string> {
    await this.done;
    if (!this.answer) throw this.error;
    return this.answer.outcome.slice('WAIT_OUTCOME_'.length);
  }
}

/** Begins a wait and resolves once the aggregator listens for it. */
async function begin(request: WaitRequest, options: ClientCallOptions = {}): Promise<Waiting> {
  const before = await place.waits();
  const waiting = new Waiting(request, { timeoutMs: PATIENCE_MS, ...options });
  await place.untilWaits(before + 1);
  return waiting;
}

/** Other calls go round and round meanwhile: a wait that is woken overtakes them soon. */
async function wokenWithin(waiting: Waiting, calls: number, env: string): Promise<boolean> {
  for (let call = 0; call < calls && !waiting.isOver; call += 1) {
    await place.completionNow('web', env);
  }
  return waiting.isOver;
}

async function cast(env: string, ...names: string[]): Promise<KeysAgent[]> {
  const agents: KeysAgent[] = [];
  for (const name of names) agents.push(await place.join(name, env));
  return agents;
}

const rejectsWith = (codeName: string, reason?: string) => (error: unknown) => {
  assert.ok(error instanceof RpcError, String(error));
  assert.equal(error.codeName, codeName);
  if (reason !== undefined) assert.equal(error.reason, reason);
  return true;
};

test('a wait returns at the event that makes it complete, not at the next look', async () => {
  const [a, b] = await cast('wakes', 'a', 'b');
  await place.set('web', 1, {}, 'wakes');
  await a?.report('web', 1);
  const waiting = await begin({ envs: ['wakes'], id: 'web' });
  // The changes of others wake it, and are no reason to end.
  await place.set('other', 1, {}, 'wakes');
  await place.set('web', 1, {}, 'elsewhere');
  await b?.report('other', 1);
  await place.completion('web', 'wakes');
  assert.equal(waiting.isOver, false);
  await b?.report('web', 1);
  const revision = place.revision;
  assert.ok(await wokenWithin(waiting, 200, 'wakes'), 'woken by the event');
  assert.equal(await waiting.outcome(), 'DONE');
  const [completion] = waiting.answer?.completions ?? [];
  assert.ok(completion);
  assert.equal(stateOf(completion), 'COMPLETE');
  assert.ok(completion.asOfRevision >= revision);
  await place.untilWaits(0);
});

test('a wait on what holds already returns at once', async () => {
  const [a] = await cast('holds', 'a');
  await place.set('web', 1, {}, 'holds');
  await a?.report('web', 1);
  const request = { envs: ['holds'], id: 'web', after: place.after };
  const waiting = new Waiting(request, { timeoutMs: PATIENCE_MS });
  assert.equal(await waiting.outcome(), 'DONE');
});

test('a wait begins no earlier than the write it names', async () => {
  const [a] = await cast('future', 'a');
  await place.set('web', 1, {}, 'future');
  await a?.report('web', 1);
  // The beats of the aggregator make revisions, too, so that the last ones are many.
  const after = { epoch: 1, revision: place.revision + 100, generation: 1 };
  const waiting = await begin({ envs: ['future'], id: 'web', after });
  const asking = place.client.call('GetCompletion', { env: 'future', id: 'web', after });
  await place.write(put('/ingress/marker', ''));
  assert.equal(await place.state('web', 'future'), 'COMPLETE');
  assert.equal(waiting.isOver, false, 'it is complete, but not yet as of that write');
  while (place.revision < after.revision) await place.write(put('/ingress/marker', ''));
  assert.ok(await wokenWithin(waiting, 200, 'future'), 'woken by a write to another key');
  assert.equal(await waiting.outcome(), 'DONE');
  assert.ok((waiting.answer?.completions[0]?.asOfRevision ?? 0) >= after.revision);
  assert.ok(((await asking).completion?.asOfRevision ?? 0) >= after.revision);
});

test('a write that never shows up: the wait is timed out, the question refused', async () => {
  await cast('never', 'a');
  await place.set('web', 1, {}, 'never');
  const after = { epoch: 1, revision: 1_000_000_000, generation: 1 };
  const waiting = await begin({ envs: ['never'], id: 'web', after }, { timeoutMs: 1_500 });
  assert.equal(await waiting.outcome(), 'TIMED_OUT');
  await assert.rejects(
    place.client.call('GetCompletion', { env: 'never', id: 'web', after }, { timeoutMs: 1_000 }),
    rejectsWith('UNAVAILABLE', 'AFTER_NOT_REACHED'),
  );
  await place.untilWaits(0);
});

test('a write of an earlier epoch is met by its generation in a later READY one', async () => {
  const [a] = await cast('epochs', 'a');
  await place.set('web', 2, {}, 'epochs');
  await a?.report('web', 2);
  const met = { epoch: 0, revision: 0, generation: 2 };
  const waiting = new Waiting(
    { envs: ['epochs'], id: 'web', after: met },
    { timeoutMs: PATIENCE_MS },
  );
  assert.equal(await waiting.outcome(), 'DONE');
  const unmet = { epoch: 0, revision: 0, generation: 3 };
  const later = await begin({ envs: ['epochs'], id: 'web', after: unmet });
  await place.set('web', 3, {}, 'epochs');
  await a?.report('web', 3);
  assert.equal(await later.outcome(), 'DONE');
  assert.equal(later.answer?.completions[0]?.generation, 3);
});

test('a config that does not exist is told as such, in one environment and in all', async () => {
  for (const envs of [['nowhere'], ['-']]) {
    await assert.rejects(
      place.client.call('WaitForCompletion', { envs, id: 'absent' }),
      rejectsWith('NOT_FOUND', 'CONFIG_NOT_FOUND'),
    );
  }
  await place.untilWaits(0);
});

test('a config that is set while somebody waits for that very write is waited for', async () => {
  const [a] = await cast('unborn', 'a');
  const after = { epoch: 0, revision: 0, generation: 1 };
  const waiting = await begin({ envs: ['unborn'], id: 'web', generation: 1, after });
  await place.set('web', 1, {}, 'unborn');
  await a?.report('web', 1);
  assert.equal(await waiting.outcome(), 'DONE');
});

test('at its deadline a wait says who blocks', async () => {
  const [a] = await cast('blocked', 'a', 'b', 'c');
  await place.set('web', 1, {}, 'blocked');
  await a?.report('web', 1);
  const waiting = await begin({ envs: ['blocked'], id: 'web' }, { timeoutMs: 1_500 });
  assert.equal(await waiting.outcome(), 'TIMED_OUT');
  const [completion] = waiting.answer?.completions ?? [];
  assert.ok(completion);
  assert.equal(stateOf(completion), 'PROGRESSING');
  assert.deepEqual(blockersOf(completion), ['b NO_REPORT', 'c NO_REPORT']);
});

test('a newer generation ends a wait: once in etcd, and once it is accepted at all', async () => {
  const [a] = await cast('newer', 'a');
  await place.set('web', 1, {}, 'newer');
  const inEtcd = await begin({ envs: ['newer'], id: 'web', generation: 1 });
  await place.set('web', 2, {}, 'newer');
  assert.equal(await inEtcd.outcome(), 'SUPERSEDED');
  assert.equal(inEtcd.answer?.completions[0]?.generation, 2);
  const accepted = await begin({ envs: ['newer'], id: 'web', generation: 2 });
  await place.accept('web', 3, { published: false }, 'newer');
  assert.equal(await accepted.outcome(), 'SUPERSEDED');
  // Its report completes an old generation: that is not what is asked for now.
  await a?.report('web', 2);
  const current = await begin({ envs: ['newer'], id: 'web' });
  await place.publish('web', 3, {}, 'newer');
  await a?.report('web', 3);
  assert.equal(await current.outcome(), 'DONE');
  assert.equal(current.answer?.completions[0]?.generation, 3);
});

test('a delete ends a wait for complete, and answers one for deleted', async () => {
  const [a] = await cast('deleted', 'a');
  await place.set('web', 1, {}, 'deleted');
  await a?.report('web', 1);
  const forDelete: WaitRequest = { envs: ['deleted'], id: 'web', waitFor: 'WAIT_FOR_DELETED' };
  // Named: what is current when a wait first looks may be the next one already.
  const superseded = await begin({ ...forDelete, generation: 1 });
  await place.set('web', 2, {}, 'deleted');
  assert.equal(await superseded.outcome(), 'SUPERSEDED');
  const deleted = await begin(forDelete);
  const complete = await begin({ envs: ['deleted'], id: 'web' });
  await place.accept('web', 3, { deleted: true }, 'deleted');
  await place.publishDelete('web', 3, 'deleted');
  assert.equal(await complete.outcome(), 'SUPERSEDED');
  assert.equal(deleted.isOver, false);
  await a?.reportRemoved('web', 3);
  assert.equal(await deleted.outcome(), 'DONE');
});

test('lost members are exceptions, unless the caller does not accept any', async () => {
  const [a, b] = await cast('strict', 'a', 'b');
  await place.set('web', 1, {}, 'strict');
  await b?.die();
  const strict = await begin({ envs: ['strict'], id: 'web', acceptExceptions: false });
  const lenient = await begin({ envs: ['strict'], id: 'web' });
  await a?.report('web', 1);
  assert.equal(await lenient.outcome(), 'DONE_WITH_EXCEPTIONS');
  await place.completion('web', 'strict');
  assert.equal(strict.isOver, false);
  const [back] = await cast('strict', 'b');
  await back?.report('web', 1);
  assert.equal(await strict.outcome(), 'DONE');
});

test('several environments: done with the last one, failed with the first', async () => {
  const ids = ['many-1', 'many-2', 'many-3'];
  const agents = await Promise.all(ids.map(async (env) => await cast(env, 'a')));
  for (const env of ids) await place.set('web', 1, {}, env);
  await place.set('only-here', 1, {}, 'many-1');
  const listed = await begin({ envs: ids, id: 'web' });
  for (const [agent] of agents.slice(0, 2)) await agent?.report('web', 1);
  await place.completion('web', 'many-2');
  assert.equal(listed.isOver, false);
  await agents[2]?.[0]?.report('web', 1);
  assert.equal(await listed.outcome(), 'DONE');
  assert.deepEqual(
    listed.answer?.completions.map(({ env }) => env),
    ids,
  );
  const every = await begin({ envs: ['-'], id: 'only-here' });
  await agents[0]?.[0]?.report('only-here', 1);
  assert.equal(await every.outcome(), 'DONE');

  for (const env of ids) await place.set('web', 2, {}, env);
  const failing = await begin({ envs: ids, id: 'web' });
  await agents[1]?.[0]?.report('web', 1, { phase: 'FAILED', last_attempt: failedAttempt(2) });
  assert.equal(await failing.outcome(), 'FAILED');
});

test('a caller that cancels is forgotten', async () => {
  await cast('cancels', 'a');
  await place.set('web', 1, {}, 'cancels');
  const cancel = new AbortController();
  const waits = [
    await begin({ envs: ['cancels'], id: 'web' }, { signal: cancel.signal }),
    await begin({ envs: ['cancels'], id: 'web' }, { signal: cancel.signal }),
  ];
  cancel.abort();
  await Promise.all(waits.map(async ({ done }) => await done));
  await place.untilWaits(0);
});

test('past the bound a wait is refused, and room that is made is used', async () => {
  await cast('full', 'a');
  await place.set('web', 1, {}, 'full');
  const cancel = new AbortController();
  const all: Waiting[] = [];
  // A few at a time: ten thousand calls in one turn keep a busy machine from its connection's pings.
  while (all.length < WAITS_MAX) {
    for (let count = 0; count < WAITS_AT_ONCE; count += 1) {
      all.push(
        new Waiting({ envs: ['full'], id: 'web' }, { timeoutMs: 150_000, signal: cancel.signal }),
      );
    }
    await place.untilWaits(all.length, 90_000);
  }
  await assert.rejects(
    place.client.call('WaitForCompletion', { envs: ['full'], id: 'web' }),
    rejectsWith('RESOURCE_EXHAUSTED', 'TOO_MANY_WAITS'),
  );
  // The load of so many may blind it for a moment; it sees again by itself, and answers.
  await place.untilState('web', 'PROGRESSING', 'full');
  cancel.abort();
  await Promise.all(all.map(async ({ done }) => await done));
  await place.untilWaits(0, 60_000);
  const [again] = await cast('full', 'a');
  const waiting = await begin({ envs: ['full'], id: 'web' });
  await again?.report('web', 1);
  assert.equal(await waiting.outcome(), 'DONE');
});

test('a wait on an aggregator that is told to stop ends at once with UNAVAILABLE', async () => {
  await cast('drains', 'a');
  await place.set('web', 1, {}, 'drains');
  const waiting = await begin({ envs: ['drains'], id: 'web' });
  const exit = await place.program.stop();
  assert.equal(exit.code, 0);
  await waiting.done;
  rejectsWith('UNAVAILABLE')(waiting.error);
  await place.startAggregator('aggregator-2');
  await place.untilState('web', 'PROGRESSING', 'drains');
});
