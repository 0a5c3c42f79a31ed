// Waits in flight while everything around them dies and comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '#libs/grpc';
import type { IngressConfig, WaitForCompletionResponse } from '#proto';
import { ingressOf } from '#test/configs';
import { openSystem, type System } from '#test/system';

const ENV = '1';
const DEADLINE_MS = 90_000;
/** What the answer itself may take beyond the deadline. */
const MARGIN_MS = 2_000;

interface Wait {
  readonly config: IngressConfig;
  readonly deleted: boolean;
}

interface Ended extends Wait {
  readonly outcome: WaitForCompletionResponse['outcome'];
  readonly atMs: number;
  /** Whether each agent's disk was as waited for, at the moment of the answer. */
  readonly disks: readonly boolean[];
}

/** A caller as it should be: asks again while nobody answers, until its deadline. */
async function waitFor(system: System, wait: Wait): Promise<Ended> {
  const { config, deleted } = wait;
  const until = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      const { outcome } = await system.aggregator.client.call(
        'WaitForCompletion',
        {
          ...{ envs: [ENV], id: config.id, generation: config.generation, after: config.after },
          waitFor: deleted ? 'WAIT_FOR_DELETED' : 'WAIT_FOR_COMPLETE',
          acceptExceptions: false,
        },
        { timeoutMs: Math.max(1, until - performance.now()) },
      );
      return { ...wait, outcome, atMs: performance.now(), disks: await disksOf(system, wait) };
    } catch (error) {
      const isAway = error instanceof RpcError && error.codeName === 'UNAVAILABLE';
      if (!isAway || performance.now() > until) throw error;
      await delay(100);
    }
  }
}

async function disksOf(system: System, { config, deleted }: Wait): Promise<boolean[]> {
  return await Promise.all(
    [...system.agents.values()].map(async (agent) => {
      const file = (await agent.files()).get(config.id);
      return deleted ? file === undefined : file?.includes(`${config.id}.test`) === true;
    }),
  );
}

test('50 waits outlive the aggregator, a controller and etcd, and none says done too early', async () => {
  await using system = await openSystem({ controllers: 2, agents: { [ENV]: 3 } });
  const ids = Array.from({ length: 50 }, (_, index) => `site-${index}`);
  const toDelete = new Set(ids.slice(0, 10));
  const toUpdate = new Set(ids.slice(10, 20));
  for (const id of toDelete) await system.set(ENV, id);
  for (const id of toDelete) await system.state(ENV, id, 'COMPLETE');
  await system.mirrored();

  // One agent hangs: nothing can be complete, and a wait that says so lies.
  const frozen = system.agent(`${ENV}/agent-3`);
  frozen.program.signal('SIGSTOP');
  const waits: Wait[] = [];
  for (const id of ids) {
    const deleted = toDelete.has(id);
    const config = deleted ? await system.delete(ENV, id) : await system.set(ENV, id);
    waits.push({ config, deleted });
  }
  const begunAtMs = performance.now();
  const ended = Promise.all(waits.map(async (wait) => await waitFor(system, wait)));
  ended.catch(() => undefined);

  await delay(500);
  await system.restartAggregator();
  await delay(500);
  await system.controllers[0]?.program.kill();
  system.controllers.shift();
  await delay(500);
  await system.etcd.kill();
  await delay(1_000);
  await system.etcd.restart();
  for (const id of toUpdate) await system.set(ENV, id, ingressOf(`${id}-next.test`));
  await delay(1_000);
  const releasedAtMs = performance.now();
  frozen.program.signal('SIGCONT');

  const results = await ended;
  for (const { config, deleted, outcome, atMs, disks } of results) {
    const { id } = config;
    assert.ok(atMs - begunAtMs < DEADLINE_MS + MARGIN_MS, id);
    if (toUpdate.has(id)) {
      assert.equal(outcome, 'WAIT_OUTCOME_SUPERSEDED', id);
      continue;
    }
    assert.equal(outcome, 'WAIT_OUTCOME_DONE', id);
    assert.ok(atMs > releasedAtMs, `${id} (${deleted ? 'delete' : 'set'}) was done too early`);
    assert.deepEqual(disks, [true, true, true], id);
  }
});
