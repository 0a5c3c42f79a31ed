// The least that keeps N leases alive: their beats on one stream, evenly spread over the time between
// two beats of a lease. `keepalives.ts ETCD N`.

import { setTimeout as delay } from 'node:timers/promises';
import { openRawEtcd } from './etcd.ts';
import { argument, serveRounds } from './program.ts';

/** As an agent's registration by default. */
const TTL_SECONDS = 5;
const BEAT_MS = 2_000;

/** Grants at once. */
const GRANTS_MAX = 64;
/** Between two bursts of beats: a timer does not tick for each of thousands. */
const BURST_MS = 20;
const LOOK_MS = 100;

const etcd = openRawEtcd(argument(0, 'ETCD'));
const count = Number(argument(1, 'N'));
const leases: number[] = [];
let failed: unknown;
const beats = etcd.keepalive();
beats.on('error', (error) => {
  failed = error;
});
beats.on('data', ({ TTL }: { TTL?: number }) => {
  if (TTL === undefined) failed ??= new Error('a lease has ended');
});

let due = 0;
let next = 0;
setInterval(() => {
  for (due += (leases.length * BURST_MS) / BEAT_MS; due >= 1; due -= 1) {
    beats.write({ ID: leases[next % leases.length] });
    next += 1;
  }
}, BURST_MS);

async function grantSome(): Promise<void> {
  while (leases.length < count) leases.push(await etcd.grant(TTL_SECONDS));
}

await Promise.all(Array.from({ length: Math.min(GRANTS_MAX, count) }, grantSome));

serveRounds(async () => {
  await delay(LOOK_MS);
  if (failed !== undefined) throw failed as Error;
});
