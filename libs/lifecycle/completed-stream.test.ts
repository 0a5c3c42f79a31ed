import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completedStream } from './completed-stream.ts';

const never = new AbortController().signal;

/** Work that is done when it is told to. */
function openWork() {
  const jobs = new Map<number, PromiseWithResolvers<string>>();
  const work = (item: number) => {
    const job = Promise.withResolvers<string>();
    jobs.set(item, job);
    return job.promise;
  };
  return { jobs, work, finish: (item: number) => jobs.get(item)?.resolve(`r${item}`) };
}

async function* numbers(count: number) {
  for (let n = 1; n <= count; n += 1) yield n;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('results come in the order of completion', async () => {
  const { work, finish } = openWork();
  const results = completedStream(numbers(3), work, { width: 9, signal: never });
  const first = results.next();
  await settled();
  finish(3);
  assert.equal((await first).value, 'r3');
  finish(1);
  assert.equal((await results.next()).value, 'r1');
  finish(2);
  assert.equal((await results.next()).value, 'r2');
  assert.equal((await results.next()).done, true);
});

test('no more is taken than may be at work, until a result was taken', async () => {
  const { jobs, work, finish } = openWork();
  const results = completedStream(numbers(5), work, { width: 2, signal: never });
  const first = results.next();
  await settled();
  assert.deepEqual([...jobs.keys()], [1, 2]);
  finish(1);
  await first;
  finish(2);
  await settled();
  assert.deepEqual([...jobs.keys()], [1, 2], 'the second result was not asked for yet');
  const second = results.next();
  await second;
  const third = results.next();
  await settled();
  assert.deepEqual([...jobs.keys()], [1, 2, 3, 4]);
  finish(3);
  assert.equal((await third).value, 'r3');
});

test('what fails the source or the work fails the stream', async () => {
  const broken = async (item: number) => {
    if (item === 2) throw new Error('broken');
    return item;
  };
  const ofWork = completedStream(numbers(3), broken, { width: 9, signal: never });
  await assert.rejects(Array.fromAsync(ofWork), /broken/);
  async function* cut() {
    yield 1;
    throw new Error('cut');
  }
  const ofSource = completedStream(cut(), async (n) => n, { width: 9, signal: never });
  await assert.rejects(Array.fromAsync(ofSource), /cut/);
});

test('it ends with the signal, whatever is at work', async () => {
  const { work } = openWork();
  const stop = new AbortController();
  const results = completedStream(numbers(3), work, { width: 2, signal: stop.signal });
  const first = results.next();
  await settled();
  stop.abort(new Error('stopped'));
  await assert.rejects(first, /stopped/);
});

test('a source without items has no results', async () => {
  const results = completedStream(numbers(0), async (n) => n, { width: 2, signal: never });
  assert.deepEqual(await Array.fromAsync(results), []);
});
