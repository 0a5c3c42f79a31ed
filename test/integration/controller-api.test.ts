import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Definitions,
  type GrpcClient,
  objectFromStruct,
  openClient,
  RpcError,
} from '#libs/grpc';
import { agentKey, encodeRoster, READY_KEY, rosterKey } from '#libs/keyspace';
import { migrate } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, startProgram } from '#local';
import { eventually } from '#test/eventually';
import { openTestDatabase, ownEtcd } from '#test/servers';

type Client = GrpcClient<Definitions['Controller']>;

/** One controller on an etcd of its own and an empty database. */
async function openController(options: { migrated?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  const etcd: EtcdServer = stack.use(await ownEtcd());
  const { url } = stack.use(await openTestDatabase());
  if (options.migrated !== false) await migrate(url, silentLog);
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-api-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const program = stack.use(
    await startProgram({
      program: 'controller',
      args: ['--name', 'c1', '--etcd-endpoints', etcd.endpoints.join(','), '--mysql-url', url],
      logFile: join(dir, 'controller.log'),
    }),
  );
  const client: Client = stack.use(openClient('Controller', program.address));
  const open = stack.move();
  return {
    ...{ etcd, program, client },
    ready: () =>
      eventually(async () => (await etcd.etcdctl('get', READY_KEY)) !== '', { timeoutMs: 10_000 }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const refused = async (call: Promise<unknown>, codeName: string, reason: string) => {
  await assert.rejects(call, (error) => {
    assert(error instanceof RpcError, String(error));
    assert.deepEqual([error.codeName, error.reason], [codeName, reason]);
    return true;
  });
};

test('a config is set, read, listed, updated under a condition, deleted and made again', async () => {
  await using system = await openController();
  await system.ready();
  const { client } = system;
  const ref = { env: '1', id: 'web' };
  const set = async (configJson: string, more: object = {}) =>
    (await client.call('SetIngressConfig', { ...ref, configJson, ...more })).config;

  const first = await set('{"b":1,"a":[null,true]}', { labels: { team: 'x' }, note: 'why' });
  assert.equal(first?.generation, 1);
  assert.equal(first.publishState, 'PUBLISH_STATE_PUBLISHED');
  assert.deepEqual(first.after?.generation, 1);
  assert((first.after?.revision ?? 0) > 0 && first.after?.epoch === 1);

  const same = await client.call('SetIngressConfig', {
    ...{ ...ref, configJson: '{"a":[null,true],"b":1.0}', labels: { team: 'x' } },
  });
  assert.equal(same.changed, false);
  assert.equal(same.config?.generation, 1);
  assert.equal((await set('{"a":[null,true],"b":1}', { labels: { team: 'y' } }))?.generation, 2);

  await refused(set('{}', { expectedGeneration: 1 }), 'ABORTED', 'GENERATION_CONFLICT');
  await refused(set('{}', { expectedGeneration: 0 }), 'ABORTED', 'GENERATION_CONFLICT');
  assert.equal((await set('{"c":1}', { expectedGeneration: 2 }))?.generation, 3);

  const full = await client.call('GetIngressConfig', ref);
  assert.deepEqual({ ...objectFromStruct(full.config?.config ?? {}) }, { c: 1 });
  const json = await client.call('GetIngressConfig', { ...ref, view: 'CONFIG_VIEW_JSON' });
  assert.equal(json.config?.configJson, '{"c":1}');
  assert.equal(json.config?.note, '');

  const gone = await client.call('DeleteIngressConfig', { ...ref, expectedGeneration: 3 });
  assert.deepEqual([gone.config?.generation, gone.config?.deleted], [4, true]);
  await refused(client.call('GetIngressConfig', ref), 'NOT_FOUND', 'CONFIG_NOT_FOUND');
  await refused(client.call('DeleteIngressConfig', ref), 'NOT_FOUND', 'CONFIG_NOT_FOUND');
  const shown = await client.call('GetIngressConfig', { ...ref, showDeleted: true });
  assert.equal(shown.config?.generation, 4);
  assert.equal((await set('{"c":1}', { expectedGeneration: 0 }))?.generation, 5);
});

test('a request id makes a retry safe, and is refused for another request', async () => {
  await using system = await openController();
  const request = { env: '1', id: '', configJson: '{"a":1}', requestId: 'r-1' };
  const first = await system.client.call('SetIngressConfig', request);
  assert.match(first.config?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  const again = await system.client.call('SetIngressConfig', request);
  assert.equal(again.config?.id, first.config?.id);
  assert.equal(again.config?.generation, 1);
  await refused(
    system.client.call('SetIngressConfig', { ...request, configJson: '{"a":2}' }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  );
});

test('validate_only says what would happen and writes nothing', async () => {
  await using system = await openController();
  const request = { env: '1', id: 'web', configJson: '{"a":1}', validateOnly: true };
  const { config, changed } = await system.client.call('SetIngressConfig', request);
  assert.deepEqual([config?.generation, changed], [1, true]);
  const { configs } = await system.client.call('ListIngressConfigs', { env: '-' });
  assert.deepEqual(configs, []);
});

test('lists come in pages, by environment, label and state', async () => {
  await using system = await openController();
  await system.ready();
  const { client } = system;
  for (const env of ['1', '10']) {
    for (let n = 0; n < 5; n += 1) {
      const labels = { parity: n % 2 === 0 ? 'even' : 'odd' };
      const id = `c${n}`;
      await client.call('SetIngressConfig', { env, id, labels, configJson: `{"n":${n}}` });
    }
  }
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await client.call('ListIngressConfigs', { env: '-', pageSize: 3, pageToken });
    assert(page.configs.length <= 3);
    seen.push(...page.configs.map(({ env, id }) => `${env}/${id}`));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  assert.equal(seen.length, 10);
  assert.deepEqual(seen, seen.toSorted());

  const odd = await client.call('ListIngressConfigs', { env: '10', labels: { parity: 'odd' } });
  assert.deepEqual(
    odd.configs.map(({ env, id }) => `${env}/${id}`),
    ['10/c1', '10/c3'],
  );
  const noted = { env: '10', id: 'other', note: '100% about c3_', configJson: '{}' };
  await client.call('SetIngressConfig', noted);
  const found = async (text: string) => {
    const { configs } = await client.call('ListIngressConfigs', { env: '10', text });
    return configs.map(({ id }) => id);
  };
  assert.deepEqual(await found('c3'), ['c3', 'other']);
  assert.deepEqual(await found('c3_'), ['other'], 'no letter stands for others');
  assert.deepEqual(await found('C3'), []);
  await refused(found('\n'), 'INVALID_ARGUMENT', 'INVALID_ARGUMENT');
  await client.call('DeleteIngressConfig', { env: '10', id: 'other' });
  await eventually(
    async () => {
      const pending = { env: '-', publishState: 'PUBLISH_STATE_PENDING' } as const;
      return (await client.call('ListIngressConfigs', pending)).configs.length === 0;
    },
    { timeoutMs: 5000, what: 'everything recorded as published' },
  );
  const bad = client.call('ListIngressConfigs', { env: '-', pageToken: 'x' });
  await refused(bad, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT');
  const { environments } = await client.call('ListEnvironments', {});
  assert.deepEqual(
    environments.map(({ env, configCount }) => [env, configCount]),
    [
      ['1', 5],
      ['10', 5],
    ],
  );
});

test('a watch of agents tells the snapshot, then who joins, leaves and is lost', async () => {
  await using system = await openController();
  await system.ready();
  const put = (key: string, value: string) => system.etcd.etcdctl('put', key, value);
  const member = encodeRoster({ instance: 'i', joined_at: '2026-01-01T00:00:00.000Z' });
  await put(rosterKey('1', 'a'), member);
  await put(rosterKey('10', 'x'), member);
  await eventually(
    async () => (await system.client.call('ListAgents', { env: '-' })).agents.length === 2,
    { timeoutMs: 5000 },
  );

  const watch = system.client.stream('WatchAgents', { env: '1' });
  const next = async () => {
    const { value } = await watch.next();
    return `${value?.type} ${value?.agent?.name ?? ''} ${value?.agent?.state ?? ''}`.trim();
  };
  assert.equal(await next(), 'TYPE_UPSERTED a AGENT_STATE_LOST');
  assert.equal(await next(), 'TYPE_SYNCED');
  await put(agentKey('1', 'a'), 'garbage counts as live');
  assert.equal(await next(), 'TYPE_UPSERTED a AGENT_STATE_LIVE');
  await system.etcd.etcdctl('del', agentKey('1', 'a'));
  assert.equal(await next(), 'TYPE_UPSERTED a AGENT_STATE_LOST');
  await put(rosterKey('1', 'a'), encodeRoster({ left_at: '2026-01-02T00:00:00.000Z' }));
  assert.match(await next(), /^TYPE_LEFT a/);
  await watch.return(undefined);
});

test('a controller without its schema says so and ends', async () => {
  await using system = await openController({ migrated: false });
  const { code } = await system.program.exited;
  assert.equal(code, 1);
});

test('settings that are wrong are all told, and the program ends with 2', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-api-'));
  try {
    await assert.rejects(
      startProgram({
        program: 'controller',
        args: ['--listen', 'nowhere', '--mysql-url', 'x', '--tls-cert', '/does/not/exist'],
        logFile: join(dir, 'log'),
      }),
      /--listen: must be host:port[\s\S]*--tls-cert: cannot be read[\s\S]*--mysql-url: must be/,
    );
  } finally {
    await rm(dir, { recursive: true });
  }
});
