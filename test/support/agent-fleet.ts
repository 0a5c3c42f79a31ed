// Many agents in one process, each with a journal and an etcd client of its own: the product's agents,
// without the cost of a process each. `node agent-fleet.ts NUMBERS DIR ARGS…`, the arguments being those
// of every agent; NUMBERS is `101-200` for agent-101 to agent-200, or `100` for agent-1 to agent-100.

import { join } from 'node:path';
import { shutdownSignal } from '#libs/lifecycle';
import { openApp } from '#services/agent/app.ts';
import { readConfig } from '#services/agent/config.ts';

const [numbers = '', dir = '', ...args] = process.argv.slice(2);
const stop = shutdownSignal();
await using stack = new AsyncDisposableStack();
const running: Promise<void>[] = [];
const [first, last] = numbers.includes('-') ? numbers.split('-').map(Number) : [1, Number(numbers)];
for (let index = first ?? 1; index <= (last ?? 0); index += 1) {
  const name = `agent-${index}`;
  const own = ['--name', name, '--state-dir', join(dir, name), '--listen', '127.0.0.1:0'];
  const config = readConfig({ argv: [...own, ...args], env: process.env });
  const app = stack.use(await openApp(config, stop));
  running.push(app.run(stop));
}
process.stdout.write(`${JSON.stringify({ msg: 'serving', address: `agents ${numbers}` })}\n`);
await Promise.all(running);
