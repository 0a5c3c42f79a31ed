import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  configKey,
  controllerKey,
  encodeServiceRegistration,
  resumeRemovalsKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { openAgentPlace } from '#test/agent-place';
import { eventually } from '#test/eventually';

const place = await openAgentPlace();
after(() => place[Symbol.asyncDispose]());
await place.ready(1, 1);

const soon = { timeoutMs: 5_000 };
const unsettled = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('writes, rewrites and removes configs, and reports each', async () => {
  const content = await place.set('0001', 1, { kind: 'Ingress', z: 1, a: 'ü' });
  const { client } = await place.start('a1');
  await eventually(async () => (await place.status('0001', 'a1'))?.phase === 'APPLIED', soon);
  assert.deepEqual(await place.files('a1'), { '0001': content });

  const updated = await place.set('0001', 2, { kind: 'Ingress', z: 2 });
  const other = await place.set('0002', 1, {});
  await eventually(async () => (await place.status('0001', 'a1'))?.applied?.generation === 2, soon);
  await eventually(async () => (await place.status('0002', 'a1'))?.phase === 'APPLIED', soon);
  assert.deepEqual(await place.files('a1'), { '0001': updated, '0002': other });

  await place.remove('0001', 3);
  await eventually(async () => (await place.status('0001', 'a1'))?.phase === 'REMOVED', soon);
  assert.equal((await place.status('0001', 'a1'))?.applied?.generation, 3);
  assert.deepEqual(Object.keys(await place.files('a1')), ['0002']);

  await place.deleteKey(tombstoneKey('e', '0001'));
  await eventually(async () => (await place.status('0001', 'a1')) === undefined, soon);

  await place.set('0001', 3, { late: true });
  await unsettled(300);
  assert.deepEqual(Object.keys(await place.files('a1')), ['0002'], 'nothing below the delete');
  const again = await place.set('0001', 4, { again: true });
  await eventually(async () => (await place.files('a1'))['0001'] === again, soon);

  const agent = await client.call('GetAgent', {});
  assert.equal(agent.registered, true);
  assert.equal(agent.writable, true);
  assert.equal(agent.synced?.epoch, 1);
  const { configs } = await client.call('ListAppliedConfigs', {});
  assert.deepEqual(
    configs.map(({ id, phase, applied }) => [id, phase, applied?.generation]),
    [
      ['0001', 'AGENT_PHASE_APPLIED', 4],
      ['0002', 'AGENT_PHASE_APPLIED', 1],
    ],
  );
});

test('pages the configs that it knows', async () => {
  const { client } = await place.start('a-pages');
  await eventually(async () => (await client.call('GetAgent', {})).appliedCount === 2, soon);
  const first = await client.call('ListAppliedConfigs', { pageSize: 1 });
  assert.deepEqual(
    first.configs.map(({ id }) => id),
    ['0001'],
  );
  const next = { pageSize: 1, pageToken: first.nextPageToken };
  const second = await client.call('ListAppliedConfigs', next);
  assert.deepEqual(
    second.configs.map(({ id }) => id),
    ['0002'],
  );
  assert.equal(second.nextPageToken, '');
});

test('one bad config does not hold another up, and a later generation heals it', async () => {
  const { client } = await place.start('a2');
  await eventually(async () => (await client.call('GetAgent', {})).synced?.epoch === 1, soon);
  await mkdir(join(place.stateDir('a2'), 'configs', 'bad.json'));
  await place.set('bad', 1, {});
  await place.set('x'.repeat(253), 1, {});
  const good = await place.set('good', 1, { good: true });
  await eventually(async () => (await place.status('good', 'a2'))?.phase === 'APPLIED', soon);
  await eventually(async () => (await place.status('bad', 'a2'))?.phase === 'FAILED', soon);
  assert.equal((await place.status('bad', 'a2'))?.last_attempt?.reason, 'EISDIR');
  const long = () => place.status('x'.repeat(253), 'a2');
  await eventually(async () => (await long())?.phase === 'REJECTED', soon);
  assert.equal((await long())?.last_attempt?.final, true);
  const path = join(place.stateDir('a2'), 'configs', 'good.json');
  assert.equal(await readFile(path, 'utf8'), good);
  await rm(join(place.stateDir('a2'), 'configs', 'bad.json'), { recursive: true });
  await eventually(async () => (await place.status('bad', 'a2'))?.phase === 'APPLIED', {
    timeoutMs: 10_000,
  });
  await place.remove('bad', 2);
  await place.remove('good', 2);
  await place.remove('x'.repeat(253), 2);
});

test('keeps what it has under foreign values and absent keys, and counts them', async () => {
  const { client } = await place.start('a3');
  const content = await place.set('kept', 5, { kept: 1 });
  const hasKept = async () => (await place.files('a3'))['kept'] === content;
  await eventually(hasKept, soon);
  await place.putKey(configKey('e', 'kept'), '{"generation":"99999999999999999999"}');
  await place.putKey(`${configKey('e', 'deep')}/er`, 'x');
  await eventually(async () => (await client.call('GetAgent', {})).foreignCount === 2, soon);
  await place.deleteKey(`${configKey('e', 'deep')}/er`);
  await place.deleteKey(configKey('e', 'kept'));
  await eventually(async () => (await client.call('GetAgent', {})).heldRemovalsTotal === 1, soon);
  const [held] = (await client.call('GetAgent', {})).heldRemovals;
  assert.deepEqual([held?.id, held?.reason], ['kept', 'ABSENT']);
  assert.ok(await hasKept());
  await place.set('kept', 4, { older: true });
  await eventually(async () => (await client.call('GetAgent', {})).heldRemovalsTotal === 0, soon);
  assert.ok(await hasKept(), 'no lower generation');
  await place.remove('kept', 6);
  await eventually(async () => !(await hasKept()), soon);
});

test('puts drifted files back at a relist', async () => {
  const { client } = await place.start('a4');
  const content = await place.set('drift', 1, { drift: 0 });
  const path = join(place.stateDir('a4'), 'configs', 'drift.json');
  await eventually(async () => (await place.files('a4'))['drift'] === content, soon);
  const before = await stat(path);
  const answer = await client.call('Relist', {});
  assert.equal(answer.synced?.epoch, 1);
  await unsettled(300);
  assert.equal((await stat(path)).ino, before.ino, 'an equal generation is not written again');
  await writeFile(path, 'edited by hand');
  await client.call('Relist', {});
  await eventually(async () => (await place.files('a4'))['drift'] === content, soon);
  await rm(path);
  await client.call('Relist', {});
  await eventually(async () => (await place.files('a4'))['drift'] === content, soon);
  await place.remove('drift', 2);
});

test('removes without a tombstone only after two passes, and a tenth of all at most', async () => {
  const { client } = await place.start('a5');
  const ids = Array.from({ length: 20 }, (_, n) => `many-${String(n).padStart(2, '0')}`);
  for (const id of ids) await place.set(id, 1, { id });
  const count = async () =>
    Object.keys(await place.files('a5')).filter((id) => id.startsWith('many'));
  await eventually(async () => (await count()).length === 20, soon);
  const total = (await client.call('GetAgent', {})).appliedCount;
  for (const id of ids) await place.deleteKey(configKey('e', id));
  await eventually(async () => (await client.call('GetAgent', {})).heldRemovalsTotal === 20, soon);
  await unsettled(300);
  await place.ready(1, 2);
  await unsettled(300);
  assert.equal((await count()).length, 20, 'one pass proves nothing');
  await place.ready(1, 3);
  const left = 20 - Math.floor(total / 10);
  await eventually(async () => (await count()).length === left, soon);
  await unsettled(300);
  assert.equal((await count()).length, left, 'the brake holds the rest');
  const agent = await client.call('GetAgent', {});
  assert.deepEqual(new Set(agent.heldRemovals.map(({ reason }) => reason)), new Set(['BRAKE']));
  await place.putKey(resumeRemovalsKey('e'), toFixed20(1));
  await eventually(async () => (await count()).length === 0, soon);
});

test('tells of one config: the last tries, what is in force, and what etcd asks for', async () => {
  const { client } = await place.start('a7');
  await place.set('told', 1, { v: 1 });
  await eventually(async () => 'told' in (await place.files('a7')), soon);
  await place.set('told', 2, { v: 2 });
  const applied = async () =>
    (await client.call('GetAppliedConfig', { id: 'told', includeContent: true })).config?.applied;
  await eventually(async () => (await applied())?.generation === 2, soon);
  const told = await client.call('GetAppliedConfig', { id: 'told', includeContent: true });
  assert.deepEqual([told.content, told.desiredGeneration], ['{"v":2}', 2]);
  assert.deepEqual(
    told.attempts.map(({ generation, result }) => [generation, result]),
    [
      [2, 'ok'],
      [1, 'ok'],
    ],
  );
  assert(told.attempts.every(({ took }) => took !== null));
  assert.equal((await client.call('GetAppliedConfig', { id: 'told' })).content, '');
  await assert.rejects(client.call('GetAppliedConfig', { id: 'unknown' }), {
    reason: 'CONFIG_NOT_FOUND',
  });
});

test('asks the driver about a config and changes nothing', async () => {
  const { client } = await place.start('a8');
  const before = await place.files('a8');
  const good = await client.call('Validate', { id: 'new', content: '{"a":1}' });
  assert.equal(good.verdict, 'VERDICT_VALID');
  const long = await client.call('Validate', { id: 'x'.repeat(253), content: '{}' });
  assert.deepEqual([long.verdict, long.reason], ['VERDICT_REJECTED', 'ID_TOO_LONG']);
  assert.deepEqual(await place.files('a8'), before);
  for (const [request, field] of [
    [{ id: 'a/b', content: '{}' }, 'id'],
    [{ id: 'a', content: '[]' }, 'content'],
    [{ id: 'a', content: 'no json' }, 'content'],
  ] as const) {
    await assert.rejects(client.call('Validate', request), { message: new RegExp(field) });
  }
});

test('streams what it does, from its beginning to its end', async () => {
  const { client, program } = await place.start('a9');
  await eventually(async () => (await client.call('GetAgent', {})).synced?.epoch === 1, soon);
  await assert.rejects(client.stream('WatchEvents', { id: 'a/b' }).next(), { message: /id/ });
  const watching = client.stream('WatchEvents', { id: 'seen' });
  assert.equal((await watching.next()).value?.type, 'TYPE_BEGIN');
  await place.set('seen', 1, { v: 1 });
  await place.set('unseen', 1, {});
  const words: string[] = [];
  while (!words.includes('TYPE_REMOVED 2')) {
    const { value, done } = await watching.next();
    assert.ok(!done && value.id === 'seen' && value.dropped === 0);
    assert.notEqual(value.time, null);
    words.push(`${value.type} ${value.generation}`);
    if (value.type !== 'TYPE_APPLIED') continue;
    assert.notEqual(value.attempt?.took, null);
    await place.remove('seen', 2);
  }
  const kinds = ['RECEIVED 1', 'APPLYING 1', 'APPLIED 1', 'REMOVING 2', 'REMOVED 2'];
  assert.deepEqual(
    words,
    kinds.map((kind) => `TYPE_${kind}`),
  );
  const rest = async () => {
    for await (const { id } of watching) assert.equal(id, '');
  };
  const ended = assert.rejects(rest(), { reason: 'SERVER_DRAINING' });
  await program[Symbol.asyncDispose]();
  await ended;
});

test('keeps all configs in one file, and repairs it, when the driver is told to', async () => {
  const { client } = await place.start('a10', ['--driver-option', 'layout=merged']);
  const file = join(place.stateDir('a10'), 'merged', 'configs.json');
  const merged = async () => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await place.set('one', 1, { v: 1 });
  await place.set('two', 1, { v: 2 });
  await eventually(async () => (await place.status('two', 'a10'))?.phase === 'APPLIED', soon);
  await eventually(async () => (await place.status('one', 'a10'))?.phase === 'APPLIED', soon);
  assert.partialDeepStrictEqual(await merged(), { one: { v: 1 }, two: { v: 2 } });
  await writeFile(file, '{"one":{"v":"edited"}}');
  await client.call('Relist', {});
  await eventually(async () => JSON.stringify((await merged())['one']) === '{"v":1}', soon);
  assert.deepEqual((await merged())['two'], { v: 2 });
  await place.remove('one', 2);
  await eventually(async () => (await place.status('one', 'a10'))?.phase === 'REMOVED', soon);
  assert.equal('one' in (await merged()), false);
});

test('shows the controllers that it sees', async () => {
  const { client } = await place.start('a6');
  const registration = {
    name: 'c1',
    ip: '127.0.0.1',
    grpc_port: 5,
    instance: 'i',
    version: '1',
    started_at: '2026-01-01T00:00:00.000Z',
  };
  await place.putKey(controllerKey('c1'), encodeServiceRegistration(registration));
  await place.putKey(controllerKey('c2'), 'garbage');
  await eventually(async () => (await client.call('GetAgent', {})).controllers.length === 2, soon);
  const { controllers } = await client.call('GetAgent', {});
  assert.deepEqual(
    controllers.map(({ name, grpcPort }) => [name, grpcPort]),
    [
      ['c1', 5],
      ['c2', 0],
    ],
  );
  await place.deleteKey(controllerKey('c1'));
  await eventually(async () => (await client.call('GetAgent', {})).controllers.length === 1, soon);
});
