import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pauseMs } from '#test/pauses';
import { openSystem } from '#test/system';

const WITHOUT_QUORUM_MS = pauseMs({ shortMs: 4_000, longMs: 60_000 });
const LOST_MEMBERS = [0, 1];

test('without a quorum a Set is PENDING, agents serve, nothing is complete; and it is made up for', async () => {
  await using system = await openSystem({ etcdMembers: 3, agents: { '1': 2 } });
  await system.set('1', 'web', { v: 1 });
  await system.state('1', 'web', 'COMPLETE', 1);
  for (const member of LOST_MEMBERS) await system.etcd.kill('SIGKILL', member);

  const stored = await system.set('1', 'web', { v: 2 });
  assert.equal(stored.publishState, 'PUBLISH_STATE_PENDING');
  await delay(WITHOUT_QUORUM_MS);
  const { completion } = await system.aggregator.client.call('GetCompletion', {
    ...{ env: '1', id: 'web' },
  });
  assert.equal(completion?.state, 'COMPLETION_STATE_UNKNOWN');
  for (const agent of system.agents.values()) {
    assert.equal((await agent.files()).get('web'), '{"v":1}');
  }

  await Promise.all(LOST_MEMBERS.map(async (member) => await system.etcd.restart(member)));
  await system.state('1', 'web', 'COMPLETE', 2);
  for (const agent of system.agents.values()) {
    assert.equal((await agent.files()).get('web'), '{"v":2}');
  }
});
