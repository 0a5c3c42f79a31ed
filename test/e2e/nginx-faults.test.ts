// What goes wrong around a real nginx, under a whole system: old routes serve on, the completion names
// the agent and the reason, and all is right again afterwards.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort, runLoad } from '#local';
import type { Completion } from '#proto';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { putUnusableSecret } from '#test/nginx-place';
import { type NginxSystem, openNginxSystem } from '#test/nginx-system';
import { makeReadOnly, openSmallDisk } from '#test/small-disk';

const run = promisify(execFile);
const ENV = '1';
const NO_RIGHT = 'NOT TESTED: this machine gives no right to mount a file system';
const HOST = 'shop.test';
const backend = { service: { name: 'blog', port: { number: 80 } } };
/** More memory than a small version takes to be taken up, and less than a large one. */
const SPARE_BYTES = 8 * 1024 * 1024;

/** Waits until the agent blocks the config for this reason, with a message that says so. */
async function isBlocked({ system }: NginxSystem, reason: string, message: RegExp): Promise<void> {
  const isSaid = ({ blockers }: Completion) =>
    blockers.some(
      (blocker) =>
        blocker.agent === 'edge' && blocker.reason === reason && message.test(blocker.message),
    );
  await system.completion(ENV, 'web', isSaid, 60_000);
}

test('a config that nginx takes but cannot serve is rolled back, and named with its agent', async () => {
  await using place = await openNginxSystem();
  const { system } = place;
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  assert.equal(await place.ask(HOST), 'shop');

  // The master gets no more memory than it has: a small version fits, a large one does not.
  const master = await place.master();
  const status = await readFile(`/proc/${master}/status`, 'utf8');
  const bytes = Number(/^VmSize:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  await run('prlimit', ['--pid', String(master), `--as=${bytes + SPARE_BYTES}`]);
  await system.set(ENV, 'web', largeIngress());

  await isBlocked(place, 'ROLLED_BACK', /the former one is back/);
  assert.equal(await place.ask(HOST), 'shop');

  await system.set(ENV, 'web', ingressOf(HOST, 'blog'));
  await system.state(ENV, 'web', 'COMPLETE', 3);
  assert.equal(await place.ask(HOST), 'blog');
});

test('a certificate that no client shakes hands with is rolled back, and named with agent and host', async () => {
  await using secrets = await openSecrets();
  await putUnusableSecret(join(secrets.dir, 'test', 'unusable'));
  const options = { secrets: secrets.dir, 'listen-tls': `127.0.0.1:${await freePort()}` };
  await using place = await openNginxSystem({}, options);
  const { system } = place;
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  const path = { path: '/', pathType: 'Prefix', backend };
  const tls = [{ hosts: [HOST], secretName: 'unusable' }];
  const spec = { tls, rules: [{ host: HOST, http: { paths: [path] } }] };
  await system.set(ENV, 'web', { ...ingressOf(HOST), spec });
  await isBlocked(place, 'ROLLED_BACK', /NOT_SERVED.*shop\.test over TLS/);
  assert.equal(await place.ask(HOST), 'shop');
});

test('who is displaced is told so, and has its route back at once when the winner goes', async () => {
  // No list comes by itself while this runs.
  await using place = await openNginxSystem({ agentArgs: ['--relist-interval', '600'] });
  const { system } = place;
  await system.set(ENV, 'old', ingressOf('old.test', 'blog'));
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  await system.set(ENV, 'old', ingressOf(HOST, 'blog'));
  const isTold = ({ blockers }: Completion) =>
    blockers.some(({ message }) => /config old has one of its routes/.test(message));
  await system.completion(ENV, 'web', isTold, 10_000);
  assert.equal(await place.ask(HOST), 'blog');
  await system.delete(ENV, 'old');
  await system.completion(ENV, 'web', ({ state }) => state === 'COMPLETION_STATE_COMPLETE', 10_000);
  assert.equal(await place.ask(HOST), 'shop');
});

async function openSecrets() {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-secrets-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

/** As many locations as fit into a config. */
function largeIngress(): object {
  const paths = Array.from({ length: 40 }, (_, index) => ({
    ...{ path: `/p${index}`, pathType: 'Prefix', backend },
  }));
  const hosts = [HOST, ...Array.from({ length: 44 }, (_, index) => `h${index}.test`)];
  const rules = hosts.map((host) => ({ host, http: { paths } }));
  return { ...ingressOf(HOST, 'blog'), spec: { rules } };
}

test('an agent that is killed at any step of an apply costs no request, and is right again', async (t) => {
  await using place = await openNginxSystem();
  const { system, agent, dir } = place;
  await system.set(ENV, 'stable', ingressOf('stable.test', 'shop'));
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  await system.state(ENV, 'stable', 'COMPLETE', 1);
  const stop = new AbortController();
  const target = { port: place.port, host: 'stable.test', path: '/' };
  const loading = runLoad(target, await place.ask('stable.test'), {
    clients: 2,
    signal: stop.signal,
  });

  const steps = [
    ...['staged.conf', 'nginx.conf', 'in-force/web.json'].map((file) => join(dir, file)),
    join(agent.stateDir, 'journal'),
  ];
  let generation = 1;
  for (const file of steps) {
    const touched = nextChange(file);
    generation += 1;
    const service = generation % 2 === 0 ? 'blog' : 'shop';
    await system.set(ENV, 'web', ingressOf(HOST, service));
    await touched;
    await agent.program.kill();
    await agent.restart();
    await system.state(ENV, 'web', 'COMPLETE', generation);
    assert.equal(await place.ask(HOST), service, file);
  }
  stop.abort();
  const { requests, failures, told } = await loading;
  t.diagnostic(`${requests} requests, ${failures} failed`);
  assert.deepEqual(told, []);
  assert.ok(requests > 100);
});

test('an nginx that is killed is started again with what was in force', async () => {
  await using place = await openNginxSystem();
  const { system } = place;
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  // The master and its workers: the whole of its group.
  process.kill(-(await place.master()), 'SIGKILL');
  await assert.rejects(place.ask(HOST), /ECONN/);
  await eventually(async () => (await place.ask(HOST)) === 'shop', {
    timeoutMs: 20_000,
    what: 'nginx to serve again',
  });
  await system.state(ENV, 'web', 'COMPLETE', 1);
});

test('a full disk leaves the old route, names its reason, and is got over', async (t) => {
  await using disk = await openSmallDisk(16);
  if (!disk) {
    skip(t);
    return;
  }
  await using place = await openNginxSystem({ dirs: { agents: disk.dir } });
  await isGotOver(place, /ENOSPC/, async () => {
    await disk.fill();
    return { [Symbol.asyncDispose]: () => disk.free() };
  });
});

test('a folder that is read-only leaves the old route, names its reason, and is got over', async (t) => {
  await using place = await openNginxSystem();
  const mayMount = await makeReadOnly(place.dir);
  await mayMount?.[Symbol.asyncDispose]();
  if (!mayMount) {
    skip(t);
    return;
  }
  await isGotOver(place, /EROFS/, () => makeReadOnly(place.dir));
});

async function isGotOver(
  place: NginxSystem,
  message: RegExp,
  fault: () => Promise<AsyncDisposable | undefined>,
): Promise<void> {
  const { system } = place;
  await system.set(ENV, 'web', ingressOf(HOST, 'shop'));
  await system.state(ENV, 'web', 'COMPLETE', 1);
  {
    await using _faulty = await fault();
    await system.set(ENV, 'web', ingressOf(HOST, 'blog'));
    await isBlocked(place, 'RETRYING', message);
    assert.equal(await place.ask(HOST), 'shop');
  }
  await system.state(ENV, 'web', 'COMPLETE', 2);
  assert.equal(await place.ask(HOST), 'blog');
}

function skip(t: TestContext): void {
  t.skip(NO_RIGHT);
  process.stderr.write(`${t.name}: ${NO_RIGHT}\n`);
}

/** Resolves at the next change of a file, or of what takes its place. */
async function nextChange(file: string): Promise<void> {
  const name = file.slice(dirname(file).length + 1);
  for await (const event of watch(dirname(file), { signal: AbortSignal.timeout(20_000) })) {
    if (event.filename === name) return;
  }
}
