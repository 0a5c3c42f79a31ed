import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENT_PREFIX, CONFIG_PREFIX, ROOT, STATUS_PREFIX, statusKey } from '#libs/keyspace';
import { Story } from '../domain/testing/story.ts';
import { View } from '../domain/view.ts';
import { StatusBounds } from './status-bounds.ts';

const CONFIGS = 900;
const AGENTS = 7;

/** Everything behind a key up to the end, cut: the bounds that a list of `from` onwards meets. */
function boundsFrom(bounds: StatusBounds, from: string): string[] {
  const met: string[] = [];
  for (let key: string | undefined = bounds.after(from); key; key = bounds.after(key))
    met.push(key);
  return met;
}

test('a list is cut at its folders, and where a few thousand statuses lie between', () => {
  const story = new Story();
  for (let index = 0; index < CONFIGS; index += 1) story.config('1', `web-${index}`, 1);
  for (let index = 0; index < AGENTS; index += 1) story.register({ env: '1', name: `a-${index}` });
  const view = new View();
  view.load(story.list(), 1);
  const met = boundsFrom(new StatusBounds(view), ROOT);
  assert.deepEqual(met.slice(0, 3), [AGENT_PREFIX, CONFIG_PREFIX, STATUS_PREFIX]);
  const cuts = met.slice(3);
  assert.deepEqual(cuts, cuts.toSorted());
  const ids = Array.from({ length: CONFIGS }, (_, index) => `web-${index}`);
  const keys = ids.map((id) => statusKey('1', id, 'a-0')).toSorted();
  const between = cuts.map((cut, index) => {
    const next = cuts[index + 1] ?? '~';
    return AGENTS * keys.filter((key) => key > cut && key < next).length;
  });
  assert(Math.max(...between) <= 2_048);
  assert(cuts.length <= 2 + (CONFIGS * AGENTS) / 1_024);
});

test('many small environments share a range', () => {
  const story = new Story();
  for (let index = 0; index < 2_000; index += 1) {
    const env = `env-${index}`;
    story.config(env, 'web', 1);
    for (const name of ['a', 'b']) story.register({ env, name });
  }
  const view = new View();
  view.load(story.list(), 1);
  assert.equal(boundsFrom(new StatusBounds(view), STATUS_PREFIX).length, 2);
});

test('nothing that was listed means no bound within the statuses', () => {
  assert.equal(new StatusBounds(new View()).after(STATUS_PREFIX), undefined);
});
