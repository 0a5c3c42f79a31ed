// What an operator goes through after a disaster, with the commands of the runbook, on a real system.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PASS_KEY } from '#libs/keyspace';
import { openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

const BIN = join(import.meta.dirname, '../../services/cli/bin.mjs');
const SOON_MS = 20_000;

let system: System;
before(async () => {
  system = await openSystem({ controllers: 2, agents: { '1': 1, '2': 1 }, ownMysql: true });
  await system.mirrored();
});
after(async () => await system[Symbol.asyncDispose]());

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function rollcall(...args: string[]): Promise<Ran> {
  const addresses = system.controllers.map(({ program }) => program.address).join(',');
  const env = { ...process.env, ROLLCALL_CONTROLLER: addresses };
  return await new Promise((resolve) => {
    execFile(BIN, args, { cwd: system.dir, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function untilPlane(state: string): Promise<string> {
  const look = async () => {
    const { stdout } = await rollcall('control-plane');
    return stdout.includes(`\n${state} `) && stdout;
  };
  return await eventually(look, { timeoutMs: SOON_MS, what: `the control plane ${state}` });
}

async function wipeEtcd(): Promise<void> {
  await system.etcd.kill();
  await system.etcd.wipe();
  await system.etcd.restart();
}

/** One more whole pass: a controller that starts makes one. */
async function onePass(): Promise<void> {
  const pass = async () => Number((await system.etcd.etcdctl('get', PASS_KEY)).split('\n')[1]);
  const before = await pass();
  const { program } = await system.startController();
  await eventually(async () => (await pass()) > before, { timeoutMs: SOON_MS, what: 'a pass' });
  await program.stop();
  system.controllers.pop();
}

/** The data of a MySQL that does not run. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.sock') });
}

async function files(agent: string): Promise<string[]> {
  return [...(await system.agent(agent).files()).keys()].toSorted();
}

async function held(agent: string): Promise<{ reason: string }[]> {
  const { heldRemovals } = await system.agent(agent).client.call('GetAgent', {});
  return heldRemovals;
}

test('MySQL and etcd lose an environment: stop, confirm, two passes, resume', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const id of ids) await system.set('1', id);
  await system.set('2', 'kept');
  await system.state('2', 'kept', 'COMPLETE');
  await eventually(async () => (await files('1/agent-1')).length === 6, { timeoutMs: SOON_MS });
  await onePass();

  await using mysql = openMysql({ url: system.mysqlUrl }, { log: silentLog });
  const known = async () => await mysql.db.selectFrom('etcd_state').select('live_rows').execute();
  await eventually(async () => (await known())[0]?.live_rows === 7, { timeoutMs: SOON_MS });
  await mysql.db.deleteFrom('ingress_config').where('env', '=', '1').execute();
  await wipeEtcd();

  const stopped = await untilPlane('STOPPED');
  assert.match(stopped, /mysql has 1 live configs, at the last completed pass it had 7: restore/);
  const offer = await rollcall('confirm-row-loss');
  assert.equal(offer.code, 2);
  assert.match(offer.stderr, /had 7: .* --live-rows 1 --yes/);
  const wrong = await rollcall('confirm-row-loss', '--live-rows', '3', '--yes');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /mysql has 1 live configs now; look again \(ABORTED, ROWS_DIFFER\)/);
  assert.deepEqual(await files('1/agent-1'), ids, 'nothing was removed');

  const confirmed = await rollcall('confirm-row-loss', '--live-rows', '1', '--yes');
  assert.equal(confirmed.code, 0, confirmed.stderr);
  assert.match(confirmed.stdout, /^1 +confirmed$/m);
  await untilPlane('READY');
  assert.equal((await rollcall('confirm-row-loss')).code, 1);

  await eventually(async () => (await held('1/agent-1')).length === 6, { timeoutMs: SOON_MS });
  const isBraked = async () => {
    await onePass();
    return (await held('1/agent-1')).every(({ reason }) => reason === 'BRAKE');
  };
  await eventually(isBraked, { timeoutMs: SOON_MS, what: 'the brake' });
  assert.equal((await files('1/agent-1')).length, 5, 'a tenth, but one at least');
  const unsure = await rollcall('resume-removals', '1');
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /would remove every config that etcd does not have; --yes/);
  const resumed = await rollcall('resume-removals', '1', '--yes');
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stdout, /^1 +\d+ +resumed$/m);
  await eventually(async () => (await files('1/agent-1')).length === 0, { timeoutMs: SOON_MS });
  assert.deepEqual(await files('2/agent-1'), ['kept']);
});

test('MySQL is restored from a backup and etcd is lost: rebase, and agents take it again', async () => {
  const data = join(system.dir, 'mysql');
  const backup = join(system.dir, 'mysql-backup');
  const text = async (id: string) => (await system.agent('2/agent-1').files()).get(id);
  await system.set('2', 'web', { version: 1 });
  await system.set('2', 'old', { version: 1 });
  await system.delete('2', 'old');
  await system.state('2', 'web', 'COMPLETE', 1);
  await system.mysql.kill();
  await copy(data, backup);
  await system.mysql.restart();
  const isBack = async () => await system.set('2', 'web', { version: 2 }).catch(() => false);
  await eventually(isBack, { timeoutMs: SOON_MS, what: 'MySQL' });
  await system.set('2', 'web', { version: 3 });
  await system.set('2', 'old', { version: 3 });
  await eventually(async () => (await text('web')) === '{"version":3}', { timeoutMs: SOON_MS });
  await eventually(async () => (await text('old')) === '{"version":3}', { timeoutMs: SOON_MS });

  await system.etcd.kill();
  await system.mysql.kill();
  await rm(data, { recursive: true });
  await copy(backup, data);
  await system.mysql.restart();
  await system.etcd.wipe();
  await system.etcd.restart();
  await untilPlane('READY');
  assert.equal(await text('web'), '{"version":3}', 'no agent goes back by itself');
  // It has reported to the new etcd what it has.
  await eventually(async () => (await rollcall('rebase-generations')).stderr.includes('is 3'), {
    timeoutMs: SOON_MS,
    what: 'the generation that the agent has',
  });

  const offer = await rollcall('rebase-generations');
  assert.equal(offer.code, 2);
  assert.match(offer.stderr, /3 configs and deletes .* above generation 1000003.* --base 1000003/);
  const rebased = await rollcall('rebase-generations', '--base', '1000003', '--yes');
  assert.equal(rebased.code, 0, rebased.stderr);
  assert.match(rebased.stdout, /^1000003 +3 +3$/m);
  await eventually(async () => (await text('web')) === '{"version":1}', { timeoutMs: SOON_MS });
  await eventually(async () => (await text('old')) === undefined, { timeoutMs: SOON_MS });
  await system.state('2', 'web', 'COMPLETE', 1_000_004);
  const again = await rollcall('rebase-generations', '--base', '1000003', '--yes', '-o', 'json');
  assert.deepEqual(JSON.parse(again.stdout).items, [
    { base: 1_000_003, seenGeneration: 0, liftedRows: 0 },
  ]);
  const set = await system.set('2', 'new', { version: 1 });
  assert.equal(set.generation, 1_000_004);
});
