// What a person with grpcurl sees; `buf curl` speaks the same protocols.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem } from '#test/system';

const BUF = join(import.meta.dirname, '../../node_modules/.bin/buf');
const run = promisify(execFile);

async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run(BUF, [
    'curl',
    '--protocol',
    'grpc',
    '--http2-prior-knowledge',
    ...args,
  ]);
  return stdout;
}

test('a reflecting client lists, describes and calls all three services', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  const controller = `http://${system.controllers[0]?.program.address}`;
  const aggregator = `http://${system.aggregator.program.address}`;
  const agent = `http://${system.agent('1/agent-1').program.address}`;

  const expected: [string, string][] = [
    [controller, 'rollcall.v1.Controller/SetIngressConfig'],
    [aggregator, 'rollcall.v1.StatusAggregator/GetCompletion'],
    [agent, 'rollcall.v1.Agent/GetAgent'],
    [agent, 'rollcall.v1.Agent/GetAppliedConfig'],
    [agent, 'rollcall.v1.Agent/Validate'],
    [agent, 'rollcall.v1.Agent/WatchEvents'],
  ];
  for (const [url, method] of expected) {
    assert.match(await curl('--list-methods', url), new RegExp(method.replaceAll('.', '\\.')));
  }

  const set = JSON.parse(
    await curl(
      '--data',
      JSON.stringify({ env: '1', id: 'web', config: ingressOf('a.test'), labels: { team: 'x' } }),
      `${controller}/rollcall.v1.Controller/SetIngressConfig`,
    ),
  ) as { config: { generation: string; publishState: string } };
  assert.equal(set.config.generation, '1');
  assert.equal(set.config.publishState, 'PUBLISH_STATE_PUBLISHED');

  const waited = JSON.parse(
    await curl(
      ...['--data', '{"envs":["1"],"id":"web","generation":1}'],
      `${aggregator}/rollcall.v1.StatusAggregator/WaitForCompletion`,
    ),
  ) as { outcome: string };
  assert.equal(waited.outcome, 'WAIT_OUTCOME_DONE');

  const got = JSON.parse(
    await curl(
      ...['--data', '{"env":"1","id":"web"}'],
      `${controller}/rollcall.v1.Controller/GetIngressConfig`,
    ),
  ) as { config: { config: object } };
  assert.deepEqual(got.config.config, ingressOf('a.test'));

  const applied = JSON.parse(
    await curl('--data', '{}', `${agent}/rollcall.v1.Agent/ListAppliedConfigs`),
  ) as { configs: { id: string; phase: string }[] };
  assert.deepEqual(
    applied.configs.map(({ id, phase }) => [id, phase]),
    [['web', 'AGENT_PHASE_APPLIED']],
  );
});

test('a reflecting client asks agents, itself and through a controller, and watches one', async () => {
  await using system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  const controller = `http://${system.controllers[0]?.program.address}`;
  const agent = `http://${system.agent('1/agent-1').program.address}`;
  const asked = { env: '1', id: 'web', configJson: '{}', validateOnly: true, askAgents: true };
  const set = `${controller}/rollcall.v1.Controller/SetIngressConfig`;
  const { agents } = JSON.parse(await curl('--data', JSON.stringify(asked), set));
  assert.deepEqual(agents, {
    verdicts: [{ agent: 'agent-1', verdict: 'VERDICT_VALID' }],
    liveAgents: 1,
  });
  const question = ['--data', '{"id":"web","content":"{}"}'];
  const answer = await curl(...question, `${agent}/rollcall.v1.Agent/Validate`);
  assert.deepEqual(JSON.parse(answer), { verdict: 'VERDICT_VALID' });

  const options = ['--protocol', 'grpc', '--http2-prior-knowledge', '--data', '{}'];
  const url = `${agent}/rollcall.v1.Agent/WatchEvents`;
  // It ends with the agent, which tells it so.
  const watching = spawn(BUF, ['curl', ...options, url], { stdio: ['ignore', 'pipe', 'ignore'] });
  watching.stdout.setEncoding('utf8');
  let told = '';
  watching.stdout.on('data', (text: string) => {
    told += text;
  });
  const tells = (type: string) =>
    eventually(async () => told.includes(type), { timeoutMs: 10_000 });
  await tells('TYPE_BEGIN');
  await system.set('1', 'web');
  await tells('TYPE_APPLIED');
});

test('a bad request shows which fields are wrong and why', async () => {
  await using system = await openSystem({ controllers: 1 });
  const url = `http://${system.controllers[0]?.program.address}/rollcall.v1.Controller/SetIngressConfig`;
  const bad = ingressOf('bad host;');
  await assert.rejects(
    curl('--data', JSON.stringify({ env: 'Env1', id: 'web', config: bad }), url),
    (error) => {
      const { stderr } = error as { stderr: string };
      const { code, message, details } = JSON.parse(stderr) as {
        code: string;
        message: string;
        details: { type: string; value: string }[];
      };
      assert.equal(code, 'invalid_argument');
      const bytes = details.find(({ type }) => type === 'google.rpc.BadRequest')?.value ?? '';
      for (const field of ['env', 'config.spec.rules[0].host']) {
        assert(message.includes(`${field}: must be`), message);
        assert(Buffer.from(bytes, 'base64').toString('latin1').includes(field), field);
      }
      return true;
    },
  );
});
