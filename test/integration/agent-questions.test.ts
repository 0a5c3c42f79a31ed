import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { agentKey, encodeAgentRegistration } from '#libs/keyspace';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

const system = await openSystem({ controllers: 1, agents: { '1': 3 } });
after(() => system[Symbol.asyncDispose]());

const preview = async (id: string, timeoutMs = 10_000, env = '1') =>
  await system.controller.call(
    'SetIngressConfig',
    { env, id, configJson: '{"a":1}', validateOnly: true, askAgents: true },
    { timeoutMs },
  );
const words = ({ agents }: Awaited<ReturnType<typeof preview>>) =>
  agents?.verdicts.map(({ agent, verdict, reason }) => `${agent} ${verdict} ${reason}`.trim());

test('every live agent is asked, and nothing is written', async () => {
  const answer = await preview('asked');
  assert.deepEqual(words(answer), [
    'agent-1 VERDICT_VALID',
    'agent-2 VERDICT_VALID',
    'agent-3 VERDICT_VALID',
  ]);
  assert.equal(answer.agents?.liveAgents, 3);
  assert.deepEqual([answer.changed, answer.config?.generation], [true, 1]);
  const { configs } = await system.controller.call('ListIngressConfigs', { env: '-' });
  assert.deepEqual(configs, []);
  for (const agent of system.agents.values()) assert.equal((await agent.files()).size, 0);
});

test('what agents refuse is said with the reason, and fails no call', async () => {
  const answer = await preview('x'.repeat(253));
  assert.deepEqual(
    words(answer),
    ['agent-1', 'agent-2', 'agent-3'].map((name) => `${name} VERDICT_REJECTED ID_TOO_LONG`),
  );
});

test('an environment without live agents has nobody to ask', async () => {
  const { agents } = await preview('asked', 10_000, 'empty');
  assert.deepEqual([agents?.verdicts, agents?.liveAgents], [[], 0]);
});

test('agents are asked for a preview alone, and only when that is wanted', async () => {
  const request = { env: '1', id: 'asked', configJson: '{}' };
  const { agents } = await system.controller.call('SetIngressConfig', {
    ...{ ...request, validateOnly: true },
  });
  assert.equal(agents, null);
  await assert.rejects(
    system.controller.call('SetIngressConfig', { ...request, askAgents: true }),
    (error) => error instanceof RpcError && error.violations[0]?.field === 'ask_agents',
  );
});

test('who cannot be asked is named, and is no yes', async () => {
  const mute = system.agent('1/agent-2');
  const registration = {
    ...{ name: 'nowhere', env_uuid: '', ip: '0.0.0.0', grpc_port: 5, instance: 'i', version: '' },
    ...{ driver: '', started_at: '2026-01-01T00:00:00.000Z', synced: null },
  };
  await system.etcd.etcdctl('put', agentKey('1', 'nowhere'), encodeAgentRegistration(registration));
  const isSeen = async () => (await preview('asked')).agents?.liveAgents === 4;
  await eventually(isSeen, { timeoutMs: 5_000 });
  mute.program.signal('SIGSTOP');
  try {
    assert.deepEqual(words(await preview('asked', 1_500)), [
      'agent-1 VERDICT_VALID',
      'agent-2 VERDICT_UNANSWERED DEADLINE_EXCEEDED',
      'agent-3 VERDICT_VALID',
      'nowhere VERDICT_UNANSWERED NO_ADDRESS',
    ]);
  } finally {
    mute.program.signal('SIGCONT');
  }
});

test('without etcd nobody knows whom to ask', async () => {
  await system.etcd.kill();
  const isRefused = async () => {
    try {
      await preview('asked');
      return false;
    } catch (error) {
      assert.ok(error instanceof RpcError);
      return error.codeName === 'UNAVAILABLE' && error.reason === 'ETCD_UNAVAILABLE';
    }
  };
  await eventually(isRefused, { timeoutMs: 10_000 });
});
