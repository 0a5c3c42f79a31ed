// Servers that are killed under streams and waits: callers that go on as they should miss nothing.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import { openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import type { WatchCompletionsResponse } from '#proto';
import { eventually } from '#test/eventually';
import { times } from '#test/pauses';
import { openSystem, type System } from '#test/system';

const ENV = '1';
const KILLS = times({ few: 5, many: 50 });
const WRITERS = 3;
const BETWEEN_KILLS_MS = 300;
const RETRY_MS = 50;
const SET_EVERY_MS = 20;

/** Asks somebody until there is an answer. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RpcError) || error.codeName === 'INVALID_ARGUMENT') throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Sets one config again and again; the last generation. */
async function write(system: System, writer: number, signal: AbortSignal): Promise<number> {
  let last = 0;
  for (let n = 1; !signal.aborted; n += 1) {
    const request = {
      ...{ env: ENV, id: `site-${writer}`, requestId: `${writer}-${n}` },
      configJson: JSON.stringify({ n }),
    };
    const { config } = await insist(async () => {
      const { controllers } = system;
      const chosen = controllers[(writer + n) % controllers.length];
      if (!chosen) throw new Error('no controller is left');
      return await chosen.client.call('SetIngressConfig', request, { timeoutMs: 3_000 });
    });
    last = config?.generation ?? 0;
    await delay(SET_EVERY_MS);
  }
  return last;
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
  await killing(t, async () => {
    const victim = system.controllers.shift();
    await victim?.program.kill();
    await system.startController();
  });
  writing.abort();
  await Promise.all(writers);

  await using mysql = openMysql({ url: system.mysqlUrl }, { log });
  const rows = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['id', 'generation'])
    .orderBy('sequence')
    .orderBy('id')
    .orderBy('generation')
    .execute();
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

test('a watch of completions, and waits, go on over every kill of their server', async (t) => {
  await using system = await openSystem({ agents: { [ENV]: 2 } });
  const writing = new AbortController();
  const watching = new AbortController();
  const known = new Map<string, WatchCompletionsResponse>();
  let resumeToken = '';
  const followed = follow(async () => {
    const { signal } = watching;
    const { client } = system.aggregator;
    for await (const message of client.stream(
      'WatchCompletions',
      { env: ENV, resumeToken },
      { signal },
    )) {
      if (message.type === 'TYPE_SNAPSHOT_BEGIN') known.clear();
      if (message.completion) known.set(message.completion.id, message);
      resumeToken = message.resumeToken || resumeToken;
    }
  }, watching.signal);
  const writers = Array.from({ length: WRITERS }, (_, n) => write(system, n, writing.signal));
  const outcomes = new Map<string, number>();
  const waited = waitAgainAndAgain(system, outcomes, writing.signal);

  await killing(t, () => system.restartAggregator());
  writing.abort();
  const last = await Promise.all(writers);
  await waited;
  t.diagnostic([...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', '));
  for (const outcome of outcomes.keys()) assert.match(outcome, /_(DONE|SUPERSEDED)$/);
  for (const [writer, generation] of last.entries()) {
    assert.equal(await waitFor(system, { id: `site-${writer}`, generation }), 'WAIT_OUTCOME_DONE');
  }

  const isTold = () =>
    last.every((generation, writer) => {
      const completion = known.get(`site-${writer}`)?.completion;
      return (
        completion?.generation === generation && completion.state === 'COMPLETION_STATE_COMPLETE'
      );
    });
  await eventually(isTold, { timeoutMs: 20_000, what: 'the last word on every config' });
  watching.abort();
  await followed;
});

/** Waits for what is newest, as a caller should: until somebody says how it ended. */
async function waitAgainAndAgain(
  system: System,
  outcomes: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const ref = { env: ENV, id: `site-${n % WRITERS}` };
    const { config } = await insist(() => system.controller.call('GetIngressConfig', ref)).catch(
      () => ({ config: undefined }),
    );
    if (!config) continue;
    const outcome = await waitFor(system, { id: ref.id, generation: config.generation });
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

async function waitFor(
  system: System,
  { id, generation }: { id: string; generation: number },
): Promise<string> {
  const request = { envs: [ENV], id, generation };
  const { outcome } = await insist(() =>
    system.aggregator.client.call('WaitForCompletion', request, { timeoutMs: 5_000 }),
  );
  return outcome;
}

async function killing(t: TestContext, kill: () => Promise<void>): Promise<void> {
  for (let n = 0; n < KILLS; n += 1) {
    await delay(BETWEEN_KILLS_MS);
    await kill();
  }
  t.diagnostic(`${KILLS} kills`);
}
