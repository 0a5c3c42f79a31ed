// Many agents in one process, each with a journal of its own: the product's agents, without the cost of
// a process each. `node agent-fleet.ts NUMBERS CONNECTIONS DIR ARGS…`, the arguments being those of every
// agent; NUMBERS is `101-200` for agent-101 to agent-200, or `100` for agent-1 to agent-100. CONNECTIONS
// is `own` for an etcd client each, or `shared` for one client of all.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEtcd } from '#libs/etcd';
import { mapBounded, shutdownSignal } from '#libs/lifecycle';
import { openApp } from '#services/agent/app.ts';
import { readConfig } from '#services/agent/config.ts';
import { shareEtcd } from '#test/shared-etcd';

/** Agents that open at once: they wait for the disk most of the time. */
const OPENING_MAX = 2;

/** A pause before each, and how late it may end: else there is another one. */
const PAUSE_MS = 20;
const LATE_MAX_MS = 50;

const [numbers = '', connections = '', dir = '', ...args] = process.argv.slice(2);
const stop = shutdownSignal();
await using stack = new AsyncDisposableStack();
const shared = stack.use(shareEtcd());
const openClient = connections === 'shared' ? shared.open : openEtcd;
const running: Promise<void>[] = [];
const [first = 1, last = 0] = numbers.includes('-')
  ? numbers.split('-').map(Number)
  : [1, Number(numbers)];
const names = Array.from({ length: last - first + 1 }, (_, index) => `agent-${first + index}`);
await mapBounded(names, OPENING_MAX, async (name) => {
  await untilCalm();
  const own = ['--name', name, '--state-dir', join(dir, name), '--listen', '127.0.0.1:0'];
  const config = readConfig({ argv: [...own, ...args], env: process.env });
  const app = stack.use(await openApp(config, stop, openClient));
  running.push(app.run(stop));
});
process.stdout.write(`${JSON.stringify({ msg: 'serving', address: `agents ${numbers}` })}\n`);
await Promise.all(running);

/** Agents that start must not keep those that run from their heartbeats. */
async function untilCalm(): Promise<void> {
  let lateMs = 0;
  do {
    const dueMs = performance.now() + PAUSE_MS;
    await delay(PAUSE_MS);
    lateMs = performance.now() - dueMs;
  } while (lateMs > LATE_MAX_MS);
}
