import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { EtcdStateStore } from '#services/controller/store/etcd-state-store.ts';
import { MemberStore } from '#services/controller/store/member-store.ts';
import { setCommand } from '#test/config-commands';
import { openTestDatabase, type TestDatabase } from '#test/servers';

let database: TestDatabase;
let mysql: Mysql;
let configs: ConfigStore;
let members: MemberStore;
let state: EtcdStateStore;

before(async () => {
  database = await openTestDatabase();
  await migrate(database.url, log);
  mysql = openMysql({ url: database.url }, { log });
  configs = new ConfigStore({ mysql });
  members = new MemberStore({ mysql });
  state = new EtcdStateStore({ mysql });
});
after(async () => {
  await mysql?.[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function dirtyIds(epoch: number, olderThanMs = 0): Promise<string[]> {
  const refs = await configs.dirty({ epoch, olderThanMs, limit: 100 });
  return refs.map(({ id }) => id).toSorted();
}

test('a row is dirty until its generation is published in the current epoch', async () => {
  await configs.set(setCommand('a', 1));
  await configs.set(setCommand('b', 1));
  await configs.delete({ ...setCommand('b', 1) });
  assert.deepEqual(await dirtyIds(1), ['a', 'b']);
  assert.deepEqual(await dirtyIds(1, 60_000), []);
  const marks = [
    { env: '1', id: 'a', generation: 1 },
    { env: '1', id: 'b', generation: 2 },
    { env: '1', id: 'unknown', generation: 9 },
  ];
  await configs.markPublished(marks, 1);
  assert.deepEqual(await dirtyIds(1), []);
  assert.deepEqual(await dirtyIds(2), ['a', 'b']);
  assert.deepEqual(await dirtyIds(0), []);
  await configs.set(setCommand('a', 2));
  assert.deepEqual(await dirtyIds(1), ['a']);
  assert.deepEqual(await dirtyIds(0), ['a']);
  assert.equal(await configs.get('1', 'unknown'), undefined);
});

test('marks only go forward, and belong to their epoch', async () => {
  const mark = async (generation: number, epoch: number) => {
    await configs.markPublished([{ env: '1', id: 'marked', generation }], epoch);
    const row = await configs.get('1', 'marked');
    return [row?.publishedEpoch, row?.publishedGeneration];
  };
  await configs.set(setCommand('marked', 1));
  assert.deepEqual(await mark(5, 3), [3, 5]);
  assert.deepEqual(await mark(4, 3), [3, 5]);
  assert.deepEqual(await mark(9, 2), [3, 5]);
  assert.deepEqual(await mark(4, 4), [4, 4]);
});

test('tombstones older than a week are not published again in a new epoch', async () => {
  await configs.set(setCommand('old', 1));
  await configs.delete({ ...setCommand('old', 1) });
  await configs.markPublished([{ env: '1', id: 'old', generation: 2 }], 10);
  assert.ok((await dirtyIds(11)).includes('old'));
  await sql`update ingress_config set deleted_at = UTC_TIMESTAMP(3) - interval 8 day
    where id = 'old'`.execute(mysql.db);
  assert.ok(!(await dirtyIds(11)).includes('old'));
});

test('healing lifts a row above what was published, once', async () => {
  await configs.set(setCommand('healed', 1));
  const healed = await configs.heal('1', 'healed', 40);
  assert.deepEqual(
    [healed?.generation, healed?.content, healed?.actor],
    [41, '{"v":1}', 'rollcall'],
  );
  assert.deepEqual((await configs.heal('1', 'healed', 40))?.generation, 41);
  assert.deepEqual((await configs.heal('1', 'healed', 41))?.generation, 42);
  assert.equal(await configs.heal('1', 'never-known', 3), undefined);
  await assert.rejects(configs.heal('1', 'healed', Number.MAX_SAFE_INTEGER), RangeError);
  const rows = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['generation', 'actor'])
    .where('id', '=', 'healed')
    .orderBy('generation')
    .execute();
  assert.deepEqual(
    rows.map(({ generation, actor }) => [generation, actor]),
    [
      [1, 'tester'],
      [41, 'rollcall'],
      [42, 'rollcall'],
    ],
  );
});

test('lists live rows by page, labels and publish state', async () => {
  const set = (env: string, id: string, labels: Record<string, string>) =>
    configs.set(setCommand(id, 1, { env, labels }));
  await set('l1', 'a', { app: 'web', 'team.io/x': 'a"b' });
  await set('l1', 'b', { app: 'web' });
  await set('l1', 'c', { app: 'api' });
  await set('l2', 'a', { app: 'web' });
  await configs.delete({ ...setCommand('c', 1, { env: 'l1' }) });
  await configs.markPublished([{ env: 'l1', id: 'b', generation: 1 }], 4);
  const list = async (query: Partial<Parameters<ConfigStore['list']>[0]>) =>
    (await configs.list({ limit: 10, ...query })).map(({ env, id }) => `${env}/${id}`);
  assert.deepEqual(await list({ env: 'l1' }), ['l1/a', 'l1/b']);
  assert.deepEqual(await list({ labels: { app: 'web' } }), ['l1/a', 'l1/b', 'l2/a']);
  assert.deepEqual(await list({ labels: { app: 'web', 'team.io/x': 'a"b' } }), ['l1/a']);
  assert.deepEqual(await list({ labels: { app: 'we' } }), []);
  assert.deepEqual(await list({ env: 'l1', published: { epoch: 4, is: true } }), ['l1/b']);
  assert.deepEqual(await list({ env: 'l1', published: { epoch: 4, is: false } }), ['l1/a']);
  assert.deepEqual(await list({ env: 'l1', published: { epoch: 5, is: true } }), []);
  const after = { env: 'l1', id: 'a' };
  assert.deepEqual(await list({ after, limit: 2 }), ['l1/b', 'l2/a']);
  const all = await configs.scan(after, 2);
  assert.deepEqual(
    all.map(({ id, deleted }) => [id, deleted]),
    [
      ['b', false],
      ['c', true],
    ],
  );
});

test('counts live rows, and names environments of configs, members and settings', async () => {
  await configs.set(setCommand('x', 1, { env: 'e1' }));
  await configs.set(setCommand('gone', 1, { env: 'e2' }));
  await configs.delete({ ...setCommand('gone', 1, { env: 'e2' }) });
  await members.joined({ env: 'e3', name: 'n', instance: 'i', joinedAt: 't' });
  await mysql.db.insertInto('environment').values({ env: 'e4', min_agents: 3 }).execute();
  const all = (await configs.environments()).filter(({ env }) => env.startsWith('e'));
  assert.deepEqual(all, [
    { env: 'e1', configCount: 1, minAgents: 1 },
    { env: 'e3', configCount: 0, minAgents: 1 },
    { env: 'e4', configCount: 0, minAgents: 3 },
  ]);
  const live = await configs.countLive();
  await configs.delete({ ...setCommand('x', 1, { env: 'e1' }) });
  assert.equal(await configs.countLive(), live - 1);
});

test('the sweep removes answers older than a day, and only those', async () => {
  await configs.set(setCommand('swept', 1, { requestId: 'old' }));
  await configs.set(setCommand('swept', 2, { requestId: 'new' }));
  await sql`update request_log set created_at = created_at - interval 25 hour
    where request_id = 'old'`.execute(mysql.db);
  assert.equal(await configs.sweepRequests(), 1);
  const again = await configs.set(setCommand('swept', 2, { requestId: 'new' }));
  assert.equal(again.kind === 'ok' && again.replayed, true);
});

test('an epoch is allocated once by many, above both, and not while one is young', async () => {
  assert.equal((await state.read()).allocatedAgoMs, Number.POSITIVE_INFINITY);
  const results = await Promise.all(Array.from({ length: 5 }, () => state.allocate(7)));
  assert.equal(results.filter((result) => 'allocated' in result).length, 1);
  assert.deepEqual(await state.allocate(20), { young: true });
  const { allocatedAgoMs, ...rest } = await state.read();
  assert.ok(allocatedAgoMs >= 0 && allocatedAgoMs < 2_000);
  assert.deepEqual(rest, {
    ...{ epoch: 8, highWaterRevision: 0n, state: 'REBUILDING', liveRows: 0 },
    ...{ generationBase: 0, stop: undefined },
  });
  const back = async (change: string) =>
    await sql.raw(`update etcd_state set allocated_at = allocated_at ${change}`).execute(mysql.db);
  await back('- interval 3 second');
  assert.deepEqual(await state.allocate(3), { allocated: 9 });
  // A clock that was set back keeps nobody waiting.
  await back('+ interval 1 day');
  assert.deepEqual(await state.allocate(3), { allocated: 10 });
});

test('a clean pass is recorded for the newest epoch only, and its revision only rises', async () => {
  const { epoch } = await state.read();
  await state.markReady({ epoch: epoch - 1, highWaterRevision: 99n, liveRows: 9 });
  assert.equal((await state.read()).state, 'REBUILDING');
  await state.markReady({ epoch, highWaterRevision: 50n, liveRows: 4 });
  await state.markReady({ epoch, highWaterRevision: 40n, liveRows: 5 });
  const { highWaterRevision, liveRows, state: now } = await state.read();
  assert.deepEqual([highWaterRevision, liveRows, now], [50n, 5, 'READY']);
});

test('a member is lost since the first time, until it is back or another', async () => {
  const key = { env: 'm', name: 'a' };
  const look = async () => (await members.list('m'))[0];
  const other = { env: 'm', name: 'z', instance: 'i', joinedAt: 't' };
  await members.joined({ ...key, instance: 'i1', joinedAt: 't1' });
  await members.joined(other);
  await members.lost('m', 'a');
  const since = (await look())?.lostSince;
  assert.ok(since);
  await members.lost('m', 'a');
  await members.joined({ ...key, instance: 'i1', joinedAt: 't1' });
  assert.deepEqual((await look())?.lostSince, since);
  await members.back('m', 'a');
  assert.equal((await look())?.lostSince, null);
  await members.lost('m', 'a');
  await members.joined({ ...key, instance: 'i2', joinedAt: 't2' });
  const there = { lostSince: null, leftAt: null, forgotten: false };
  const { readAt: _, ...again } = (await look()) ?? {};
  assert.deepEqual(again, { ...key, instance: 'i2', joinedAt: 't2', ...there });
  assert.partialDeepStrictEqual((await members.list('m'))[1], { ...other, ...there });
});

test('a member that left stays so until it joins again', async () => {
  const member = { env: 'n', name: 'a', instance: 'i', joinedAt: 't' };
  const look = async () => (await members.list('n'))[0];
  const leftAt = new Date('2026-01-02T03:04:05.678Z');
  await members.left('n', 'a', leftAt);
  assert.equal(await look(), undefined);
  await members.joined(member);
  await members.lost('n', 'a');
  await members.left('n', 'a', leftAt);
  await members.left('n', 'a');
  await members.lost('n', 'a');
  assert.partialDeepStrictEqual(await look(), { ...member, lostSince: null, leftAt });
  await members.forgotten('n', 'a', leftAt);
  assert.partialDeepStrictEqual(await look(), { leftAt, forgotten: true });
  await members.joined(member);
  const there = { lostSince: null, leftAt: null, forgotten: false };
  assert.partialDeepStrictEqual(await look(), { ...member, ...there });
});

test('of many who record the same change of a member, one is told that it did', async () => {
  const member = { env: 'o', name: 'a', instance: 'i', joinedAt: 't' };
  const winners = async (write: () => Promise<unknown>) =>
    (await Promise.all(Array.from({ length: 4 }, write))).filter(Boolean).length;
  const writes = [
    async () => await members.joined(member),
    async () => await members.lost('o', 'a'),
    async () => await members.back('o', 'a'),
    async () => await members.joined({ ...member, instance: 'i2' }),
    async () => await members.forgotten('o', 'a', new Date(0)),
    async () => await members.left('o', 'a'),
    async () => await members.joined(member),
  ];
  for (const write of writes) assert.equal(await winners(write), 1);
});
