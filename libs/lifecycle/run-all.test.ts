import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraceExceededError, ReturnedEarlyError, runAll } from './run-all.ts';
import { aborted, deadlineSignal, deriveSignal } from './signals.ts';

const untilAborted = (signal: AbortSignal) => aborted(signal);

test('resolves when the signal fired and every part has ended', async () => {
  const stop = new AbortController();
  const ended: string[] = [];
  const running = runAll(
    stop.signal,
    {
      a: async (signal) => {
        await aborted(signal);
        ended.push('a');
      },
      b: async (signal) => {
        await aborted(signal);
        await new Promise(setImmediate);
        ended.push('b');
      },
    },
    { graceMs: 1000 },
  );
  stop.abort();
  await running;
  assert.deepEqual(ended.toSorted(), ['a', 'b']);
});

test('the first failure stops the others and is thrown', async () => {
  const failure = new Error('broken');
  let stopped = false;
  await assert.rejects(
    runAll(
      new AbortController().signal,
      {
        bad: async () => {
          throw failure;
        },
        good: async (signal) => {
          await aborted(signal);
          stopped = true;
        },
      },
      { graceMs: 1000 },
    ),
    failure,
  );
  assert.equal(stopped, true);
});

test('a part that returns before the signal is a failure', async () => {
  await assert.rejects(
    runAll(
      new AbortController().signal,
      { early: async () => undefined, steady: untilAborted },
      { graceMs: 1000 },
    ),
    ReturnedEarlyError,
  );
});

test('a part that does not end is named once its grace is over', async () => {
  const stop = new AbortController();
  const forever = Promise.withResolvers<void>();
  const running = runAll(stop.signal, { stuck: () => forever.promise }, { graceMs: 5 });
  stop.abort();
  await assert.rejects(running, (error) => {
    assert(error instanceof GraceExceededError);
    assert.match(error.message, /stuck/);
    return true;
  });
  forever.resolve();
});

test('an abort that a part rethrows is a clean end', async () => {
  const stop = new AbortController();
  const running = runAll(
    stop.signal,
    {
      a: async (signal) => {
        await aborted(signal);
        throw signal.reason;
      },
    },
    { graceMs: 1000 },
  );
  stop.abort();
  await running;
});

test('a derived signal follows its parent until it is disposed', () => {
  const parent = new AbortController();
  const kept = deriveSignal(parent.signal);
  {
    using gone = deriveSignal(parent.signal);
    assert.equal(gone.signal.aborted, false);
    kept.signal.addEventListener('abort', () => assert.equal(gone.signal.aborted, false));
  }
  parent.abort('why');
  assert.equal(kept.signal.reason, 'why');
});

test('a deadline fires with a TimeoutError', async () => {
  using deadline = deadlineSignal(undefined, 1);
  await aborted(deadline.signal);
  assert.equal((deadline.signal.reason as Error).name, 'TimeoutError');
});
