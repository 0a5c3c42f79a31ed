// The program of the article that Rollcall comes from: three controllers, ten agents in environment
// "1"; a controller sets and deletes the configs "0001" to "0005".

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

const IDS = ['0001', '0002', '0003', '0004', '0005'];
const CONTENT = '{"config":"helloworld"}';

test('three controllers, ten agents: what is set is everywhere, what is deleted is nowhere, and environment 10 sees none of it', async () => {
  await using system = await openSystem({ controllers: 3, agents: { '1': 10, '10': 1 } });
  const members = [...system.agents.values()].filter((agent) => agent.env === '1');
  assert.equal(members.length, 10);

  for (const [index, id] of IDS.entries()) {
    const controller = system.controllers[index % system.controllers.length];
    assert(controller);
    const { config } = await controller.client.call('SetIngressConfig', {
      env: '1',
      id,
      configJson: CONTENT,
    });
    assert.equal(config?.publishState, 'PUBLISH_STATE_PUBLISHED');
    const { outcome, completions } = await system.aggregator.client.call(
      'WaitForCompletion',
      { envs: ['1'], id, generation: config.generation, after: config.after },
      { timeoutMs: 15_000 },
    );
    assert.equal(outcome, 'WAIT_OUTCOME_DONE');
    assert.equal(completions[0]?.state, 'COMPLETION_STATE_COMPLETE');
    assert.deepEqual(completions[0]?.counts, {
      expected: 10,
      done: 10,
      progressing: 0,
      failed: 0,
      lost: 0,
      forgotten: 0,
    });
  }
  for (const agent of members) {
    assert.deepEqual(await agent.files(), new Map(IDS.map((id) => [id, CONTENT])));
  }

  for (const id of IDS) {
    const { config } = await system.controller.call('DeleteIngressConfig', { env: '1', id });
    const { outcome } = await system.aggregator.client.call(
      'WaitForCompletion',
      {
        ...{ envs: ['1'], id, waitFor: 'WAIT_FOR_DELETED' },
        ...{ generation: config?.generation ?? 0, after: config?.after ?? null },
      },
      { timeoutMs: 15_000 },
    );
    assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  }
  for (const agent of members) assert.equal((await agent.files()).size, 0, agent.name);

  const stranger = system.agent('10/agent-1');
  assert.equal((await stranger.files()).size, 0);
  const { configs } = await stranger.client.call('ListAppliedConfigs', {});
  assert.deepEqual(configs, []);
});

test('who is online is known in both directions, and a clean exit takes a name off the list', async () => {
  await using system = await openSystem({ controllers: 2, agents: { '1': 2, '10': 1 } });
  const { agents } = await system.controller.call('ListAgents', { env: '1' });
  assert.deepEqual(
    agents.map((agent) => [agent.name, agent.state]),
    [
      ['agent-1', 'AGENT_STATE_LIVE'],
      ['agent-2', 'AGENT_STATE_LIVE'],
    ],
  );
  const seen = async () => {
    const { controllers } = await system.agent('10/agent-1').client.call('GetAgent', {});
    return controllers.map((controller) => controller.name).toSorted();
  };
  await eventually(async () => (await seen()).join() === 'controller-1,controller-2', {
    timeoutMs: 5000,
    what: 'both controllers seen by an agent',
  });

  await system.controllers[1]?.program.stop();
  await eventually(async () => (await seen()).join() === 'controller-1', { timeoutMs: 2000 });
  await system.agent('1/agent-2').program.stop();
  await eventually(
    async () => {
      const answer = await system.controller.call('ListAgents', { env: '1' });
      return answer.agents.map((agent) => agent.name).join() === 'agent-1';
    },
    { timeoutMs: 2000, what: 'the agent that left is off the roster' },
  );

  await system.agent('1/agent-1').program.kill();
  await eventually(
    async () => {
      const answer = await system.controller.call('ListAgents', { env: '1' });
      return answer.agents[0]?.state === 'AGENT_STATE_LOST';
    },
    { timeoutMs: 8000, what: 'the crashed agent is lost' },
  );
});
