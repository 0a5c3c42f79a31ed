import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverConfig } from '#services/agent/drivers/driver.ts';
import { config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const CONFIGS = 1_000;
const { signal } = new AbortController();
const younger = '2026-02-01T00:00:00.000Z';

/** Counts the generations of workers that a master has had. */
function countGenerations(master: number, until: AbortSignal): Promise<number> {
  const seen = new Set<string>();
  const look = async () => {
    while (!until.aborted) {
      const children = await readFile(`/proc/${master}/task/${master}/children`, 'latin1');
      for (const pid of children.split(' ')) if (pid.trim() !== '') seen.add(pid);
      await delay(5);
    }
    return seen.size;
  };
  return look();
}

test('of a thousand configs in a burst 997 are VERIFIED by one reload, and three are named', async (t) => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  await driver.apply(config('first', ingress({ 'first.example': [path('shop', '/')] })), signal);
  const stop = new AbortController();
  const counting = countGenerations(await place.pid(), stop.signal);

  const good = Array.from({ length: CONFIGS - 3 }, (_, index) =>
    config(`good-${index}`, ingress({ [`h${index}.example`]: [path('shop', '/')] })),
  );
  // Longer than what nginx reads as one word.
  const longPath = `/${'a'.repeat(5_000)}`;
  const bad: readonly (readonly [DriverConfig, string, RegExp])[] = [
    [
      config('refused', ingress({ 'r.example': [path('shop', longPath)] })),
      'NGINX_REFUSED',
      /too long/,
    ],
    [
      config('taken', ingress({ 'h7.example': [path('blog', '/')] }), younger),
      'ROUTE_TAKEN',
      /good-7\b/,
    ],
    [
      config('nowhere', ingress({ 'n.example': [path('nobody', '/')] })),
      'BACKEND_UNRESOLVED',
      /backend/,
    ],
  ];
  const startMs = performance.now();
  const [failures] = await Promise.all([
    Promise.all(bad.map(([each]) => failure(driver.apply(each, signal)))),
    Promise.all(good.map((each) => driver.apply(each, signal))),
  ]);
  t.diagnostic(`in force after ${Math.round(performance.now() - startMs)} ms`);
  for (const [index, [, reason, message]] of bad.entries()) {
    assert.equal(failures[index]?.reason, reason);
    assert.match(failures[index]?.message ?? '', message);
  }
  for (const each of good) assert.equal((await driver.verify(each, signal)).level, 'VERIFIED');
  stop.abort();
  assert.equal(await counting, 2, 'the workers of before, and those of one reload');
});
