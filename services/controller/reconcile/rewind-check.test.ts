import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EtcdUnavailableError } from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import { createRewindCheck } from './rewind-check.ts';

/** Looks once, at an etcd that answers so; tells of which epochs a loss was said. */
async function lossesOf(hasLostWrites: () => Promise<boolean>): Promise<number[]> {
  const losses: number[] = [];
  const check = createRewindCheck({
    watermark: { hasLostWrites },
    epoch: () => 7,
    onRewind: (epoch) => losses.push(epoch),
    log: silentLog,
  });
  await check.run();
  return losses;
}

test('a lost write is a loss of the epoch that was seen', async () => {
  assert.deepEqual(await lossesOf(async () => true), [7]);
  assert.deepEqual(await lossesOf(async () => false), []);
});

test('a look that fails, or is cut short by a stop, ends nothing', async () => {
  const failures = [
    new EtcdUnavailableError('range', 'away'),
    new DOMException('the client is closed', 'AbortError'),
  ];
  for (const failure of failures) {
    assert.deepEqual(await lossesOf(() => Promise.reject(failure)), []);
  }
});

test('a bug is not taken for an outage', async () => {
  await assert.rejects(
    lossesOf(() => Promise.reject(new TypeError('no such thing'))),
    TypeError,
  );
});
