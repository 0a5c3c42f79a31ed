// What the command line shows of one agent, and what agents say before anything is set.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { openSystem, type System } from '#test/system';

const BIN = join(import.meta.dirname, '../../services/cli/bin.mjs');

let system: System;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-cli-agent-'));
  system = await openSystem({ controllers: 1, agents: { '1': 2 } });
});
after(async () => {
  await system[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const variables = () => ({
  ...process.env,
  ROLLCALL_CONTROLLER: system.controllers.map(({ program }) => program.address).join(','),
  ROLLCALL_AGGREGATOR: system.aggregator.program.address,
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const rollcall = async (...args: string[]): Promise<Ran> =>
  await new Promise((resolve) => {
    execFile(BIN, args, { cwd: dir, env: variables() }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

const config = async () => {
  const file = join(dir, 'config.json');
  await writeFile(file, '{"a":1}');
  return file;
};

test('an agent tells what it has in force, and how its tries went', async () => {
  await system.set('1', 'shown');
  await system.state('1', 'shown', 'COMPLETE');
  const people = await rollcall('agent', '1/agent-1');
  assert.equal(people.code, 0, people.stderr);
  assert.match(
    people.stdout,
    /^1\/agent-1 {2}driver file, .*registered, synced with epoch 1, 1 in/,
  );
  assert.match(people.stdout, /^shown +APPLIED +1 +APPLIED +\S+Z +1 ok$/m);
  const programs = JSON.parse(
    (await rollcall('agent', 'agent-1', '--env', '1', '-o', 'json')).stdout,
  );
  assert.deepEqual([programs.agent.name, programs.configs[0].applied.generation], ['agent-1', 1]);

  const one = await rollcall('agent', '1/agent-1', '--config', 'shown');
  assert.match(
    one.stdout,
    /^shown {2}APPLIED: generation 1 in force.* etcd asks for generation 1$/m,
  );
  assert.match(one.stdout, /^1 +ok +1 +\S+Z +\d+ ms$/m);
  const tries = JSON.parse(
    (await rollcall('agent', '1/agent-1', '--config', 'shown', '-o', 'json')).stdout,
  );
  assert.deepEqual([tries.attempts.length, tries.attempts[0].result], [1, 'ok']);
});

test('an agent that is not there, or knows nothing of it, is said to be so', async () => {
  const unknown = await rollcall('agent', '1/nobody');
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'error: there is no agent 1/nobody\n']);
  const nothing = await rollcall('agent', '1/agent-1', '--config', 'nothing');
  assert.match(nothing.stderr, /the agent knows no such config \(NOT_FOUND, CONFIG_NOT_FOUND\)/);
  const elsewhere = await rollcall('agent', '1/agent-1', '--address', '127.0.0.1:1');
  assert.match(elsewhere.stderr, /^error: agent 1\/agent-1: .*\n {2}--address HOST:PORT/);
  assert.equal((await rollcall('agent', '1/agent-1', '--address', 'nowhere')).code, 2);
});

test('what an agent does is printed as it happens, and after its restart', async () => {
  const agent = system.agent('1/agent-2');
  const child = spawn(BIN, ['agent', '1/agent-2', '--watch', '-o', 'json'], {
    ...{ cwd: dir, env: variables(), stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const broke = new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).once('line', resolve);
  });
  try {
    const lines = createInterface({ input: child.stdout });
    const events = lines[Symbol.asyncIterator]();
    const next = async (wanted: string): Promise<Record<string, unknown>> => {
      for (;;) {
        const { value, done } = await events.next();
        assert.ok(!done, `${wanted} was not told`);
        const event = JSON.parse(value) as Record<string, unknown>;
        if (event['type'] === wanted) return event;
      }
    };
    // The stream stands when something of it was told: until then there is something to tell.
    const stop = new AbortController();
    const setting = (async () => {
      for (let n = 0; !stop.signal.aborted; n += 1) {
        await system.set('1', 'watched', { n });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const applied = await next('APPLIED');
    stop.abort();
    await setting;
    assert.equal(applied['id'], 'watched');
    await agent.program.kill();
    assert.match(await broke, /^the stream broke \(UNAVAILABLE\)/);
    await agent.restart();
    const told = new AbortController();
    const again = next('REMOVED').then((event) => {
      told.abort();
      return event;
    });
    for (let n = 0; !told.signal.aborted; n += 1) {
      await system.set('1', 'brief', { n });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await system.delete('1', 'brief');
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    assert.equal((await again)['id'], 'brief');
  } finally {
    child.kill('SIGINT');
  }
  assert.equal(await exited, 130);
});

test('a dry run tells what agents say, and its exit code is no yes to a no', async () => {
  const file = await config();
  const ask = ['apply', '-f', file, '--env', '1', '--dry-run', '--ask-agents'];
  const good = await rollcall(...ask, '--id', 'fine');
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /^1 +fine +created \(dry run\) +1 +2\/2 valid$/m);
  const bad = await rollcall(...ask, '--id', 'x'.repeat(253));
  assert.equal(bad.code, 4, bad.stderr);
  assert.match(bad.stdout, / 0\/2 valid, 2 rejected$/m);
  assert.match(bad.stdout, /^ {2}agent-1 {2}REJECTED {2}ID_TOO_LONG {2}/m);
  const json = JSON.parse((await rollcall(...ask, '--id', 'fine', '-o', 'json')).stdout);
  assert.deepEqual(
    json.items[0].agents.verdicts.map(({ verdict }: { verdict: string }) => verdict),
    ['VALID', 'VALID'],
  );
  const alone = await rollcall('apply', '-f', file, '--env', '1', '--id', 'fine', '--ask-agents');
  assert.equal(alone.code, 2);
  await assert.rejects(
    system.controller.call('GetIngressConfig', { env: '1', id: 'fine' }),
    /no config/,
  );
});

test('a dry run that an agent did not answer exits 1 and names it', async () => {
  const file = await config();
  const mute = system.agent('1/agent-2');
  mute.program.signal('SIGSTOP');
  try {
    const ask = ['apply', '-f', file, '--env', '1', '--dry-run', '--ask-agents', '--id', 'fine'];
    const ran = await rollcall(...ask);
    // Its lease may end while it is asked; then it was live when the question was put.
    assert.match(ran.stdout, /^1 +fine +created \(dry run\) +1 +1\/2 valid, 1 unanswered$/m);
    assert.match(ran.stdout, /^ {2}agent-2 {2}UNANSWERED {2}DEADLINE_EXCEEDED {2}/m);
    assert.equal(ran.code, 1);
  } finally {
    mute.program.signal('SIGCONT');
  }
});
