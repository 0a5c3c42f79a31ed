import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openAgentPlace } from '#test/agent-place';
import { eventually } from '#test/eventually';
import { pauseMs } from '#test/pauses';

const place = await openAgentPlace();
after(() => place[Symbol.asyncDispose]());
await place.ready(1, 1);
const first = await place.set('one', 1, { one: 1 });
const second = await place.set('two', 1, { two: 2 });
const both = { one: first, two: second };

const soon = { timeoutMs: 5_000 };
const synced = (name: string, epoch: number) => async () =>
  (await place.registration(name))?.synced?.epoch === epoch;

test('registers with its roster key, and leaves both behind a clean exit', async () => {
  const { program } = await place.start('clean');
  await eventually(synced('clean', 1), soon);
  const registration = await place.registration('clean');
  assert.equal(registration?.driver, 'file');
  assert.equal(`${registration?.ip}:${registration?.grpc_port}`, program.address);
  assert.equal((await place.roster('clean'))?.['instance'], registration?.instance);
  assert.equal((await place.status('one', 'clean'))?.instance, registration?.instance);
  const { code } = await program.stop();
  assert.equal(code, 0);
  assert.equal(await place.registration('clean'), undefined);
  assert.equal(await place.status('one', 'clean'), undefined);
  assert.deepEqual(Object.keys((await place.roster('clean')) ?? {}), ['left_at']);
});

test('a second agent of one name exits 3, and the first is undisturbed', async () => {
  const { client } = await place.start('twin');
  await eventually(synced('twin', 1), soon);
  const before = await place.registration('twin');
  const args = place.args('twin');
  // The same state directory, as on one host, and one of its own, as on another.
  const otherDir = place.args('twin', [], place.stateDir('twin-2'));
  const refused = await Promise.all([
    place.startRefused('twin-same', args),
    place.startRefused('twin-other', otherDir),
  ]);
  for (const { code, output } of refused) {
    assert.equal(code, 3, output);
    assert.match(output, /duplicate agent name/);
  }
  assert.deepEqual(await place.registration('twin'), before);
  assert.equal((await client.call('GetAgent', {})).registered, true);
  assert.deepEqual(await place.files('twin'), both);
});

test('del --prefix /ingress/ takes no file, and registration, roster and statuses return', async () => {
  await place.start('wiped');
  await eventually(synced('wiped', 1), soon);
  await place.etcd.etcdctl('del', '--prefix', '/ingress/');
  await eventually(async () => (await place.roster('wiped'))?.['instance'] !== undefined, soon);
  await eventually(async () => (await place.registration('wiped')) !== undefined, soon);
  assert.deepEqual(await place.files('wiped'), both);
  await place.set('one', 1, { one: 1 });
  await place.set('two', 1, { two: 2 });
  await place.ready(2, 1);
  await eventually(synced('wiped', 2), soon);
  assert.equal((await place.status('two', 'wiped'))?.epoch, 2);
  assert.deepEqual(await place.files('wiped'), both);
});

test('an etcd that lost its data takes no file and gets everything reported again', async () => {
  const { client } = await place.start('rebuilt');
  await eventually(synced('rebuilt', 2), soon);
  await place.etcd.kill();
  await place.etcd.wipe();
  await place.etcd.restart();
  await eventually(async () => (await place.registration('rebuilt')) !== undefined, {
    timeoutMs: 10_000,
  });
  const agent = await client.call('GetAgent', {});
  assert.equal(agent.appliedCount, 2);
  await place.set('one', 1, { one: 1 });
  await place.set('two', 1, { two: 2 });
  await place.ready(3, 1);
  await eventually(synced('rebuilt', 3), soon);
  assert.deepEqual(await place.files('rebuilt'), both);
});

test('after a kill it serves without etcd, repairs its files, and reports once etcd is back', async () => {
  const { program, client: doomed } = await place.start('killed');
  await eventually(synced('killed', 3), soon);
  // Synced does not wait for what is still being applied.
  const hasBoth = async () => (await doomed.call('GetAgent', {})).appliedCount === 2;
  await eventually(hasBoth, soon);
  const before = await place.registration('killed');
  await program.kill();
  await place.etcd.kill();
  await writeFile(join(place.stateDir('killed'), 'configs', 'one.json'), 'damaged');
  const { client } = await place.start('killed');
  const agent = await client.call('GetAgent', {});
  assert.deepEqual([agent.registered, agent.appliedCount], [false, 2]);
  await eventually(async () => (await place.files('killed'))['one'] === first, soon);
  assert.deepEqual(await place.files('killed'), both);
  await place.etcd.restart();
  const isNew = async () => {
    const now = await place.registration('killed');
    return now?.synced?.epoch === 3 && now.instance !== before?.instance;
  };
  await eventually(isNew, { timeoutMs: 10_000 });
  const { instance } = (await place.registration('killed')) ?? {};
  assert.equal((await place.status('one', 'killed'))?.instance, instance);
});

test('a successor on the same state directory need not wait for the lease of the dead', async () => {
  const { program } = await place.start('heir');
  await eventually(synced('heir', 3), soon);
  const before = await place.registration('heir');
  await program.kill();
  const beganMs = performance.now();
  await place.start('heir');
  await eventually(async () => {
    const now = await place.registration('heir');
    return now !== undefined && now.instance !== before?.instance;
  }, soon);
  assert.ok(performance.now() - beganMs < 4_000);
});

test('after a lost journal it adopts its files and holds removals until a READY list', async () => {
  const { program } = await place.start('torn');
  await eventually(synced('torn', 3), soon);
  await program.kill();
  const path = join(place.stateDir('torn'), 'journal');
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length / 2));
  await place.etcd.kill();
  const { client } = await place.start('torn');
  assert.deepEqual(await place.files('torn'), both);
  assert.equal((await client.call('GetAgent', {})).appliedCount, 2);
  await place.etcd.restart();
  await eventually(synced('torn', 3), { timeoutMs: 10_000 });
  await eventually(
    async () => (await place.status('one', 'torn'))?.applied?.generation === 1,
    soon,
  );
  assert.deepEqual(await place.files('torn'), both);
  await place.remove('one', 2);
  await eventually(async () => (await place.status('one', 'torn'))?.phase === 'REMOVED', soon);
  assert.deepEqual(await place.files('torn'), { two: second });
});

test('frozen beyond its lease it is gone, and back in time with all its statuses', async () => {
  const { program } = await place.start('frozen');
  await eventually(synced('frozen', 3), soon);
  const before = await place.registration('frozen');
  program.signal('SIGSTOP');
  await eventually(async () => (await place.registration('frozen')) === undefined, {
    timeoutMs: 8_000,
  });
  assert.equal((await place.roster('frozen'))?.['instance'], before?.instance, 'lost, not gone');
  await delay(pauseMs({ shortMs: 0, longMs: 60_000 }));
  program.signal('SIGCONT');
  await eventually(async () => (await place.registration('frozen')) !== undefined, {
    timeoutMs: 3_000,
  });
  await eventually(synced('frozen', 3), soon);
  assert.equal((await place.status('two', 'frozen'))?.phase, 'APPLIED');
});

test('a name whose holder comes back to life stays with the holder that is registered', async () => {
  const { program } = await place.start('paused');
  await eventually(synced('paused', 3), soon);
  program.signal('SIGSTOP');
  await eventually(async () => (await place.registration('paused')) === undefined, {
    timeoutMs: 8_000,
  });
  const successor = await place.start('paused', [], place.stateDir('paused-2'));
  await eventually(synced('paused', 3), soon);
  const registration = await place.registration('paused');
  program.signal('SIGCONT');
  program.signal('SIGTERM');
  await program.exited;
  assert.deepEqual(await place.registration('paused'), registration);
  assert.equal((await place.roster('paused'))?.['instance'], registration?.instance);
  assert.equal((await successor.client.call('GetAgent', {})).registered, true);
});

test('Relist says when etcd does not answer', async () => {
  const { client } = await place.start('relist');
  await eventually(synced('relist', 3), soon);
  await place.etcd.kill();
  await assert.rejects(client.call('Relist', {}, { timeoutMs: 1_500 }), /etcd did not answer/);
  await place.etcd.restart();
  await eventually(async () => (await client.call('Relist', {})).synced?.epoch === 3, {
    timeoutMs: 10_000,
  });
});
