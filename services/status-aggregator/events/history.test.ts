import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, RING_MAX } from './history.ts';
import type { HistoryEvent } from './history-event.ts';

function event(more: Partial<HistoryEvent>): HistoryEvent {
  return {
    ...{ type: 'APPLIED', env: '1', id: undefined, agent: undefined, atMs: 1 },
    ...{ revision: 1, epoch: 1, generation: 1, reason: '', message: '' },
    ...more,
  };
}

const web = { env: '1', id: 'web' };

test('a thousand agents do not drive out what happened to the config itself', () => {
  const history = new History();
  history.record(event({ type: 'PUBLISHED', id: 'web' }));
  for (let index = 0; index < 1_000; index += 1) {
    history.record(event({ id: 'web', agent: `a${index}` }));
  }
  const found = history.list(web, undefined, 1_000);
  assert.equal(found.length, RING_MAX + 1);
  assert.equal(found[0]?.agent, 'a999');
  assert.equal(found.at(-1)?.type, 'PUBLISHED');
});

test('an event of a config on an agent stands in both histories', () => {
  const history = new History();
  history.record(event({ id: 'web', agent: 'a' }));
  history.record(event({ type: 'LOST', agent: 'a' }));
  const types = history.list({ env: '1', agent: 'a' }, undefined, 9).map(({ type }) => type);
  assert.deepEqual(types, ['LOST', 'APPLIED']);
  assert.equal(history.list(web, undefined, 9).length, 1);
  assert.deepEqual(history.list({ env: '10', id: 'web' }, undefined, 9), []);
});

test('an event recorded later stands where it was observed', () => {
  const history = new History();
  const place = history.next();
  history.record(event({ type: 'PUBLISHED', id: 'web', generation: 2 }));
  history.record(event({ type: 'COMPLETE', id: 'web' }), place);
  const types = history.list(web, undefined, 9).map(({ type }) => type);
  assert.deepEqual(types, ['PUBLISHED', 'COMPLETE']);
});

test('pages go on where the one before ended', () => {
  const history = new History();
  for (let generation = 1; generation <= 5; generation += 1) {
    history.record(event({ type: 'PUBLISHED', id: 'web', generation }));
  }
  const [, second] = history.list(web, undefined, 2);
  const rest = history.list(web, second?.sequence, 9).map(({ generation }) => generation);
  assert.deepEqual(rest, [3, 2, 1]);
});

test('full, it forgets the subjects that nothing happened to for longest', () => {
  const history = new History({ placesMax: 6 });
  for (const id of ['a', 'b', 'c', 'a', 'd', 'd', 'd']) history.record(event({ id }));
  const kept = ['a', 'b', 'c', 'd'].map(
    (id) => history.list({ env: '1', id }, undefined, 9).length,
  );
  assert.deepEqual(kept, [2, 0, 1, 3]);
  assert.equal(history.places, 6);
});
