import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { bindAgent, type CallContext, openServer } from '#libs/grpc';
import { silentLog } from '#libs/telemetry';
import type { ValidateResponseInput } from '#proto';
import type { AgentView } from '../membership/roster-state.ts';
import { AgentQuestions } from './agent-questions.ts';

const asked = { env: '1', id: 'web', content: '{}' };

/** Many agents behind one address; `answer` is what each says. */
async function openAgents(count: number, answer: () => Promise<ValidateResponseInput>) {
  const unused = async () => await Promise.reject(new Error('nobody asks for this'));
  const server = await openServer({
    listen: '127.0.0.1:0',
    services: [
      bindAgent({
        ...{ GetAgent: unused, ListAppliedConfigs: unused, GetAppliedConfig: unused },
        ...{ Validate: answer, Relist: unused },
        async *WatchEvents() {
          yield await unused();
        },
      }),
    ],
    graceMs: 0,
    log: silentLog,
  });
  const port = Number(server.address.split(':').at(-1));
  const registration = {
    ...{ name: '', env_uuid: '', ip: '127.0.0.1', grpc_port: port, instance: '', version: '' },
    ...{ driver: '', started_at: '', synced: null },
  };
  const agents = Array.from({ length: count }, (_, index): AgentView => {
    const name = `agent-${index}`;
    return { env: '1', name, live: true, registration: { ...registration, name } };
  });
  const view = { isCurrent: true, agents: () => agents };
  const questions = new AgentQuestions({ view, tls: undefined, random: Math.random });
  return { questions, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function contextFor(deadlineMs: number): CallContext {
  const end = performance.now() + deadlineMs;
  return {
    signal: new AbortController().signal,
    remainingMs: () => Math.max(0, end - performance.now()),
    ...{ actor: 'test', peer: '', metadata: new Metadata(), traceparent: '' },
  };
}

test('of many agents a choice is asked, a bounded number at once, and the answer says so', async () => {
  let underWay = 0;
  let mostUnderWay = 0;
  await using place = await openAgents(300, async () => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return { verdict: 'VERDICT_VALID' };
  });
  const { verdicts = [], liveAgents } = await place.questions.ask(asked, contextFor(30_000));
  assert.deepEqual([verdicts?.length, liveAgents], [200, 300]);
  assert.ok(verdicts?.every(({ verdict }) => verdict === 'VERDICT_VALID'));
  assert.ok(mostUnderWay > 1 && mostUnderWay <= 64, `${mostUnderWay} at once`);
});

test('the answer comes in time when agents say nothing, and none of them counts as a yes', async () => {
  await using place = await openAgents(100, () => new Promise(() => undefined));
  const began = performance.now();
  const { verdicts = [] } = await place.questions.ask(asked, contextFor(1_000));
  // Two rounds of the time-out of one agent would take ten seconds.
  assert.ok(performance.now() - began < 5_000);
  assert.equal(verdicts?.length, 100);
  const silent = verdicts?.filter(({ reason }) => reason === 'DEADLINE_EXCEEDED').length ?? 0;
  const late = verdicts?.filter(({ reason }) => reason === 'NOT_ASKED').length ?? 0;
  assert.equal(silent + late, 100);
  assert.ok(silent >= 64 && late > 0, `${silent} were asked`);
  assert.ok(verdicts?.every(({ verdict }) => verdict === 'VERDICT_UNANSWERED'));
});

test('a verdict that is not known here is no yes', async () => {
  await using place = await openAgents(1, async () => ({ verdict: 'VERDICT_UNSPECIFIED' }));
  const { verdicts } = await place.questions.ask(asked, contextFor(10_000));
  assert.equal(verdicts?.[0]?.verdict, 'VERDICT_UNCERTAIN');
});

test('a fifth call that asks at the same time is refused, and one after them is not', async () => {
  const opened = Promise.withResolvers<ValidateResponseInput>();
  await using place = await openAgents(1, () => opened.promise);
  const ask = () => place.questions.ask(asked, contextFor(10_000));
  const calls = Array.from({ length: 4 }, ask);
  await assert.rejects(ask(), { reason: 'ASKING_AGENTS' });
  opened.resolve({ verdict: 'VERDICT_VALID' });
  await Promise.all(calls);
  assert.equal((await ask()).verdicts?.length, 1);
});
