// Servers that are killed under streams and waits: callers that go on as they should miss nothing.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { RpcError } from '#libs/grpc';
import { type Mysql, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import type { Completion } from '#proto';
import { eventually } from '#test/eventually';
import { times } from '#test/pauses';
import { openSystem, type System } from '#test/system';

const ENV = '1';
const KILLS = times({ few: 3, many: 100 });
const WRITERS = 3;
const BETWEEN_KILLS_MS = 300;
const RETRY_MS = 50;
const SET_EVERY_MS = 20;
/** Each server is in use within it after the one before was killed, also on a busy machine. */
const IN_USE_MS = 60_000;

/** Asks somebody until there is an answer. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  const end = performance.now() + IN_USE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RpcError) || error.codeName === 'INVALID_ARGUMENT') throw error;
      if (performance.now() > end) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Sets one config again and again. */
async function write(system: System, writer: number, signal: AbortSignal): Promise<void> {
  for (let n = 1; !signal.aborted; n += 1) {
    const request = {
      ...{ env: ENV, id: `site-${writer}`, requestId: `${writer}-${n}` },
      configJson: JSON.stringify({ n }),
    };
    await insist(async () => {
      const { controllers } = system;
      const chosen = controllers[(writer + n) % controllers.length];
      if (!chosen) throw new Error('no controller is left');
      return await chosen.client.call('SetIngressConfig', request, { timeoutMs: 3_000 });
    });
    await delay(SET_EVERY_MS);
  }
}

/** Reads a stream, and opens it again whenever it breaks, until the signal fires. */
async function follow(read: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await read();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RpcError)) throw error;
    }
    await delay(RETRY_MS);
  }
}

test('a watch of configs whose server is killed again and again misses no generation', async (t) => {
  await using system = await openSystem({ controllers: 2 });
  const writing = new AbortController();
  const watching = new AbortController();
  const told: string[] = [];
  let resumeToken = '';
  const followed = follow(async () => {
    const { client } = system.controllers[0] ?? {};
    const { signal } = watching;
    const messages = client?.stream('WatchIngressConfigs', { env: ENV, resumeToken }, { signal });
    for await (const { generation, resumeToken: token } of messages ?? []) {
      if (generation) told.push(`${generation.id} ${generation.generation}`);
      resumeToken = token || resumeToken;
    }
  }, watching.signal);
  await eventually(() => resumeToken !== '', { timeoutMs: 10_000, what: 'the snapshot' });

  const writers = Array.from({ length: WRITERS }, (_, n) => write(system, n, writing.signal));
  const restart = async () => {
    const victim = system.controllers.shift();
    await victim?.program.kill();
    await system.startController();
  };
  await killing(t, restart, () => told.length);
  writing.abort();
  await Promise.all(writers);

  await using mysql = openMysql({ url: system.mysqlUrl }, { log });
  const rows = await generationsOf(mysql);
  await eventually(() => told.length >= rows.length, {
    timeoutMs: 20_000,
    what: 'every generation',
  });
  watching.abort();
  await followed;
  assert.deepEqual(
    told,
    rows.map(({ id, generation }) => `${id} ${generation}`),
  );
  t.diagnostic(`${told.length} generations, each once and in order`);
});

test('a watch of completions, and waits, say what MySQL has over every kill of their server', async (t) => {
  await using system = await openSystem({ agents: { [ENV]: 2 } });
  const writing = new AbortController();
  const watching = new AbortController();
  const known = new Map<string, Completion>();
  const completed: Said[] = [];
  let resumeToken = '';
  const followed = follow(async () => {
    const { signal } = watching;
    const { client } = system.aggregator;
    const request = { env: ENV, resumeToken };
    for await (const message of client.stream('WatchCompletions', request, { signal })) {
      const { type, completion } = message;
      if (type === 'TYPE_SNAPSHOT_BEGIN') known.clear();
      if (completion && type === 'TYPE_REMOVED') known.delete(completion.id);
      else if (completion) known.set(completion.id, completion);
      if (completion && isComplete(completion)) completed.push(completion);
      resumeToken = message.resumeToken || resumeToken;
    }
  }, watching.signal);
  const writers = Array.from({ length: WRITERS }, (_, n) => write(system, n, writing.signal));
  const waits: Waited[] = [];
  const waited = waitAgainAndAgain(system, waits, writing.signal);

  await killing(
    t,
    () => system.restartAggregator(),
    () => waits.length,
  );
  writing.abort();
  await Promise.all(writers);
  await waited;

  await using mysql = openMysql({ url: system.mysqlUrl }, { log });
  const history = await generationsOf(mysql);
  const rows = await currentOf(mysql);
  assert.equal(rows.length, WRITERS);
  for (const row of rows) assert.equal((await waitFor(system, row)).outcome, 'DONE');
  const isTold = () =>
    isDeepStrictEqual([...known.values()].filter(isComplete).map(said).toSorted(byId), rows);
  await eventually(isTold, { timeoutMs: 20_000, what: 'every row of MySQL, and nothing else' });
  watching.abort();
  await followed;

  const accepted = new Set(history.map(({ id, generation }) => `${id} ${generation}`));
  for (const { id, generation } of completed) assert.ok(accepted.has(`${id} ${generation}`));
  for (const { id } of rows) {
    const generations = completed.filter((said) => said.id === id).map((said) => said.generation);
    const ascending = generations.toSorted((a, b) => a - b);
    assert.deepEqual(generations, ascending, `${id} went back`);
  }
  for (const { id, generation, outcome, current } of waits) {
    const what = `${id} ${generation}: ${outcome} at ${current}`;
    assert.ok(accepted.has(`${id} ${generation}`) && accepted.has(`${id} ${current}`), what);
    // Nobody is told of an end that the rows do not bear out.
    if (outcome === 'DONE') assert.ok(current >= generation, what);
    else assert.ok(outcome === 'SUPERSEDED' && current > generation, what);
  }
  const counts = Object.entries(Object.groupBy(waits, ({ outcome }) => outcome));
  const outcomes = counts.map(([outcome, some]) => `${some?.length} ${outcome}`);
  t.diagnostic(`${history.length} generations, ${completed.length} times COMPLETE`);
  t.diagnostic(`${waits.length} waits: ${outcomes.join(', ')}`);
});

interface Said {
  readonly id: string;
  readonly generation: number;
}

interface Waited extends Said {
  readonly outcome: string;
  /** The generation that the answer was about. */
  readonly current: number;
}

const said = ({ id, generation }: Said): Said => ({ id, generation });
const byId = (a: Said, b: Said) => (a.id < b.id ? -1 : 1);
const isComplete = ({ state }: Completion) => state === 'COMPLETION_STATE_COMPLETE';

/** The history, in the order of commits. */
async function generationsOf({ db }: Mysql): Promise<Said[]> {
  return await db
    .selectFrom('ingress_config_generation')
    .select(['id', 'generation'])
    .orderBy('sequence')
    .orderBy('id')
    .orderBy('generation')
    .execute();
}

async function currentOf({ db }: Mysql): Promise<Said[]> {
  return await db
    .selectFrom('ingress_config')
    .select(['id', 'generation'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** Waits for what is newest, as a caller should: until somebody says how it ended. */
async function waitAgainAndAgain(
  system: System,
  waits: Waited[],
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const ref = { env: ENV, id: `site-${n % WRITERS}` };
    const { config } = await insist(() => system.controller.call('GetIngressConfig', ref));
    if (!config) throw new Error('Get answered nothing');
    waits.push(await waitFor(system, config));
  }
}

async function waitFor(system: System, { id, generation }: Said): Promise<Waited> {
  const request = { envs: [ENV], id, generation };
  const { outcome, completions } = await insist(() =>
    system.aggregator.client.call('WaitForCompletion', request, { timeoutMs: 20_000 }),
  );
  const current = completions[0]?.generation ?? 0;
  return { id, generation, outcome: outcome.replace('WAIT_OUTCOME_', ''), current };
}

/** Kills a server again and again, each in use: `answers` has grown since the one before was killed. */
async function killing(
  t: TestContext,
  restart: () => Promise<void>,
  answers: () => number,
): Promise<void> {
  const startedAt = performance.now();
  for (let n = 0; n < KILLS; n += 1) {
    const before = answers();
    const inUse = () => answers() > before;
    await eventually(inUse, { timeoutMs: IN_USE_MS, what: 'an answer of the server' });
    await delay(BETWEEN_KILLS_MS);
    await restart();
  }
  t.diagnostic(`${KILLS} kills in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
