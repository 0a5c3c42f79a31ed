// Controllers that go away: all of them, and one after the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { pauseMs } from '#test/pauses';
import { openSystem } from '#test/system';

/** Longer than a lease. */
const WITHOUT_CONTROLLERS_MS = pauseMs({ shortMs: 6_000, longMs: 300_000 });

test('with every controller down agents serve, delete nothing, and their reports count', async () => {
  await using system = await openSystem({ controllers: 2, agents: { '1': 2 } });
  for (const id of ['one', 'two']) await system.set('1', id);
  await system.state('1', 'two', 'COMPLETE');
  for (const { program } of system.controllers) await program.kill();

  // A key goes without a tombstone, and nobody is there to say what that means.
  await system.etcd.etcdctl('del', '/ingress/ingress_config/1/two');
  const agent = system.agent('1/agent-1');
  const relisted = await agent.client.call('Relist', {});
  assert.ok(relisted);
  await delay(WITHOUT_CONTROLLERS_MS);
  for (const each of system.agents.values()) assert.equal((await each.files()).size, 2);
  const completion = await system.state('1', 'one', 'COMPLETE');
  assert.equal(completion.counts?.done, 2);

  // An agent that starts meanwhile serves what etcd has, and reports it.
  await system.startAgent('1', 'agent-3');
  const joined = await system.completion('1', 'one', ({ counts }) => counts?.done === 3);
  assert.equal(joined.state, 'COMPLETION_STATE_COMPLETE');

  system.controllers.length = 0;
  await system.startController();
  await system.completion('1', 'two', ({ counts }) => counts?.done === 3);
});

test('controllers that are replaced one after the other fail no call of a caller that repeats', async () => {
  await using system = await openSystem({ controllers: 2, agents: { '1': 1 } });
  const stop = new AbortController();
  let count = 0;
  let repeated = 0;
  const failures: unknown[] = [];
  const write = async (writer: number) => {
    for (let index = 0; !stop.signal.aborted; index += 1) {
      const request = {
        ...{ env: '1', id: `w${writer}`, requestId: `${writer}-${index}` },
        configJson: JSON.stringify(ingressOf(`h${index}.test`)),
      };
      for (let attempt = 1; ; attempt += 1) {
        const controller = system.controllers[(writer + attempt) % system.controllers.length];
        try {
          await controller?.client.call('SetIngressConfig', request);
          count += 1;
          break;
        } catch (error) {
          const isPassing = error instanceof RpcError && error.codeName === 'UNAVAILABLE';
          if (!isPassing || attempt === 20) {
            failures.push(error);
            break;
          }
          repeated += 1;
          await delay(50);
        }
      }
    }
  };
  const writers = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  for (let round = 0; round < 3; round += 1) {
    await delay(500);
    await system.startController();
    const [oldest] = system.controllers.splice(0, 1);
    const exit = await oldest?.program.stop();
    assert.equal(exit?.code, 0);
  }
  await delay(500);
  stop.abort();
  await writers;
  assert.deepEqual(failures, []);
  assert.ok(count > 100, `${count} calls, ${repeated} repeated`);
  const { configs } = await system.controller.call('ListIngressConfigs', { env: '1' });
  assert.equal(configs.length, 8);
  for (const { id, generation } of configs) await system.state('1', id, 'COMPLETE', generation);
  await eventually(async () => (await system.agent('1/agent-1').files()).size === 8, {
    timeoutMs: 5_000,
  });
});
