// What operators decide when the control plane stands still: controllers as processes, on a real etcd
// and a real MySQL that a test damages as a person, or a restore, would.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import {
  configKey,
  encodeConfig,
  encodeStatus,
  PASS_KEY,
  READY_KEY,
  resumeRemovalsKey,
  statusKey,
  toFixed20,
} from '#libs/keyspace';
import { type Mysql, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { ControlPlane } from '#proto';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';
import { isReady, publishedGeneration, readMeta, tombstoneGeneration } from '#test/data-path';
import { eventually } from '#test/eventually';

const SOON_MS = 15_000;

let place: ControllerPlace;
let mysql: Mysql;

before(async () => {
  place = await openControllerPlace({ controllers: 2, ownMysql: true });
  mysql = openMysql({ url: place.url }, { log: silentLog });
});
after(async () => {
  await mysql[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await eventually(() => isReady(place.kv), { timeoutMs: SOON_MS, what: 'READY' });
});

async function set(env: string, id: string, version: number): Promise<number> {
  const configJson = JSON.stringify({ version });
  const { config } = await place.client.call('SetIngressConfig', { env, id, configJson });
  return config?.generation ?? 0;
}

async function plane(at = 0): Promise<ControlPlane> {
  const client = place.controllers[at]?.client ?? place.client;
  const { controlPlane } = await client.call('GetControlPlane', {});
  assert.ok(controlPlane);
  return controlPlane;
}

async function untilPlane(state: string, at = 0): Promise<ControlPlane> {
  const look = async () => {
    const found = await plane(at);
    return found.state === `CONTROL_PLANE_STATE_${state}` && found;
  };
  return await eventually(look, { timeoutMs: SOON_MS, what: `the control plane ${state}` });
}

/** A pass at once: controllers look when something under ingress_meta is deleted. */
async function forcePass(): Promise<void> {
  await place.etcd.etcdctl('del', PASS_KEY);
}

async function published(env: string, id: string, generation: number): Promise<void> {
  const look = async () => (await publishedGeneration(place.kv, env, id)) === generation;
  await eventually(look, { timeoutMs: SOON_MS, what: `${env}/${id} at ${generation}` });
}

const code = (codeName: string, reason: string) => ({ codeName, reason });

test('the control plane is told as both stores have it', async () => {
  const { state, reason, etcd, mysql: known } = await untilPlane('READY');
  const meta = await readMeta(place.kv);
  assert.deepEqual([state, reason], ['CONTROL_PLANE_STATE_READY', '']);
  assert.deepEqual([etcd?.epoch, etcd?.ready], [meta.epoch, meta.ready]);
  assert.ok((etcd?.pass ?? 0) > 0 && (etcd?.revision ?? 0) > 0);
  assert.equal(known?.epoch, meta.epoch);
  assert.ok((known?.highWaterRevision ?? 0) > 0);
  assert.equal(known?.stop, null);
});

test('removals go on in the epoch that etcd is in, once', async () => {
  await place.register('resume', 'a1');
  const { epoch } = await readMeta(place.kv);
  const first = await place.client.call('ResumeRemovals', { env: 'resume' });
  assert.deepEqual(first, { epoch, changed: true });
  const { kvs } = await place.kv.range({ key: resumeRemovalsKey('resume') });
  assert.equal(kvs[0]?.value.toString(), toFixed20(epoch));
  const again = await place.client.call('ResumeRemovals', { env: 'resume' });
  assert.deepEqual(again, { epoch, changed: false });
});

test('removals do not go on where nobody is, or the name is none', async () => {
  const unknown = place.client.call('ResumeRemovals', { env: 'resum' });
  await assert.rejects(unknown, code('NOT_FOUND', 'ENVIRONMENT_NOT_FOUND'));
  const bad = place.client.call('ResumeRemovals', { env: '../x' });
  await assert.rejects(bad, { codeName: 'INVALID_ARGUMENT' });
});

test('a loss of rows stops the passes, and a confirmation of just that lets them go on', async () => {
  for (let at = 0; at < 8; at += 1) await set('loss', `c${at}`, 1);
  await forcePass();
  const { liveRowsBefore } = await eventually(
    async () => {
      const known = (await plane()).mysql;
      return (known?.liveRowsBefore ?? 0) >= 8 && known;
    },
    { timeoutMs: SOON_MS, what: 'a pass that saw the rows' },
  ).then((known) => known || { liveRowsBefore: 0 });
  const early = place.client.call('ConfirmRowLoss', { liveRows: liveRowsBefore + 5 });
  await assert.rejects(early, code('FAILED_PRECONDITION', 'NOT_STOPPED'));

  await mysql.db.deleteFrom('ingress_config').where('env', '=', 'loss').execute();
  await set('loss', 'kept', 1);
  await mysql.db.deleteFrom('ingress_config').where('id', '!=', 'kept').execute();
  await forcePass();
  const stopped = await untilPlane('STOPPED', 1);
  assert.match(stopped.reason, /mysql has 1 live configs.*restore them, or confirm/);
  assert.equal(stopped.mysql?.stop?.liveRowsBefore, liveRowsBefore);
  const { pass } = await readMeta(place.kv);
  assert.equal(pass, 0, 'no pass completes');

  const stale = place.client.call('ConfirmRowLoss', { liveRows: 0 });
  await assert.rejects(stale, code('ABORTED', 'ROWS_DIFFER'));
  const missing = place.client.call('ConfirmRowLoss', {});
  await assert.rejects(missing, { codeName: 'INVALID_ARGUMENT' });
  assert.equal((await plane()).state, 'CONTROL_PLANE_STATE_STOPPED');

  const confirmed = await place.client.call('ConfirmRowLoss', { liveRows: 1 });
  assert.deepEqual(confirmed, { changed: true });
  const ready = await untilPlane('READY', 1);
  assert.deepEqual([ready.mysql?.stop, ready.mysql?.liveRowsBefore], [null, 1]);
  assert.ok((await readMeta(place.kv)).pass > 0);
  assert.equal(await publishedGeneration(place.kv, 'loss', 'c3'), 1, 'what MySQL lost stays');
  const again = await place.client.call('ConfirmRowLoss', { liveRows: 1 });
  assert.deepEqual(again, { changed: false });
});

test('after a restore of MySQL all generations go above everything seen', async () => {
  const rebase = async (base: number, validateOnly = false) =>
    await place.client.call('RebaseGenerations', { base, validateOnly });
  await set('rebase', 'live', 1);
  await set('rebase', 'gone', 1);
  await place.client.call('DeleteIngressConfig', { env: 'rebase', id: 'gone' });
  await published('rebase', 'live', 1);
  // What was published after the backup, and what an agent has in force.
  const stray = {
    digest: 'x',
    completionPolicy: 'APPLIED',
    labels: {},
    acceptedAt: '',
    createdAt: '',
  } as const;
  const value = encodeConfig({ ...stray, generation: 70, traceparent: '', content: '{}' });
  const status = encodeStatus({
    ...{ instance: 'i', epoch: 1, phase: 'APPLIED', last_attempt: null, proof: null },
    ...{ applied: { generation: 90, digest: 'x', at: '' }, traceparent: '' },
  });
  await place.kv.txn({
    compare: [],
    success: [
      { put: { key: configKey('rebase', 'later'), value } },
      { put: { key: statusKey('rebase', 'live', 'a1'), value: status } },
    ],
  });

  await assert.rejects(rebase(89), code('FAILED_PRECONDITION', 'BASE_TOO_LOW'));
  await assert.rejects(rebase(2e9), code('FAILED_PRECONDITION', 'BASE_TOO_HIGH'));
  await assert.rejects(rebase(-1), { codeName: 'INVALID_ARGUMENT' });
  const offered = await rebase(0, true);
  assert.partialDeepStrictEqual(offered, { base: 1_000_090, seenGeneration: 90, liftedRows: 0 });
  assert.ok(offered.remainingRows >= 2);
  assert.equal((await plane()).mysql?.generationBase, 0, 'nothing changed');

  const done = await rebase(100);
  assert.partialDeepStrictEqual(done, { base: 100, remainingRows: 0 });
  assert.equal(done.liftedRows, offered.remainingRows);
  await published('rebase', 'live', 101);
  await eventually(async () => (await tombstoneGeneration(place.kv, 'rebase', 'gone')) === 101, {
    timeoutMs: SOON_MS,
    what: 'the tombstone, lifted',
  });
  assert.equal(await set('rebase', 'live', 2), 102);
  assert.equal(await set('rebase', 'later', 2), 101);
  assert.equal(await set('rebase', 'gone', 2), 102);
  const again = await rebase(100);
  assert.deepEqual(again, { base: 100, seenGeneration: 0, liftedRows: 0, remainingRows: 0 });

  const history = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['generation', 'actor', 'note', 'deleted'])
    .where('env', '=', 'rebase')
    .where('generation', '=', 101)
    .orderBy('id')
    .execute();
  assert.deepEqual(
    history.map(({ note, deleted }) => [note, deleted]),
    [
      ['lifted above generation 100', 1],
      ['', 0],
      ['lifted above generation 100', 0],
    ],
  );
});

test('a pass goes on with a rebase that was cut short', async () => {
  const { mysql: known } = await plane();
  const base = known?.generationBase ?? 0;
  await set('cut', 'a', 1);
  await sql`update ingress_config set generation = 7, published_generation = 7
    where env = 'cut'`.execute(mysql.db);
  await place.etcd.etcdctl('del', '--prefix', '/ingress/');
  await eventually(() => isReady(place.kv), { timeoutMs: SOON_MS, what: 'READY' });
  // Above its own history, too.
  await published('cut', 'a', base + 2);
});

test('without etcd the operators are told so', async () => {
  await place.etcd.kill();
  const resumed = place.client.call('ResumeRemovals', { env: 'resume' });
  await assert.rejects(resumed, code('UNAVAILABLE', 'ETCD_UNAVAILABLE'));
  const rebased = place.client.call('RebaseGenerations', { base: 0 });
  await assert.rejects(rebased, code('UNAVAILABLE', 'ETCD_UNAVAILABLE'));
  const { state, etcd, mysql: known } = await plane();
  assert.deepEqual([state, etcd], ['CONTROL_PLANE_STATE_UNAVAILABLE', null]);
  assert.ok(known);
  await place.etcd.wipe();
  await place.etcd.restart();
  await untilPlane('READY');
});

test('removals do not go on before etcd is READY', async () => {
  await place.register('resume', 'a1');
  for (const { program } of place.controllers) program.signal('SIGSTOP');
  await place.etcd.etcdctl('del', READY_KEY);
  // One that serves but has not completed a pass: MySQL is away.
  await place.mysql.kill();
  for (const { program } of place.controllers) program.signal('SIGCONT');
  const early = place.client.call('ResumeRemovals', { env: 'resume' });
  await assert.rejects(early, code('FAILED_PRECONDITION', 'ETCD_NOT_READY'));
  const { state, mysql: known } = await plane();
  assert.deepEqual([state, known], ['CONTROL_PLANE_STATE_UNAVAILABLE', null]);
  const confirmed = place.client.call('ConfirmRowLoss', { liveRows: 1 });
  await assert.rejects(confirmed, code('UNAVAILABLE', 'MYSQL_UNAVAILABLE'));
  await place.mysql.restart();
  await untilPlane('READY');
});
