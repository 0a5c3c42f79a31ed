import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff } from './backoff.ts';
import { createWorkQueue } from './work-queue.ts';

/** A promise with its resolver. */
function gate() {
  return Promise.withResolvers<void>();
}

test('duplicates collapse and a key added while processed is processed again, never twice at once', async () => {
  const stop = new AbortController();
  const first = gate();
  const done = gate();
  let atOnce = 0;
  let passes = 0;
  const queue = createWorkQueue<string>({
    workersMax: 4,
    onError: assert.fail,
    process: async () => {
      passes += 1;
      atOnce += 1;
      assert.equal(atOnce, 1);
      if (passes === 1) await first.promise;
      atOnce -= 1;
      if (passes === 2) done.resolve();
      return undefined;
    },
  });
  queue.add('a');
  queue.add('a');
  const running = queue.run(stop.signal);
  await new Promise(setImmediate);
  assert.equal(passes, 1);
  queue.add('a');
  queue.add('a');
  first.resolve();
  await done.promise;
  await new Promise(setImmediate);
  assert.equal(passes, 2);
  assert.equal(queue.size, 0);
  stop.abort();
  await running;
});

test('a pass that throws is repeated with back-off', async () => {
  const stop = new AbortController();
  const done = gate();
  const errors: unknown[] = [];
  let passes = 0;
  const queue = createWorkQueue<string>({
    workersMax: 1,
    retryMinMs: 1,
    retryMaxMs: 2,
    onError: (_key, error) => errors.push(error),
    process: async () => {
      passes += 1;
      if (passes < 3) throw new Error(`attempt ${passes}`);
      done.resolve();
      return undefined;
    },
  });
  queue.add('a');
  const running = queue.run(stop.signal);
  await done.promise;
  assert.equal(errors.length, 2);
  stop.abort();
  await running;
});

test('no more keys than workers are in process', async () => {
  const stop = new AbortController();
  const release = gate();
  const done = gate();
  let active = 0;
  let most = 0;
  let passes = 0;
  const queue = createWorkQueue<number>({
    workersMax: 2,
    onError: assert.fail,
    process: async () => {
      active += 1;
      most = Math.max(most, active);
      await release.promise;
      active -= 1;
      passes += 1;
      if (passes === 5) done.resolve();
      return undefined;
    },
  });
  for (let key = 0; key < 5; key += 1) queue.add(key);
  const running = queue.run(stop.signal);
  await new Promise(setImmediate);
  release.resolve();
  await done.promise;
  assert.equal(most, 2);
  stop.abort();
  await running;
});

test('a stop waits for the pass under way', async () => {
  const stop = new AbortController();
  const release = gate();
  const started = gate();
  let ended = false;
  const queue = createWorkQueue<string>({
    workersMax: 1,
    onError: assert.fail,
    process: async () => {
      started.resolve();
      await release.promise;
      ended = true;
      return undefined;
    },
  });
  queue.add('a');
  const running = queue.run(stop.signal);
  await started.promise;
  stop.abort();
  release.resolve();
  await running;
  assert.equal(ended, true);
});

test('back-off doubles to its cap and begins anew after a reset', () => {
  const backoff = createBackoff({ minMs: 100, maxMs: 400, random: () => 1 });
  assert.deepEqual(
    [backoff.next(), backoff.next(), backoff.next(), backoff.next()],
    [100, 200, 400, 400],
  );
  backoff.reset();
  assert.equal(backoff.next(), 100);
});
