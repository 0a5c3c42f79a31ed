import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';
import { openTcpProxy } from '#test/tcp-proxy';

const setOn = (system: System, id: string, host: string) =>
  system.controller.call('SetIngressConfig', {
    env: '1',
    id,
    configJson: JSON.stringify(ingressOf(host)),
  });

test('a config whose controller dies between commit and etcd arrives through another controller', async () => {
  await using system = await openSystem({ controllers: 0, agents: { '1': 2 } });
  await using proxy = await openTcpProxy(system.etcd.endpoints[0] as string);
  const first = await system.startController({ etcdEndpoints: [proxy.address] });
  await system.ready();
  await system.startController();
  await first.client.call('SetIngressConfig', { env: '1', id: 'warm', configJson: '{"a":1}' });

  // Nothing of this controller reaches etcd any more, so its commit is all that it can do.
  proxy.pause('both');
  const answer = first.client
    .call('SetIngressConfig', { env: '1', id: 'orphan', configJson: '{"b":2}' })
    .catch((error: unknown) => error);
  await eventually(
    async () => {
      const { configs } = await (system.controllers[1] ?? first).client.call('ListIngressConfigs', {
        env: '1',
      });
      return configs.some((config) => config.id === 'orphan');
    },
    { timeoutMs: 3000, everyMs: 5, what: 'the commit' },
  );
  await first.program.kill();
  await answer;

  const completion = await system.completion(
    '1',
    'orphan',
    ({ state }) => state === 'COMPLETION_STATE_COMPLETE',
  );
  assert.equal(completion.generation, 1);
  for (const agent of system.agents.values()) {
    assert.equal((await agent.files()).get('orphan'), '{"b":2}');
  }
});

test('an etcd that lost its data costs no agent a file, and is rebuilt from MySQL in a new epoch', async () => {
  await using system = await openSystem({ controllers: 2, agents: { '1': 2 } });
  for (let index = 0; index < 10; index += 1)
    await setOn(system, `site-${index}`, `h${index}.test`);
  const before = await system.completion(
    '1',
    'site-9',
    ({ state }) => state === 'COMPLETION_STATE_COMPLETE',
  );
  const agents = [...system.agents.values()];
  await eventually(async () => (await agents[1]?.files())?.size === 10, { timeoutMs: 5000 });
  const files = await agents[0]?.files();
  // An agent that MySQL does not know yet is, after etcd's loss, one that joins anew.
  await system.mirrored();

  await system.etcd.kill();
  await system.etcd.wipe();
  await system.etcd.restart();

  let fewest = 10;
  const after = await system.completion('1', 'site-9', ({ state, epoch }) => {
    return state === 'COMPLETION_STATE_COMPLETE' && epoch > before.epoch;
  });
  for (const agent of agents) {
    const now = await agent.files();
    fewest = Math.min(fewest, now.size);
    assert.deepEqual(now, files);
  }
  assert.equal(fewest, 10);
  assert.equal(after.generation, before.generation);
  assert.equal(after.counts?.done, 2);
  const everything = await system.etcd.etcdctl(
    'get',
    '--prefix',
    '/ingress/ingress_config/1/',
    '--keys-only',
  );
  assert.equal(everything.split('\n').filter((line) => line !== '').length, 10);
});

test('an agent that starts without etcd serves its last-known-good, and reports when etcd is back', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  await setOn(system, 'site', 'a.test');
  await system.completion('1', 'site', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
  const agent = system.agent('1/agent-1');
  const files = await agent.files();
  const { instance } = await agent.client.call('GetAgent', {});

  await agent.program.kill();
  await system.etcd.kill();
  await agent.restart();
  assert.deepEqual(await agent.files(), files);
  const offline = await agent.client.call('GetAgent', {});
  assert.equal(offline.registered, false);
  assert.notEqual(offline.instance, instance);
  const { configs } = await agent.client.call('ListAppliedConfigs', {});
  assert.deepEqual(
    configs.map((config) => [config.id, config.applied?.generation]),
    [['site', 1]],
  );

  await system.etcd.restart();
  const completion = await system.completion(
    '1',
    'site',
    ({ state }) => state === 'COMPLETION_STATE_COMPLETE',
    30_000,
  );
  assert.equal(completion.counts?.done, 1);
});

test('a second process with an agent name exits 3 and leaves the first alone', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  await setOn(system, 'site', 'a.test');
  await system.completion('1', 'site', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
  const before = await system.agent('1/agent-1').client.call('GetAgent', {});

  const second = await system.startDuplicate('1', 'agent-1');
  const { code } = await second.exited;
  assert.equal(code, 3);
  assert.match(await readFile(second.logFile, 'utf8'), /duplicate agent name/);

  const after = await system.agent('1/agent-1').client.call('GetAgent', {});
  assert.equal(after.lease, before.lease);
  assert.equal(after.instance, before.instance);
  const completion = await system.completion('1', 'site', () => true);
  assert.equal(completion.state, 'COMPLETION_STATE_COMPLETE');
});

test('etcdctl del --prefix /ingress/ costs no agent a file, and the roster comes back', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 2, '10': 1 } });
  for (let index = 0; index < 5; index += 1) await setOn(system, `site-${index}`, `h${index}.test`);
  await system.completion('1', 'site-4', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
  const files = await system.agent('1/agent-1').files();
  assert.equal(files.size, 5);

  await system.etcd.etcdctl('del', '--prefix', '/ingress/');
  await system.completion(
    '1',
    'site-4',
    ({ state, epoch, counts }) =>
      state === 'COMPLETION_STATE_COMPLETE' && epoch > 1 && counts?.done === 2,
    30_000,
  );
  for (const name of ['1/agent-1', '1/agent-2']) {
    assert.deepEqual(await system.agent(name).files(), files, name);
  }
  const { agents } = await system.controller.call('ListAgents', { env: '-' });
  assert.deepEqual(
    agents.map(({ env, name, state }) => `${env}/${name} ${state}`),
    ['1/agent-1', '1/agent-2', '10/agent-1'].map((name) => `${name} AGENT_STATE_LIVE`),
  );
});

test('with MySQL down a Set is refused in bounded time and nothing reaches etcd', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 }, ownMysql: true });
  await setOn(system, 'site', 'a.test');
  await system.mysql.kill();
  const began = performance.now();
  await assert.rejects(setOn(system, 'lost', 'b.test'), (error) => {
    assert(error instanceof RpcError);
    assert.equal(error.codeName, 'UNAVAILABLE');
    return true;
  });
  assert(performance.now() - began < 3000);
  const keys = await system.etcd.etcdctl(
    'get',
    '--prefix',
    '/ingress/ingress_config/',
    '--keys-only',
  );
  assert.equal(keys.trim(), '/ingress/ingress_config/1/site');

  await system.mysql.restart();
  await eventually(() => setOn(system, 'late', 'c.test').then(() => true), { timeoutMs: 5000 });
  await system.completion('1', 'late', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
});

test('with etcd down a Set is PENDING within 1.2 s, and arrives when etcd is back', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  await setOn(system, 'site', 'a.test');
  await system.completion('1', 'site', ({ state }) => state === 'COMPLETION_STATE_COMPLETE');
  await system.etcd.kill();
  for (let index = 0; index < 3; index += 1) {
    const began = performance.now();
    const { config } = await setOn(system, `later-${index}`, `l${index}.test`);
    const tookMs = performance.now() - began;
    assert.equal(config?.publishState, 'PUBLISH_STATE_PENDING');
    assert(tookMs <= 1200, `${tookMs} ms`);
  }
  await system.etcd.restart();
  for (let index = 0; index < 3; index += 1) {
    await system.completion(
      '1',
      `later-${index}`,
      ({ state }) => state === 'COMPLETION_STATE_COMPLETE',
      30_000,
    );
  }
  const { config } = await system.controller.call('GetIngressConfig', { env: '1', id: 'later-0' });
  assert.equal(config?.publishState, 'PUBLISH_STATE_PUBLISHED');
});
