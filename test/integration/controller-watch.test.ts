import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { RpcError } from '#libs/grpc';
import { type Mysql, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import type { WatchIngressConfigsRequestInput, WatchIngressConfigsResponse } from '#proto';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';

let place: ControllerPlace;
let mysql: Mysql;
before(async () => {
  place = await openControllerPlace({ controllers: 2 });
  mysql = openMysql({ url: place.url }, { log });
});
after(async () => {
  await mysql[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const clientOf = (index: number) => {
  const { client } = place.controllers[index] as ControllerPlace['controllers'][number];
  return client;
};
const set = async (env: string, id: string, value: unknown, controller = 0) =>
  await clientOf(controller).call('SetIngressConfig', {
    ...{ env, id, configJson: JSON.stringify({ value }) },
  });

/** A watch that is read message by message; `words` are what they say. */
function openWatch(request: WatchIngressConfigsRequestInput, controller = 0) {
  const messages = clientOf(controller).stream('WatchIngressConfigs', request);
  let token = '';
  const next = async (): Promise<WatchIngressConfigsResponse> => {
    const { value } = await messages.next();
    assert(value);
    token = value.resumeToken || token;
    return value;
  };
  const words = async () => {
    const { type, generation } = await next();
    const what = type.replace('TYPE_', '');
    return generation ? `${what} ${generation.id} ${generation.generation}` : what;
  };
  return {
    ...{ next, words, token: () => token },
    [Symbol.asyncDispose]: async () => void (await messages.return(undefined)),
  };
}

test('a watch tells the live configs, SYNCED, and then each change of the environment', async () => {
  await set('w1', 'a', 1);
  await set('w1', 'a', 2);
  await set('w1', 'gone', 1);
  await clientOf(0).call('DeleteIngressConfig', { env: 'w1', id: 'gone' });
  await using watch = openWatch({ env: 'w1', view: 'CONFIG_VIEW_JSON' });
  const first = await watch.next();
  assert.equal(first.generation?.configJson, '{"value":2}');
  assert.equal(first.resumeToken, '');
  assert.equal(await watch.words(), 'SYNCED');
  await set('w2', 'other', 1);
  await set('w1', 'b', 1, 1);
  assert.equal(await watch.words(), 'SET b 1');
  await clientOf(1).call('DeleteIngressConfig', { env: 'w1', id: 'a' });
  assert.equal(await watch.words(), 'DELETED a 3');
});

test('a watch is taken up where it was, on another server, and misses nothing', async () => {
  await set('w3', 'a', 1);
  const watch = openWatch({ env: 'w3' });
  assert.equal(await watch.words(), 'SET a 1');
  assert.equal(await watch.words(), 'SYNCED');
  const token = watch.token();
  await watch[Symbol.asyncDispose]();

  await set('w3', 'a', 2);
  await clientOf(0).call('DeleteIngressConfig', { env: 'w3', id: 'a' });
  await set('w3', 'a', 3);
  await using resumed = openWatch({ env: 'w3', resumeToken: token }, 1);
  const told = [await resumed.words(), await resumed.words(), await resumed.words()];
  assert.deepEqual(told, ['SET a 2', 'DELETED a 3', 'SET a 4']);
  assert.equal(await resumed.words(), 'SYNCED');
});

test('under writes through both controllers every generation is told once, in order', async () => {
  const count = 400;
  await using watch = openWatch({ env: 'w4' });
  assert.equal(await watch.words(), 'SYNCED');
  const writes = Array.from({ length: count }, (_, n) => set('w4', `c${n % 7}`, n, n % 2));
  const last = new Map<string, number>();
  for (let told = 0; told < count; told += 1) {
    const { generation } = await watch.next();
    assert(generation);
    assert.equal(generation.generation, (last.get(generation.id) ?? 0) + 1);
    last.set(generation.id, generation.generation);
  }
  await Promise.all(writes);
});

test('resumed again and again under writes, nothing is left out and nothing told twice', async () => {
  const count = 300;
  await set('w5', 'c0', 'first');
  const writing = (async () => {
    for (let n = 0; n < count; n += 1) await set('w5', `c${n % 5}`, n, n % 2);
  })();
  const told: string[] = [];
  let token = '';
  while (told.length < count + 1) {
    await using watch = openWatch({ env: 'w5', resumeToken: token }, told.length % 2);
    if (token === '') {
      while ((await watch.next()).type !== 'TYPE_SYNCED');
      token = watch.token();
      // The snapshot stands for all that the history has up to there.
      told.push(...(await historyUntil('w5', token)));
      continue;
    }
    for (let n = 0; n < 9 && told.length < count + 1; n += 1) {
      const { generation } = await watch.next();
      if (generation) told.push(`${generation.id} ${generation.generation}`);
      token = watch.token();
    }
  }
  await writing;
  assert.equal(new Set(told).size, count + 1);
});

/** The generations up to the place of a token. */
async function historyUntil(env: string, token: string): Promise<string[]> {
  const { place: at } = JSON.parse(Buffer.from(token, 'base64url').toString()) as {
    place: { sequence: number };
  };
  const rows = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(['id', 'generation'])
    .where('env', '=', env)
    .where('sequence', '<=', at.sequence)
    .execute();
  return rows.map(({ id, generation }) => `${id} ${generation}`);
}

test('what the controllers lift themselves is told, too', async () => {
  await set('w6', 'a', 1);
  await using watch = openWatch({ env: 'w6' });
  assert.equal(await watch.words(), 'SET a 1');
  assert.equal(await watch.words(), 'SYNCED');
  const store = new ConfigStore({ mysql });
  await store.heal('w6', 'a', 5);
  assert.equal(await watch.words(), 'SET a 6');
  await store.liftRows(50);
  assert.equal(await watch.words(), 'SET a 51');
});

test('a token whose place is gone is too old, also while the watch runs', async () => {
  await set('w7', 'a', 1);
  await using watch = openWatch({ env: 'w7' });
  await watch.words();
  assert.equal(await watch.words(), 'SYNCED');
  const tooOld = (error: unknown) =>
    error instanceof RpcError &&
    error.codeName === 'OUT_OF_RANGE' &&
    error.reason === 'RESUME_TOKEN_TOO_OLD';
  // As after a restore: the last transaction was never made.
  const { sequence } = await mysql.db
    .selectFrom('ingress_config_generation')
    .select(({ fn }) => fn.max('sequence').as('sequence'))
    .executeTakeFirstOrThrow();
  await sql`delete from ingress_config_generation where sequence = ${sequence}`.execute(mysql.db);
  await sql`update change_counter set value = ${sequence - 1}`.execute(mysql.db);
  await assert.rejects(watch.next(), tooOld);
  await set('w7', 'b', 1);
  await assert.rejects(openWatch({ env: 'w7', resumeToken: watch.token() }).next(), tooOld);
});

test('a foreign token is refused', async () => {
  await assert.rejects(
    openWatch({ env: 'w1', resumeToken: 'nonsense' }).next(),
    (error) => error instanceof RpcError && error.violations[0]?.field === 'resume_token',
  );
});
