import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gatherer } from './gatherer.ts';

/** Askings that end when they are told to. */
function openGatherer({ max = 3 } = {}) {
  const asked: (readonly string[])[] = [];
  const ends: PromiseWithResolvers<string>[] = [];
  const ask = (questions: readonly string[]) => {
    asked.push(questions);
    const end = Promise.withResolvers<string>();
    ends.push(end);
    return end.promise;
  };
  return {
    asked,
    ends,
    gatherer: new Gatherer({ ask, keyOf: (question: string) => question, max }),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who comes while one asking is under way shares the next, which begins after it', async () => {
  const { asked, ends, gatherer } = openGatherer();
  const first = gatherer.ask(['a']);
  await settled();
  const others = [gatherer.ask(['b']), gatherer.ask(['c', 'b'])];
  await settled();
  assert.deepEqual(asked, [['a']]);
  ends[0]?.resolve('first');
  assert.equal(await first, 'first');
  await settled();
  assert.deepEqual(asked, [['a'], ['b', 'c']]);
  ends[1]?.resolve('second');
  assert.deepEqual(await Promise.all(others), ['second', 'second']);
});

test('no asking has more questions than it may', async () => {
  const { asked, ends, gatherer } = openGatherer({ max: 2 });
  const answers = ['a', 'b', 'c', 'd', 'e'].map((question) => gatherer.ask([question]));
  for (let at = 0; at < 3; at += 1) {
    await settled();
    ends[at]?.resolve('');
  }
  await Promise.all(answers);
  assert.deepEqual(asked, [['a', 'b'], ['c', 'd'], ['e']]);
});

test('an asking that fails fails its own callers only', async () => {
  const { ends, gatherer } = openGatherer();
  const first = gatherer.ask(['a']);
  await settled();
  const second = gatherer.ask(['b']);
  ends[0]?.reject(new Error('away'));
  await assert.rejects(first, /away/);
  await settled();
  ends[1]?.resolve('back');
  assert.equal(await second, 'back');
});
