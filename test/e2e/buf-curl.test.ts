// Every method of every service, as a person with a reflecting client calls it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openSystem, type System } from '#test/system';

const BUF = join(import.meta.dirname, '../../node_modules/.bin/buf');
const CALL_TIMEOUT_MS = 20_000;
/** For a lease to end. */
const LOST_TIMEOUT_MS = 30_000;
const OPTIONS = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge'];

let system: System;
let urls: Record<Service, string>;

before(async () => {
  const agents = { '1': ['a', 'b'] };
  system = await openSystem({ controllers: 1, agents });
  urls = {
    Controller: `http://${system.controllers[0]?.program.address}`,
    StatusAggregator: `http://${system.aggregator.program.address}`,
    Agent: `http://${system.agent('1/a').program.address}`,
  };
  await system.mirrored();
});
after(async () => await system[Symbol.asyncDispose]());

type Service = 'Controller' | 'StatusAggregator' | 'Agent';

interface Call {
  readonly on: Service;
  readonly method: string;
  /** What is sent; several messages for a method that takes a stream. */
  readonly send: object | readonly object[];
  /** Parts of what is printed, without spaces. A method that streams is left once it has printed all. */
  readonly prints: readonly string[];
  /** The method ends with this code. */
  readonly fails?: string;
  /** What has to happen first. */
  readonly first?: () => Promise<void>;
}

const web = { env: '1', id: 'web' };
const set = (value: number) => ({ ...web, configJson: `{"v":${value}}` });

/** In this order: what one call writes another one reads. */
const CALLS: readonly Call[] = [
  call('Controller', 'SetIngressConfig', set(1), '"generation":"1"', '"changed":true'),
  call('Controller', 'BatchSetIngressConfigs', { requests: [set(2)] }, '"generation":"2"'),
  call(
    'Controller',
    'StreamSetIngressConfigs',
    [
      { key: 'k1', request: set(3) },
      { key: 'k2', request: { env: '1', id: 'api', configJson: '{}' } },
    ],
    ...['"key":"k1"', '"key":"k2"', '"generation":"3"'],
  ),
  call('Controller', 'GetIngressConfig', web, '"generation":"3"', '{"v":3}'),
  call('Controller', 'ListIngressConfigs', { env: '1' }, '"id":"api"', '"id":"web"'),
  call('Controller', 'ListGenerations', web, '"generation":"1"', '"generation":"3"'),
  call('Controller', 'GetGeneration', { ...web, generation: 2 }, '{"v":2}'),
  call('Controller', 'DiffGenerations', { ...web, fromGeneration: 1, toGeneration: 3 }, '+', '-'),
  call('Controller', 'RollbackIngressConfig', { ...web, toGeneration: 1 }, '"generation":"4"'),
  call('Controller', 'WatchIngressConfigs', { env: '1' }, '"id":"web"', 'resumeToken'),
  call('Controller', 'ListEnvironments', {}, '"env":"1"'),
  call(
    'Controller',
    'UpdateEnvironment',
    { env: '1', minAgents: 1, updateMask: 'minAgents' },
    '"minAgents":1',
  ),
  call('Controller', 'ListAgents', { env: '1' }, '"name":"a"', '"name":"b"'),
  call('Controller', 'WatchAgents', { env: '1' }, '"name":"a"'),
  call('Controller', 'ListControllers', {}, '"name":"controller-1"'),
  call('Controller', 'GetControlPlane', {}, '"epoch"'),
  call('Controller', 'ResumeRemovals', { env: '1' }, '"changed":true'),
  call('Controller', 'RebaseGenerations', { validateOnly: true }, '"base"'),
  {
    ...call('Controller', 'ConfirmRowLoss', { liveRows: 2 }, 'nosafetystop'),
    fails: 'failed_precondition',
  },
  call(
    'StatusAggregator',
    'WaitForCompletion',
    { envs: ['1'], id: 'web', generation: 4 },
    'WAIT_OUTCOME_DONE',
  ),
  call('StatusAggregator', 'GetCompletion', web, 'STATE_COMPLETE', '"done":2'),
  call(
    'StatusAggregator',
    'QueryCompletions',
    [
      { key: 'q1', request: web },
      { key: 'q2', request: { env: '1', id: 'nothing' } },
    ],
    ...['"key":"q1"', 'STATE_COMPLETE', 'CONFIG_NOT_FOUND'],
  ),
  call('StatusAggregator', 'ListCompletions', { env: '1' }, '"id":"api"', '"id":"web"'),
  call('StatusAggregator', 'ListAgentStatuses', web, '"agent":"a"', '"agent":"b"'),
  call('StatusAggregator', 'WatchCompletions', { env: '1' }, 'SNAPSHOT_END', '"id":"web"'),
  call('StatusAggregator', 'ListReceipts', { env: '1' }, '"id":"web"'),
  call('StatusAggregator', 'GetReceipt', web, '"generation":"4"', '"members":2'),
  call('StatusAggregator', 'ListEvents', web, '"generation":"4"'),
  call('StatusAggregator', 'GetEnvironment', { env: '1' }, '"live":2'),
  call('StatusAggregator', 'ListEnvironments', {}, '"env":"1"'),
  call('Agent', 'GetAgent', {}, '"name":"a"'),
  call('Agent', 'ListAppliedConfigs', {}, '"id":"web"', 'AGENT_PHASE_APPLIED'),
  call('Agent', 'GetAppliedConfig', { id: 'web' }, '"generation":"4"'),
  call('Agent', 'Validate', { id: 'web', content: '{}' }, 'VERDICT_VALID'),
  call('Agent', 'WatchEvents', {}, 'TYPE_BEGIN'),
  call('Agent', 'Relist', {}, '"revision"'),
  call('Controller', 'DeleteIngressConfig', { env: '1', id: 'api' }, '"generation":"2"'),
  {
    ...call('Controller', 'DecommissionAgent', { env: '1', name: 'b' }, '"changed":true'),
    first: untilLost,
  },
];

function call(
  on: Service,
  method: string,
  send: object | readonly object[],
  ...prints: string[]
): Call {
  return { on, method, send, prints };
}

/** The agent b is killed, and its lease has ended. */
async function untilLost(): Promise<void> {
  await system.agent('1/b').program.kill();
  const until = performance.now() + LOST_TIMEOUT_MS;
  for (;;) {
    const { agents } = await system.controller.call('ListAgents', { env: '1' });
    if (agents.some(({ name, state }) => name === 'b' && state === 'AGENT_STATE_LOST')) return;
    assert(performance.now() < until, 'b is not lost');
    await delay(200);
  }
}

/** Starts it, and kills it once it has printed everything that is wanted. */
async function curl(
  args: readonly string[],
  { input = '', until = [] }: { input?: string; until?: readonly string[] } = {},
) {
  // A group of its own: what npm installs as buf only starts the real one.
  const child = spawn(BUF, [...OPTIONS, ...args], { detached: true });
  let isKilled = false;
  const kill = () => {
    if (!isKilled) process.kill(-(child.pid ?? 0));
    isKilled = true;
  };
  const timer = setTimeout(kill, CALL_TIMEOUT_MS);
  const error = text(child.stderr);
  child.stdin.end(input);
  child.stdout.setEncoding('utf8');
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk).replaceAll(/\s/g, '');
    if (until.length > 0 && until.every((part) => printed.includes(part))) kill();
  }
  clearTimeout(timer);
  return { printed, error: (await error).replaceAll(/\s/g, '') };
}

for (const { on, method, send, prints, fails, first } of CALLS) {
  test(`${on}.${method} is called`, async () => {
    await first?.();
    const path = `${urls[on]}/rollcall.v1.${on}/${method}`;
    const input = [send]
      .flat()
      .map((message) => JSON.stringify(message))
      .join('\n');
    const until = method.startsWith('Watch') ? prints : [];
    const { printed, error } = await curl(['--data', '@-', path], { input, until });
    const told = fails === undefined ? printed : error;
    if (fails !== undefined) assert(error.includes(`"code":"${fails}"`), error);
    for (const part of prints) assert(told.includes(part), `${part} is not in ${told}${error}`);
  });
}

test('health is told to a reflecting client', async () => {
  for (const url of Object.values(urls)) {
    const { printed } = await curl([`${url}/grpc.health.v1.Health/Check`]);
    assert.equal(printed, '{"status":"SERVING"}');
  }
});

test('no method was left out', async () => {
  const called = new Set(CALLS.map(({ on, method }) => `rollcall.v1.${on}/${method}`));
  for (const url of Object.values(urls)) {
    const child = spawn(BUF, [...OPTIONS, '--list-methods', url], { timeout: CALL_TIMEOUT_MS });
    const listed = (await text(child.stdout)).split('\n').filter((line) => line !== '');
    assert(listed.length > 5, listed.join());
    const others = listed.filter((name) => name.startsWith('rollcall.') && !called.delete(name));
    assert.deepEqual(others, []);
  }
  assert.deepEqual([...called], []);
});
