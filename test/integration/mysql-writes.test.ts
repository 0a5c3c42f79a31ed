import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import type { WriteResult } from '#services/controller/store/write-plan.ts';
import { setCommand } from '#test/config-commands';
import { openTestDatabase, type TestDatabase } from '#test/servers';

let database: TestDatabase;
let mysql: Mysql;
let store: ConfigStore;

before(async () => {
  database = await openTestDatabase();
  await migrate(database.url, log);
  mysql = openMysql({ url: database.url }, { log });
  store = new ConfigStore({ mysql });
});
after(async () => {
  await mysql?.[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function ok(result: WriteResult) {
  assert.equal(result.kind, 'ok');
  return result;
}

async function history(id: string) {
  return await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['generation', 'content', 'deleted', 'actor'])
    .where('id', '=', id)
    .orderBy('generation')
    .execute();
}

test('8 writers on one row lose no update and leave dense generations', async () => {
  // Each with a pool of its own, as 8 controllers have.
  const pools = Array.from({ length: 8 }, () => openMysql({ url: database.url }, { log }));
  const stores = pools.map((pool) => new ConfigStore({ mysql: pool }));
  const writes = stores.map(async (each, writer) => {
    const generations: number[] = [];
    for (let value = 0; value < 10; value += 1) {
      const { row } = ok(await each.set(setCommand('hot', writer * 100 + value)));
      generations.push(row.generation);
    }
    return generations;
  });
  const generations = (await Promise.all(writes)).flat().toSorted((a, b) => a - b);
  const dense = Array.from({ length: 80 }, (_, index) => index + 1);
  assert.deepEqual(generations, dense);
  const rows = await history('hot');
  assert.deepEqual(
    rows.map(({ generation }) => generation),
    dense,
  );
  assert.equal(new Set(rows.map(({ content }) => content)).size, 80);
  assert.equal((await store.get('1', 'hot'))?.content, rows.at(-1)?.content);
  await Promise.all(pools.map(async (pool) => await pool[Symbol.asyncDispose]()));
});

test('of 8 writers with one expected generation exactly one wins', async () => {
  const pools = Array.from({ length: 8 }, () => openMysql({ url: database.url }, { log }));
  for (const expectedGeneration of [0, 1]) {
    const results = await Promise.all(
      pools.map(async (pool, writer) => {
        const command = setCommand('won', expectedGeneration * 10 + writer, { expectedGeneration });
        return await new ConfigStore({ mysql: pool }).set(command);
      }),
    );
    assert.equal(results.filter(({ kind }) => kind === 'ok').length, 1);
    const refused = results.filter(({ kind }) => kind !== 'ok');
    const current = expectedGeneration + 1;
    assert.equal(refused.length, 7);
    for (const result of refused) {
      assert.deepEqual(result, { kind: 'generation_conflict', current });
    }
  }
  await Promise.all(pools.map(async (pool) => await pool[Symbol.asyncDispose]()));
});

test('creations of many rows by several controllers at once all succeed', async () => {
  const pools = Array.from({ length: 4 }, () => openMysql({ url: database.url }, { log }));
  const results = await Promise.all(
    pools.flatMap((pool) => {
      const each = new ConfigStore({ mysql: pool });
      return Array.from({ length: 50 }, (_, n) => each.set(setCommand(`new${n % 25}`, n)));
    }),
  );
  assert.equal(
    results.every(({ kind }) => kind === 'ok'),
    true,
  );
  for (let n = 0; n < 25; n += 1) {
    const rows = await history(`new${n}`);
    assert.deepEqual(
      rows.map(({ generation }) => generation),
      rows.map((_, index) => index + 1),
    );
  }
  await Promise.all(pools.map(async (pool) => await pool[Symbol.asyncDispose]()));
});

test('equal content, policy and labels make no generation', async () => {
  await store.set(setCommand('same', 1, { labels: { a: '1', b: '2' } }));
  const again = ok(await store.set(setCommand('same', 1, { labels: { b: '2', a: '1' } })));
  assert.deepEqual([again.changed, again.row.generation], [false, 1]);
  const labels = ok(await store.set(setCommand('same', 1, { labels: { a: '1' } })));
  assert.deepEqual([labels.changed, labels.row.generation], [true, 2]);
  const policy = setCommand('same', 1, { labels: { a: '1' }, completionPolicy: 'VERIFIED' });
  assert.equal(ok(await store.set(policy)).row.generation, 3);
});

test('a request id answers again as it did, whatever happened since', async () => {
  const command = setCommand('retried', 1, { requestId: 'once', expectedGeneration: 0 });
  const first = ok(await store.set(command));
  await store.set(setCommand('retried', 2));
  const again = ok(await store.set(command));
  assert.deepEqual(again, { ...first, replayed: true });
  assert.equal(again.row.content, '{"v":1}');
  assert.equal((await history('retried')).length, 2);
});

test('an answer is kept for who can ask for it again', async () => {
  const kept = async () => {
    const { rows } = await sql<{ request_id: Buffer }>`select request_id from request_log`.execute(
      mysql.db,
    );
    return rows.map(({ request_id: id }) => String(id));
  };
  const before = await kept();
  ok(await store.set(setCommand('answered', 1)));
  ok(await store.set(setCommand('answered', 2, { requestId: 'asked' })));
  ok(await store.delete(setCommand('answered', 2)));
  const added = (await kept()).filter((id) => !before.includes(id));
  assert.deepEqual(added, ['asked']);
});

test('a request id with another body is refused, also by another controller at once', async () => {
  const requestId = 'shared ';
  await using other = openMysql({ url: database.url }, { log });
  const results = await Promise.all([
    store.set(setCommand('reuse-a', 1, { requestId })),
    new ConfigStore({ mysql: other }).set(setCommand('reuse-b', 1, { requestId })),
  ]);
  assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['ok', 'request_id_reused']);
  // Ids that differ in a trailing space are two ids.
  const spaceless = setCommand('reuse-c', 1, { requestId: requestId.trimEnd() });
  assert.equal(ok(await store.set(spaceless)).replayed, false);
});

test('duplicates of a call at once are one write', async () => {
  await using other = openMysql({ url: database.url }, { log });
  const command = setCommand('twice', 1, { requestId: 'twice', expectedGeneration: 0 });
  const elsewhere = new ConfigStore({ mysql: other });
  const results = await Promise.all([
    store.set(command),
    store.set(command),
    elsewhere.set(command),
  ]);
  assert.deepEqual(
    results.map((result) => ok(result).row.generation),
    [1, 1, 1],
  );
  assert.equal(results.filter((result) => !ok(result).replayed).length, 1);
});

test('a refused command does not sink its batch, and order within an id is kept', async () => {
  const results = await Promise.all([
    store.set(setCommand('batch-a', 1)),
    store.set(setCommand('batch-b', 1, { expectedGeneration: 7 })),
    store.set(setCommand('batch-a', 2, { expectedGeneration: 1 })),
    store.delete({ ...setCommand('batch-c', 1) }),
    store.delete({ ...setCommand('batch-a', 1) }),
    store.set(setCommand('batch-d', 1)),
  ]);
  assert.deepEqual(
    results.map((result) => (result.kind === 'ok' ? result.row.generation : result)),
    [1, { kind: 'generation_conflict', current: 0 }, 2, { kind: 'not_found' }, 3, 1],
  );
  assert.equal((await store.get('1', 'batch-b')) === undefined, true);
  const rows = await history('batch-a');
  assert.deepEqual(
    rows.map(({ content, deleted }) => [content, deleted]),
    [
      ['{"v":1}', 0],
      ['{"v":2}', 0],
      ['{"v":2}', 1],
    ],
  );
});

test('a value that does not fit fails its own command only', async () => {
  const results = await Promise.allSettled([
    store.set(setCommand('fits-a', 1)),
    store.set(setCommand('fits-not', 1, { note: 'x'.repeat(2_000) })),
    store.set(setCommand('fits-b', 1)),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a delete stays as a row, and creating again continues the generation', async () => {
  await store.set(setCommand('phoenix', 1));
  const gone = ok(await store.delete({ ...setCommand('phoenix', 1), expectedGeneration: 1 }));
  assert.deepEqual([gone.row.generation, gone.row.deleted], [2, true]);
  const twice = await store.delete({ ...setCommand('phoenix', 1) });
  assert.deepEqual(twice, { kind: 'not_found' });
  const stale = await store.set(setCommand('phoenix', 2, { expectedGeneration: 2 }));
  assert.deepEqual(stale, { kind: 'generation_conflict', current: 0 });
  const back = ok(await store.set(setCommand('phoenix', 1, { expectedGeneration: 0 })));
  assert.deepEqual([back.row.generation, back.row.deleted, back.changed], [3, false, true]);
});

test('new rows begin above the generation base', async () => {
  await mysql.db.updateTable('etcd_state').set({ generation_base: 1_000 }).execute();
  assert.equal(ok(await store.set(setCommand('based', 1))).row.generation, 1_001);
  await mysql.db.updateTable('etcd_state').set({ generation_base: 0 }).execute();
});

test('a preview answers as the write would, and writes nothing', async () => {
  const preview = ok(await store.preview(setCommand('previewed', 1)));
  assert.deepEqual([preview.changed, preview.row.generation], [true, 1]);
  assert.equal(await store.get('1', 'previewed'), undefined);
  const refused = await store.preview(setCommand('previewed', 1, { expectedGeneration: 4 }));
  assert.deepEqual(refused, { kind: 'generation_conflict', current: 0 });
});

/** So many who want the same two rows lose them more often than any caller does. */
const PATIENT = { attemptsMax: 50 };

test('deadlocks are repeated, not reported', async () => {
  await mysql.db
    .insertInto('environment')
    .values([{ env: 'x', min_agents: 1 }])
    .execute();
  await mysql.db
    .insertInto('environment')
    .values([{ env: 'y', min_agents: 1 }])
    .execute();
  const bump = (first: string, second: string) =>
    mysql.transaction(async (trx) => {
      for (const env of [first, second]) {
        const add = sql<number>`min_agents + 1`;
        await trx
          .updateTable('environment')
          .set('min_agents', add)
          .where('env', '=', env)
          .execute();
      }
    }, PATIENT);
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? bump('x', 'y') : bump('y', 'x'))),
  );
  const rows = await mysql.db.selectFrom('environment').select('min_agents').execute();
  assert.deepEqual(rows, [{ min_agents: 21 }, { min_agents: 21 }]);
  await mysql.db.deleteFrom('environment').execute();
});
