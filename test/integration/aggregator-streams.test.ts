// What a subscriber of a real aggregator hears. The agents are nothing but their keys.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import type { WatchCompletionsResponse } from '#proto';
import { type AggregatorPlace, openAggregatorPlace } from '#test/aggregator-place';
import { eventually } from '#test/eventually';

let place: AggregatorPlace;
before(async () => {
  place = await openAggregatorPlace();
});
after(async () => {
  await place[Symbol.asyncDispose]();
});

const SOON = { timeoutMs: 10_000, everyMs: 20 };

/** A subscriber that keeps what it is told, as one should. */
class Subscriber implements AsyncDisposable {
  readonly states = new Map<string, string>();
  readonly types: string[] = [];
  token = '';
  unknownReason: string | undefined;
  error: unknown;
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;
  #told = new Set<string>();

  constructor(of: AggregatorPlace, request: { env: string; id?: string; resumeToken?: string }) {
    const options = { signal: this.#stop.signal };
    const stream = of.client.stream('WatchCompletions', request, options);
    this.#reading = this.#read(stream).catch((error: unknown) => {
      this.error = error;
    });
  }

  async #read(stream: AsyncIterable<WatchCompletionsResponse>): Promise<void> {
    for await (const message of stream) this.#take(message);
  }

  #take({ type, completion, resumeToken, unknownReason }: WatchCompletionsResponse): void {
    const kind = type.slice('TYPE_'.length);
    this.types.push(kind);
    const key = `${completion?.env}/${completion?.id}`;
    if (kind === 'SNAPSHOT_BEGIN') this.#told = new Set();
    if (kind === 'CHANGED') {
      this.#told.add(key);
      const state = completion?.state.slice('COMPLETION_STATE_'.length) ?? '';
      this.states.set(key, `${completion?.generation} ${state}`);
    }
    if (kind === 'REMOVED') this.states.delete(key);
    if (kind === 'SNAPSHOT_END') {
      for (const known of this.states.keys()) if (!this.#told.has(known)) this.states.delete(known);
    }
    if (kind === 'VIEW') this.unknownReason = unknownReason;
    if (resumeToken !== '') this.token = resumeToken;
  }

  async until(key: string, state: string | undefined): Promise<void> {
    const look = () => this.states.get(key) === state;
    await eventually(look, { ...SOON, what: `${key} ${state}` }).catch((cause: unknown) => {
      throw new Error(`${key} stayed ${this.states.get(key)}: ${this.types.join(' ')}`, { cause });
    });
  }

  async untilHeard(type: string): Promise<void> {
    await eventually(() => this.types.includes(type), { ...SOON, what: type });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }
}

test('a stream begins with a snapshot, and then tells each change once', async () => {
  const env = 'begin';
  const a = await place.join('a', env);
  await place.set('one', 1, {}, env);
  await place.set('two', 1, {}, env);
  await a.report('one', 1);
  await place.completion('one', env);
  await using subscriber = new Subscriber(place, { env });
  await subscriber.untilHeard('SNAPSHOT_END');
  assert.deepEqual(subscriber.types.slice(0, 2), ['VIEW', 'SNAPSHOT_BEGIN']);
  assert.deepEqual(
    subscriber.states,
    new Map([
      [`${env}/one`, '1 COMPLETE'],
      [`${env}/two`, '1 PROGRESSING'],
    ]),
  );
  await a.report('two', 1);
  await subscriber.until(`${env}/two`, '1 COMPLETE');
  const heard = subscriber.types.length;
  // Another environment, and a write that changes nothing that is told.
  await place.set('three', 1, {}, 'elsewhere');
  await a.report('two', 1);
  await delay(500);
  const more = subscriber.types.slice(heard).filter((type) => type !== 'BOOKMARK');
  assert.deepEqual(more, []);
  await a.die();
  await subscriber.until(`${env}/one`, '1 STALLED');
});

test('only one id, in every environment', async () => {
  await Promise.all(['id-1', 'id-2'].map((env) => place.join('a', env)));
  await using subscriber = new Subscriber(place, { env: '-', id: 'only' });
  await subscriber.untilHeard('SNAPSHOT_END');
  await place.set('other', 1, {}, 'id-1');
  await place.set('only', 1, {}, 'id-1');
  await place.set('only', 1, {}, 'id-2');
  await subscriber.until('id-2/only', '1 PROGRESSING');
  await subscriber.until('id-1/only', '1 PROGRESSING');
  assert.equal(subscriber.states.size, 2);
});

test('what is accepted and not in etcd is told, too', async () => {
  const env = 'pending';
  await place.join('a', env);
  await using subscriber = new Subscriber(place, { env });
  await subscriber.untilHeard('SNAPSHOT_END');
  await place.accept('web', 1, { published: false }, env);
  await subscriber.until(`${env}/web`, '1 PENDING');
  await place.set('web', 1, {}, env);
  await subscriber.until(`${env}/web`, '1 PROGRESSING');
});

test('with its token a subscriber hears what it missed, and no snapshot', async () => {
  const env = 'resume';
  const a = await place.join('a', env);
  for (const id of ['one', 'two']) await place.set(id, 1, {}, env);
  let token = '';
  {
    await using first = new Subscriber(place, { env });
    await first.untilHeard('SNAPSHOT_END');
    await a.report('one', 1);
    await first.until(`${env}/one`, '1 COMPLETE');
    await eventually(() => first.types.at(-1) === 'BOOKMARK', SOON);
    token = first.token;
  }
  await a.report('two', 1);
  await place.completion('two', env);
  await using second = new Subscriber(place, { env, resumeToken: token });
  await second.until(`${env}/two`, '1 COMPLETE');
  assert.equal(second.types.includes('SNAPSHOT_BEGIN'), false);
  assert.equal(second.states.has(`${env}/one`), false, 'nothing of it has changed');
  await assert.rejects(
    async () => {
      for await (const message of place.client.stream('WatchCompletions', {
        ...{ env, resumeToken: 'garbage' },
      })) {
        assert.fail(message.type);
      }
    },
    (error) => error instanceof RpcError && error.violations[0]?.field === 'resume_token',
  );
});

test('no change is lost over a kill -9 of the aggregator', async () => {
  await using alone = await openAggregatorPlace();
  const env = 'killed';
  const a = await alone.join('a', env);
  for (const id of ['one', 'two', 'gone']) await alone.set(id, 1, {}, env);
  await using first = new Subscriber(alone, { env });
  await first.untilHeard('SNAPSHOT_END');
  assert.equal(first.states.size, 3);
  await alone.program.kill();
  await eventually(() => first.error !== undefined, SOON);
  assert.ok(first.error instanceof RpcError && first.error.codeName === 'UNAVAILABLE');
  await a.report('two', 1);
  await alone.mysql.db.deleteFrom('ingress_config').where('id', '=', 'gone').execute();
  await alone.kv.txn({
    compare: [],
    success: [{ delete: { key: `/ingress/ingress_config/${env}/gone` } }],
  });
  await alone.startAggregator('successor');
  await using second = new Subscriber(alone, { env, resumeToken: first.token });
  for (const [key, state] of first.states) second.states.set(key, state);
  await second.until(`${env}/two`, '1 COMPLETE');
  await second.untilHeard('SNAPSHOT_END');
  assert.ok(second.types.includes('SNAPSHOT_BEGIN'));
  assert.deepEqual([...second.states.keys()], [`${env}/one`, `${env}/two`]);
});

test('a view that is not trusted is told once, not for each config', async () => {
  await using alone = await openAggregatorPlace();
  const env = 'blind';
  const a = await alone.join('a', env);
  const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
  for (const id of ids) await alone.set(id, 1, {}, env);
  await using subscriber = new Subscriber(alone, { env });
  await subscriber.untilHeard('SNAPSHOT_END');
  const heard = subscriber.types.length;
  alone.etcd.signal('SIGSTOP');
  await eventually(() => subscriber.unknownReason !== '', SOON);
  alone.etcd.signal('SIGCONT');
  await eventually(() => subscriber.unknownReason === '', SOON);
  const meanwhile = subscriber.types.slice(heard).filter((type) => type === 'CHANGED');
  assert.ok(meanwhile.length < 5, `${meanwhile.length} changes`);
  await a.report('c0', 1);
  await subscriber.until(`${env}/c0`, '1 COMPLETE');
});

test('who does not read holds up nobody, and is told the newest state, never a queue', async () => {
  const env = 'slow';
  // Each answer names a hundred blockers: a few of them fill what a connection holds back.
  const agents = await Promise.all(
    Array.from({ length: 100 }, (_, index) => place.join(`agent-${index}`, env)),
  );
  const slow = place.client.stream('WatchCompletions', { env });
  assert.equal((await slow.next()).done, false);
  await using quick = new Subscriber(place, { env });
  await quick.untilHeard('SNAPSHOT_END');
  const rssBefore = await rssBytes(place.program.pid);
  const changes = 2_000;
  for (let generation = 1; generation <= changes; generation += 1) {
    await place.publish('web', generation, {}, env);
  }
  await place.accept('web', changes, {}, env);
  for (const agent of agents) await agent.report('web', changes);
  await quick.until(`${env}/web`, `${changes} COMPLETE`);
  assert.ok((await rssBytes(place.program.pid)) - rssBefore < 100 * 1024 * 1024);
  let count = 0;
  for await (const { completion } of slow) {
    if (completion?.state === 'COMPLETION_STATE_COMPLETE') break;
    count += 1;
  }
  assert.ok(count < changes / 4, `${count} messages`);
});

test('a lower minimum of members is told, although etcd says nothing of it', async () => {
  const env = 'minimum';
  const setMinimum = async (min: number) => {
    const row = { env, min_agents: min };
    await place.mysql.db.insertInto('environment').values(row).onDuplicateKeyUpdate(row).execute();
  };
  await setMinimum(2);
  const a = await place.join('a', env);
  await place.set('web', 1, {}, env);
  await a.report('web', 1);
  await using subscriber = new Subscriber(place, { env });
  await subscriber.until(`${env}/web`, '1 NO_AGENTS');
  await setMinimum(1);
  await subscriber.until(`${env}/web`, '1 COMPLETE');
});

test('a token is good for what it was given for', async () => {
  await using subscriber = new Subscriber(place, { env: 'begin' });
  await subscriber.untilHeard('SNAPSHOT_END');
  await using other = new Subscriber(place, { env: '-', resumeToken: subscriber.token });
  await eventually(() => other.error !== undefined, SOON);
  assert.ok(other.error instanceof RpcError);
  assert.deepEqual(
    [other.error.codeName, other.error.violations.map(({ field }) => field)],
    ['INVALID_ARGUMENT', ['resume_token']],
  );
});

test('there is a bound on streams, and a stream that ends makes room', async () => {
  const all: Subscriber[] = [];
  const refused = () =>
    all.find(({ error }) => error instanceof RpcError && error.reason === 'TOO_MANY_STREAMS');
  try {
    for (let count = 0; count < 201; count += 1) all.push(new Subscriber(place, { env: 'begin' }));
    await eventually(() => refused() !== undefined, SOON);
    assert.ok(refused()?.error instanceof RpcError);
    await all.find(({ error }) => error === undefined)?.[Symbol.asyncDispose]();
    await eventually(async () => {
      await using late = new Subscriber(place, { env: 'begin' });
      await eventually(() => late.error !== undefined || late.types.length > 0, SOON);
      return late.error === undefined;
    }, SOON);
  } finally {
    await Promise.all(all.map((subscriber) => subscriber[Symbol.asyncDispose]()));
  }
});

test('streams end with UNAVAILABLE when the aggregator stops', async () => {
  await place.startAggregator('stopped');
  await using subscriber = new Subscriber(place, { env: 'begin' });
  await subscriber.untilHeard('SNAPSHOT_END');
  const stopping = place.program.stop();
  await eventually(() => subscriber.error !== undefined, SOON);
  assert.ok(subscriber.error instanceof RpcError);
  assert.equal(subscriber.error.codeName, 'UNAVAILABLE');
  assert.equal((await stopping).code, 0);
});

async function rssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)?.[1]) * 1024;
}
