import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClient, RpcError } from '#libs/grpc';
import { makeCertificates } from '#test/certificates';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

test('the main scenario holds over TLS to etcd and MySQL and mutual TLS on gRPC', async () => {
  await using tls = await makeCertificates('backend-service');
  await using system = await openSystem({ controllers: 2, agents: { '1': 2, '10': 1 }, tls });

  const set = async (host: string) => {
    const { config } = await system.controller.call('SetIngressConfig', {
      env: '1',
      id: 'web',
      configJson: JSON.stringify(ingressOf(host)),
    });
    assert.equal(config?.publishState, 'PUBLISH_STATE_PUBLISHED');
    assert.equal(config.actor, 'backend-service');
    const { outcome } = await system.aggregator.client.call(
      'WaitForCompletion',
      { envs: ['1'], id: 'web', generation: config.generation, after: config.after },
      { timeoutMs: 15_000 },
    );
    assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  };
  await set('a.test');
  await set('b.test');
  for (const name of ['1/agent-1', '1/agent-2']) {
    assert.match((await system.agent(name).files()).get('web') ?? '', /b\.test/);
  }
  const { config } = await system.controller.call('DeleteIngressConfig', { env: '1', id: 'web' });
  const { outcome } = await system.aggregator.client.call(
    'WaitForCompletion',
    {
      ...{ envs: ['1'], id: 'web', waitFor: 'WAIT_FOR_DELETED' },
      ...{ generation: config?.generation ?? 0, after: config?.after ?? null },
    },
    { timeoutMs: 15_000 },
  );
  assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  assert.equal((await system.agent('1/agent-1').files()).size, 0);
  const agent = await system.agent('10/agent-1').client.call('GetAgent', {});
  assert.equal(agent.registered, true);

  const address = system.controllers[0]?.program.address as string;
  await using stranger = openClient('Controller', address, { tls: { ca: tls.client().ca } });
  await assert.rejects(
    stranger.call('ListEnvironments', {}, { timeoutMs: 3000 }),
    (error) => error instanceof RpcError && error.codeName !== 'OK',
  );
});

test('agents are asked over mutual TLS, and by nobody without a certificate', async () => {
  await using tls = await makeCertificates();
  const controllerArgs = ['--agent-ca', tls.ca, '--agent-cert', tls.clientCert];
  controllerArgs.push('--agent-key', tls.clientKey);
  await using system = await openSystem({
    controllers: 1,
    agents: { '1': 1 },
    tls,
    controllerArgs,
  });
  const request = { env: '1', id: 'web', configJson: '{}', validateOnly: true, askAgents: true };
  const trusted = await system.controller.call('SetIngressConfig', request);
  assert.deepEqual(
    trusted.agents?.verdicts.map(({ agent, verdict }) => [agent, verdict]),
    [['agent-1', 'VERDICT_VALID']],
  );
  controllerArgs.length = 0;
  const { client } = await system.startController();
  const look = async () => {
    const { agents } = await client
      .call('SetIngressConfig', request)
      .catch(() => ({ agents: null }));
    return agents?.verdicts ?? false;
  };
  const verdicts = await eventually(look, { timeoutMs: 10_000 });
  assert.deepEqual(
    verdicts.map(({ verdict, reason }) => [verdict, reason]),
    [['VERDICT_UNANSWERED', 'UNAVAILABLE']],
  );
});
