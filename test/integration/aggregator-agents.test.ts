// An aggregator over real agents: what it says is held against what stands on their disks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Completion } from '#proto';
import { blockersOf, stateOf } from '#test/aggregator-place';
import { ingressOf } from '#test/configs';
import { type AgentService, openSystem, type System } from '#test/system';

const ENV = '1';
const ID = 'site';
/** A lease of 5 s ends after 5.5 s; the rest is for a busy machine. */
const LOST_TIMEOUT_MS = 20_000;

let system: System;
let generation = 0;
before(async () => {
  system = await openSystem({ agents: { [ENV]: ['a', 'b', 'c'] } });
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

const agent = (name: string): AgentService => system.agent(`${ENV}/${name}`);

/** Sets the next generation, which is told apart by its host. */
async function set(): Promise<void> {
  generation += 1;
  const stored = await system.set(ENV, ID, ingressOf(`v${generation}.test`));
  assert.equal(stored.generation, generation);
}

/** Whether a generation stands on an agent's disk. */
async function has(name: string, wanted: number): Promise<boolean> {
  return (await agent(name).files()).get(ID)?.includes(`"v${wanted}.test"`) === true;
}

const until = async (state: string, timeoutMs = LOST_TIMEOUT_MS): Promise<Completion> =>
  await system.completion(
    ENV,
    ID,
    (completion) => stateOf(completion) === state && completion.generation === generation,
    timeoutMs,
  );

/**
 * Asks without a pause and looks at the disks at each COMPLETE, until the returned function is called,
 * which asks once more: the last answer is no older than that call.
 */
function watchDisks(names: readonly string[]): () => Promise<Completion[]> {
  const over = new AbortController();
  const answers: Completion[] = [];
  const ask = async () => {
    const { completion } = await system.aggregator.client.call('GetCompletion', {
      env: ENV,
      id: ID,
    });
    assert.ok(completion);
    answers.push(completion);
    if (!completion.fullyExecuted) return;
    for (const name of names) {
      // What is on the disk may be newer than the answer, never older.
      const isThere = await Promise.all(
        Array.from(
          { length: generation - completion.generation + 1 },
          async (_, above) => await has(name, completion.generation + above),
        ),
      );
      assert.ok(isThere.includes(true), `${name} at ${completion.generation}`);
    }
  };
  const askOn = async () => {
    while (!over.signal.aborted) {
      await ask();
      await delay(5);
    }
  };
  const asking = askOn();
  asking.catch(() => undefined);
  return async () => {
    over.abort();
    await asking;
    await ask();
    return answers;
  };
}

test('COMPLETE is only said once every live agent has it on its disk', async () => {
  await set();
  await until('COMPLETE');
  const stop = watchDisks(['a', 'b', 'c']);
  for (let count = 0; count < 10; count += 1) {
    await set();
    if (count % 3 === 0) await until('COMPLETE');
  }
  await until('COMPLETE');
  const answers = await stop();
  const generations = answers.map((answer) => answer.generation);
  assert.deepEqual(
    generations,
    generations.toSorted((one, other) => one - other),
  );
});

test('an update while an agent hangs: the old wait is superseded, the new one names who blocks', async () => {
  agent('c').program.signal('SIGSTOP');
  await set();
  const request = { envs: [ENV], id: ID, generation };
  const old = system.aggregator.client.call('WaitForCompletion', request, { timeoutMs: 20_000 });
  const half = await system.completion(ENV, ID, ({ counts }) => counts?.done === 2);
  assert.equal(stateOf(half), 'PROGRESSING');
  assert.deepEqual(blockersOf(half), ['c OLD_GENERATION']);
  await set();
  assert.equal((await old).outcome, 'WAIT_OUTCOME_SUPERSEDED');
  const now = { envs: [ENV], id: ID, generation };
  const waited = await system.aggregator.client.call('WaitForCompletion', now, {
    timeoutMs: 1_000,
  });
  assert.equal(waited.outcome, 'WAIT_OUTCOME_TIMED_OUT');
  assert.deepEqual(waited.completions.map(blockersOf), [['c OLD_GENERATION']]);
});

test('a frozen agent is lost with its lease, and when it goes on it is no zombie', async () => {
  const lost = await until('COMPLETE_WITH_EXCEPTIONS');
  assert.deepEqual(blockersOf(lost), ['c LOST']);
  assert.deepEqual([lost.counts?.expected, lost.counts?.done, lost.counts?.lost], [3, 2, 1]);
  await set();
  await until('COMPLETE_WITH_EXCEPTIONS');
  const stop = watchDisks(['a', 'b']);
  agent('c').program.signal('SIGCONT');
  await until('COMPLETE');
  assert.equal(await has('c', generation), true);
  await stop();
});

test('an agent killed with -9 is named as lost, and counts again when it is back', async () => {
  await agent('b').program.kill();
  await set();
  const lost = await until('COMPLETE_WITH_EXCEPTIONS');
  assert.deepEqual(blockersOf(lost), ['b LOST']);
  assert.equal(lost.fullyExecuted, true);
  const { environment } = await system.aggregator.client.call('GetEnvironment', { env: ENV });
  assert.deepEqual([environment?.live, environment?.lost, environment?.lostAgents], [2, 1, ['b']]);
  await agent('b').restart();
  await until('COMPLETE');
  assert.equal(await has('b', generation), true);
});

test('an agent that leaves cleanly is expected no more', async () => {
  const exit = await agent('b').program.stop();
  assert.equal(exit.code, 0);
  const left = await system.completion(ENV, ID, ({ counts }) => counts?.expected === 2);
  assert.equal(stateOf(left), 'COMPLETE');
  assert.deepEqual(left.blockers, []);
  await set();
  await until('COMPLETE');
});

test('what is set while etcd hangs: the generation before is never called complete after it', async () => {
  const stop = watchDisks(['a', 'c']);
  system.etcd.signal('SIGSTOP');
  await set();
  const setAt = generation;
  const { completion: pending } = await system.aggregator.client.call('GetCompletion', {
    env: ENV,
    id: ID,
  });
  assert.ok(pending);
  assert.equal(pending.generation, setAt);
  assert.equal(pending.fullyExecuted, false);
  await system.completion(ENV, ID, (answer) => stateOf(answer) === 'UNKNOWN');
  system.etcd.signal('SIGCONT');
  await until('COMPLETE');
  const answers = await stop();
  const first = answers.findIndex((answer) => answer.generation === setAt);
  assert.ok(first >= 0);
  const since = answers.slice(first);
  assert.ok(since.every((answer) => answer.generation === setAt));
  const states = [...new Set(since.map(stateOf))];
  assert.equal(states.at(-1), 'COMPLETE', states.join(' '));
});
