import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#libs/telemetry';
import type { ConfigRef } from '../domain/config-row.ts';
import { DirtyScan } from './dirty-scan.ts';

/** Rows of a full scan. */
const FULL = 240;

/** Scans until the rows are asked for `looksMax` times, or the scan pauses; answers how often they were. */
async function looksInARow(
  rowsOf: (look: number) => readonly ConfigRef[],
  looksMax: number,
): Promise<number> {
  const stop = new AbortController();
  let looks = 0;
  const scan = new DirtyScan({
    store: {
      dirty: async () => {
        looks += 1;
        if (looks === looksMax) stop.abort();
        return [...rowsOf(looks)];
      },
    },
    publisher: {
      readEpoch: async () => 1,
      publish: async () => ({ state: 'PUBLISHED', epoch: 1, revision: 1n }),
      recorded: async () => undefined,
    },
    isReady: () => true,
    log: silentLog,
    // The pause is asked for once there is one.
    random: () => {
      stop.abort();
      return 0.5;
    },
  });
  await scan.run(stop.signal);
  return looks;
}

const rows = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ env: '1', id: `${prefix}-${index}` }));

test('full scans follow each other at once, until one is not full', async () => {
  assert.equal(await looksInARow((look) => rows(`${look}`, look < 4 ? FULL : 3), 10), 4);
});

test('rows that stay dirty although they were published are left to the next scan', async () => {
  assert.equal(await looksInARow(() => rows('same', FULL), 10), 2);
});
