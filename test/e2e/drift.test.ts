import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

test('a config that was changed behind an agent is not complete until it is back, and says who and why', async () => {
  await using system = await openSystem({ agents: { '1': 2 } });
  const { generation } = await system.set('1', 'site');
  await system.state('1', 'site', 'COMPLETE', generation);
  const agent = system.agent('1/agent-1');
  const content = (await agent.files()).get('site');
  const path = join(agent.stateDir, 'configs', 'site.json');

  await rm(path);
  await mkdir(path);
  await agent.client.call('Relist', {});
  const blocked = await system.completion('1', 'site', ({ blockers }) =>
    blockers.some(({ message }) => message.includes('not repaired')),
  );
  assert.equal(blocked.state, 'COMPLETION_STATE_PROGRESSING');
  assert.equal(blocked.fullyExecuted, false);
  const { done, progressing, failed } = blocked.counts ?? {};
  assert.deepEqual({ done, progressing, failed }, { done: 1, progressing: 1, failed: 0 });
  const [blocker] = blocked.blockers;
  assert.deepEqual([blocker?.agent, blocker?.reason], ['agent-1', 'RETRYING']);
  assert.match(blocker?.message ?? '', /^DRIFTED: what was in force was changed; not repaired: /);
  assert.equal(blocker?.appliedGeneration, generation);

  // A wait that begins meanwhile ends with the repair, not before it.
  const waiting = system.aggregator.client.call(
    'WaitForCompletion',
    { envs: ['1'], id: 'site', generation },
    { timeoutMs: 20_000 },
  );
  await rm(path, { recursive: true });
  await agent.client.call('Relist', {});
  const { outcome } = await waiting;
  assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  assert.equal((await agent.files()).get('site'), content);
  const { counts } = await system.state('1', 'site', 'COMPLETE', generation);
  assert.equal(counts?.done, 2);

  // A repair that works at once is told as well.
  await writeFile(path, 'edited');
  await agent.client.call('Relist', {});
  const repaired = async () => {
    const { configs } = await agent.client.call('ListAppliedConfigs', {});
    const { reason, attempts } = configs[0]?.lastAttempt ?? {};
    return reason === 'DRIFT_REPAIRED' && attempts === 1;
  };
  await eventually(repaired, { timeoutMs: 5_000, what: 'the repair' });
  assert.equal((await agent.files()).get('site'), content);
  await system.state('1', 'site', 'COMPLETE', generation);
});
