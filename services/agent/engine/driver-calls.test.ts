import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DriverCalls } from './driver-calls.ts';

const settled = async () => await new Promise(setImmediate);

test('a call that was given up ends before the next one about the same config begins', async () => {
  const calls = new DriverCalls();
  const done: string[] = [];
  const slow = Promise.withResolvers<void>();
  const stop = new AbortController();
  const first = calls.run('a', stop.signal, async () => {
    await slow.promise;
    done.push('first');
  });
  stop.abort(new DOMException('given up', 'TimeoutError'));
  await assert.rejects(first, { name: 'TimeoutError' });
  const forever = new AbortController().signal;
  const second = calls.run('a', forever, async () => {
    done.push('second');
  });
  await calls.run('b', forever, async () => {
    done.push('other');
  });
  await settled();
  assert.deepEqual(done, ['other']);
  slow.resolve();
  await second;
  assert.deepEqual(done, ['other', 'first', 'second']);
});

test('who waits for a call that does not end gives up, too', async () => {
  const calls = new DriverCalls();
  const stop = new AbortController();
  const never = () => new Promise<void>(() => undefined);
  const first = calls.run('a', stop.signal, never);
  stop.abort(new DOMException('given up', 'TimeoutError'));
  await assert.rejects(first);
  const late = new AbortController();
  const second = calls.run('a', late.signal, never);
  late.abort(new DOMException('given up', 'TimeoutError'));
  await assert.rejects(second, { name: 'TimeoutError' });
});

test('the limit is the one that the driver declares', async () => {
  const calls = new DriverCalls({ callTimeoutMs: 1 });
  const never = () => new Promise<void>(() => undefined);
  await assert.rejects(calls.run('a', new AbortController().signal, never), {
    name: 'TimeoutError',
  });
});
