// Whatever a caller sends: every method answers in time with a status that says whose fault it is, no
// process ends, and what was there before is there after.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { RpcError } from '#libs/grpc';
import { type ArbitraryMethod, methodsOf } from '#test/arbitrary-message';
import { openSystem, type System } from '#test/system';

/** Requests to each method. */
const RUNS = 60;
/** Waits and streams would go on for longer. */
const PATIENCE_MS = 1_000;
/** Statuses that no request may cause. */
const NEVER = new Set(['INTERNAL', 'UNKNOWN', 'UNIMPLEMENTED', 'DATA_LOSS']);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123);

let system: System;
before(async () => {
  system = await openSystem({ agents: { '1': 1 } });
  await system.set('1', 'site');
  await system.state('1', 'site', 'COMPLETE');
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

/** A client by its methods' names alone. */
interface Untyped {
  call(method: string, request: object, options: object): Promise<unknown>;
  stream(method: string, request: object, options: object): AsyncIterable<unknown>;
  exchange(method: string, requests: Iterable<object>, options: object): AsyncIterable<unknown>;
}

function clientOf(service: string): Untyped {
  const clients: Record<string, unknown> = {
    Controller: system.controller,
    StatusAggregator: system.aggregator.client,
    Agent: system.agent('1/agent-1').client,
  };
  return clients[service] as Untyped;
}

type Method = Omit<ArbitraryMethod, 'request'>;

async function answerOf(service: string, { name, ...method }: Method, request: object) {
  const client = clientOf(service);
  try {
    if (!method.isStream) return await client.call(name, request, { timeoutMs: PATIENCE_MS });
    const answers = method.takesStream
      ? client.exchange(name, [request], { timeoutMs: 200 })
      : client.stream(name, request, { timeoutMs: 200 });
    for await (const _ of answers) break;
    return undefined;
  } catch (error) {
    assert.ok(error instanceof RpcError, String(error));
    assert.ok(!NEVER.has(error.codeName), `${error.codeName}: ${error.message}`);
    if (error.codeName === 'INVALID_ARGUMENT') {
      assert.ok(error.violations.length > 0, `no field is named: ${error.message}`);
      for (const { field, description } of error.violations) {
        assert.ok(field !== '' && description !== '', error.message);
      }
    }
    return undefined;
  }
}

for (const service of ['Controller', 'StatusAggregator', 'Agent']) {
  for (const { request, ...method } of methodsOf(service)) {
    test(`${service}.${method.name} answers whatever it is asked`, async () => {
      const property = fc.asyncProperty(request, async (random) => {
        await answerOf(service, method, random);
      });
      await fc.assert(property, { numRuns: RUNS, seed });
    });
  }
}

test('after all of it the system is as it was', async () => {
  for (const { program } of system.controllers) assert.equal(program.hasExited(), false);
  assert.equal(system.aggregator.program.hasExited(), false);
  const agent = system.agent('1/agent-1');
  assert.equal(agent.program.hasExited(), false);
  // The one setting that a random request may have changed here.
  await system.controller.call('UpdateEnvironment', { env: '1', minAgents: 1 });
  await system.set('1', 'last');
  await system.state('1', 'last', 'COMPLETE');
  assert.match((await agent.files()).get('last') ?? '', /last\.test/);
});
