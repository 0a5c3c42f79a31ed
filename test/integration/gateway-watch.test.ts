// Server-sent events of the gateway, and how it stops.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '#test/eventually';
import { openGateway } from '#test/gateway-place';
import { openSystem, type System } from '#test/system';

let system: System;
before(async () => {
  system = await openSystem({ agents: { '1': 1 } });
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

interface SentEvent {
  event: string;
  id: string;
  data: Record<string, unknown>;
}

/** Reads events until the stream ends, or the caller leaves the loop. */
async function* eventsOf(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert(response.body);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

/** Undefined: a comment, which keeps the connection open. */
function parse(block: string): SentEvent | undefined {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  const { event = 'message', id = '', data } = Object.fromEntries(fields) as Record<string, string>;
  if (data === undefined) return undefined;
  return { event, id, data: JSON.parse(data) as Record<string, unknown> };
}

const namesAndTypes = ({ data }: SentEvent) => data['type'];

test('a watch tells a snapshot and then changes; Last-Event-ID goes on from there', async () => {
  await using gateway = await openGateway(system);
  await system.set('1', 'watched.one');
  const url = `${gateway.url}/v1/envs/1/configs:watch`;
  let last = '';
  const seen: SentEvent[] = [];
  for await (const event of eventsOf(url)) {
    seen.push(event);
    if (event.data['type'] === 'TYPE_SYNCED') {
      last = event.id;
      break;
    }
  }
  assert.equal(seen.map(namesAndTypes).includes('TYPE_SET'), true);
  assert.notEqual(last, '');
  const missed = await system.set('1', 'watched.two');
  for await (const event of eventsOf(url, { 'last-event-id': last })) {
    if (event.data['type'] !== 'TYPE_SET') continue;
    const told = event.data['generation'] as { id: string; generation: string };
    assert.deepEqual([told.id, told.generation], ['watched.two', String(missed.generation)]);
    break;
  }
});

test('a bad resume token is answered as a problem', async () => {
  await using gateway = await openGateway(system);
  const answer = await gateway.call('GET', '/v1/envs/1/completions:watch?resume_token=nonsense');
  assert.equal(answer.status, 400);
  assert.equal(answer.type, 'application/problem+json');
});

test('a gateway that stops ends its streams, and lets go of its callers long before its grace is over', async () => {
  await using gateway = await openGateway(system);
  const events = eventsOf(`${gateway.url}/v1/envs/1/agents:watch`);
  assert.equal((await events.next()).done, false);
  const startedAt = performance.now();
  const stopped = gateway.program.stop();
  const last = await Array.fromAsync(events, ({ event }) => event);
  assert.deepEqual(
    last.filter((event) => event !== 'message'),
    ['problem'],
  );
  const { code, signal } = await stopped;
  assert.deepEqual([code, signal], [0, null]);
  // The grace is 10 s.
  assert(performance.now() - startedAt < 5000);
});

test('a caller that asks too often is told when to come again', async () => {
  await using gateway = await openGateway(system, ['--requests-per-second', '2']);
  const call = async () => await gateway.call('GET', '/v1/envs/1/configs');
  const answers = await Promise.all(Array.from({ length: 8 }, call));
  const refused = answers.filter(({ status }) => status === 429);
  assert(refused.length >= 4, `${refused.length} refused`);
  assert.equal(refused[0]?.body['reason'], 'RATE_LIMITED');
  assert.equal(refused[0].headers.get('retry-after'), '1');
  await eventually(async () => (await call()).status === 200, { timeoutMs: 5000, what: 'a turn' });
});
