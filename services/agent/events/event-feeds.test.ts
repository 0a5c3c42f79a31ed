import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentEvent } from '../domain/agent-event.ts';
import { Arrivals } from './arrivals.ts';
import { type EventFeed, EventFeeds } from './event-feeds.ts';

const clock = { now: () => 7 };
const received = (id: string, generation: number) =>
  ({ kind: 'RECEIVED', id, generation }) as const;

async function read(feed: EventFeed | undefined, count: number): Promise<string[]> {
  const words: string[] = [];
  if (!feed || count === 0) return words;
  for await (const { event, dropped } of feed.events(AbortSignal.timeout(1_000))) {
    words.push(`${event.id ?? '-'} ${event.generation ?? 0} ${dropped}`);
    if (words.length === count) break;
  }
  return words;
}

test('each reader hears everything from when it began, in order', async () => {
  const feeds = new EventFeeds({ clock });
  feeds.tell(received('a', 1));
  using first = feeds.open();
  feeds.tell(received('a', 2));
  using second = feeds.open();
  feeds.tell(received('b', 1));
  assert.deepEqual(await read(first, 2), ['a 2 0', 'b 1 0']);
  assert.deepEqual(await read(second, 1), ['b 1 0']);
});

test('a reader that waits is woken, and ends with its signal', async () => {
  const feeds = new EventFeeds({ clock });
  using feed = feeds.open();
  const reading = read(feed, 1);
  await new Promise(setImmediate);
  feeds.tell(received('a', 1));
  assert.deepEqual(await reading, ['a 1 0']);
  const stop = new AbortController();
  const ending = feed?.events(stop.signal).next();
  stop.abort();
  await assert.rejects(async () => await ending, { name: 'AbortError' });
});

test('one config alone is heard of with what is about none', async () => {
  const feeds = new EventFeeds({ clock });
  using feed = feeds.open('a');
  feeds.tell(received('b', 1));
  feeds.tell({ kind: 'CONNECTED' });
  feeds.tell(received('a', 1));
  assert.deepEqual(await read(feed, 2), ['- 0 0', 'a 1 0']);
});

test('what a slow reader has lost is counted, and what waits for it is bounded', async () => {
  const feeds = new EventFeeds({ clock, waitingMax: 3 });
  using feed = feeds.open();
  for (let generation = 1; generation <= 11; generation += 1) feeds.tell(received('a', generation));
  const words = await read(feed, 2);
  assert.deepEqual(words, ['a 10 9', 'a 11 0']);
});

test('no more than a few look on at once', () => {
  const feeds = new EventFeeds({ clock });
  using stack = new DisposableStack();
  const opened = Array.from({ length: 9 }, () => feeds.open());
  assert.equal(opened.filter((feed) => feed === undefined).length, 1);
  for (const feed of opened) if (feed) stack.use(feed);
  opened[0]?.[Symbol.dispose]();
  assert.ok(stack.use(feeds.open() ?? null));
});

test('a generation is received once, by whatever way it comes', () => {
  const told: AgentEvent[] = [];
  const arrivals = new Arrivals((event) => told.push(event));
  arrivals.listed(new Map([['a', { generation: 1 }]]));
  arrivals.came('a', { generation: 1 });
  arrivals.came('foreign', undefined);
  arrivals.came('a', { generation: 2 });
  arrivals.listed(new Map([['a', { generation: 2 }]]));
  arrivals.listed(new Map());
  arrivals.listed(new Map([['a', { generation: 2 }]]));
  assert.deepEqual(told, [received('a', 1), received('a', 2), received('a', 2)]);
});
