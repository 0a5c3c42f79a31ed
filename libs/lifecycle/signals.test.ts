import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { openNap, raceSignal } from './signals.ts';

const never = new Promise<never>(() => undefined);

test('everybody who waits beside a signal is told its reason', async () => {
  const controller = new AbortController();
  const waiting = [1, 2, 3].map(() => raceSignal(never, controller.signal));
  const reason = new Error('enough');
  controller.abort(reason);
  for (const each of await Promise.allSettled(waiting)) {
    assert.deepEqual(each, { status: 'rejected', reason });
  }
});

test('a signal keeps one listener for all who wait beside it, and none behind them', async () => {
  const { signal } = new AbortController();
  const first = Promise.withResolvers<number>();
  const second = Promise.withResolvers<number>();
  const races = [raceSignal(first.promise, signal), raceSignal(second.promise, signal)];
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  first.resolve(1);
  assert.equal(await races[0], 1);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  second.reject(new Error('broken'));
  await assert.rejects(races[1] ?? never, /broken/);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await assert.rejects(raceSignal(never, AbortSignal.abort(new Error('over'))), /over/);
});

test('who waits anew while a signal fires is told, too', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const first = raceSignal(never, signal);
  const again = first.catch(() => raceSignal(never, signal));
  controller.abort(new Error('enough'));
  await assert.rejects(again, /enough/);
});

test('a nap ends by itself, by its end and by its signal, and leaves no listener', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  await openNap(1, signal).over;
  const long = openNap(60_000, signal);
  long.end();
  long.end();
  await long.over;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const woken = openNap(60_000, signal);
  controller.abort();
  await woken.over;
  await openNap(60_000, signal).over;
});
