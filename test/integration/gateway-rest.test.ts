// The REST gateway as a process, in front of a real system.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type GatewayPlace, openGateway } from '#test/gateway-place';
import { openSystem, type System } from '#test/system';

let system: System;
let gateway: GatewayPlace;
before(async () => {
  system = await openSystem({ agents: { '1': 2 } });
  gateway = await openGateway(system);
});
after(async () => {
  await gateway[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
});

const at = (id: string) => `/v1/envs/1/configs/${id}`;
const fieldOf = (body: Record<string, unknown>, name: string) => body[name] as typeof body;

test('a config that is set is read, listed, rolled out and deleted', async () => {
  const config = { greeting: { text: 'hi', times: 3 } };
  const labels = { 'example.com/team': 'red' };
  const set = await gateway.call('PUT', `${at('rest.one')}?wait=20s`, { body: { config, labels } });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  const { generation } = fieldOf(set.body, 'config');
  assert.equal(set.headers.get('etag'), `"${String(generation)}"`);
  assert.equal(fieldOf(set.body, 'wait')['outcome'], 'WAIT_OUTCOME_DONE');
  const read = await gateway.call('GET', at('rest.one'));
  assert.deepEqual(read.body['config'], config);
  assert.equal(read.headers.get('etag'), `"${String(generation)}"`);
  const listed = await gateway.call(
    'GET',
    '/v1/envs/-/configs?labels.example.com/team=red&page_size=5&view=CONFIG_VIEW_BASIC',
  );
  assert.deepEqual(
    (listed.body['configs'] as { id: string }[]).map(({ id }) => id),
    ['rest.one'],
  );
  const state = await gateway.call('GET', `${at('rest.one')}/completion`);
  assert.equal(state.body['state'], 'COMPLETION_STATE_COMPLETE');
  const deleted = await gateway.call('DELETE', `${at('rest.one')}?wait=20s`);
  assert.equal(fieldOf(deleted.body, 'wait')['outcome'], 'WAIT_OUTCOME_DONE');
  const gone = await gateway.call('GET', at('rest.one'));
  assert.equal(gone.status, 404);
  assert.equal(gone.type, 'application/problem+json');
  assert.equal(gone.body['code'], 'NOT_FOUND');
});

test('an entity tag of another generation is answered with 412, and changes nothing', async () => {
  const body = { config: { v: 1 } };
  const first = await gateway.call('PUT', at('tagged'), {
    body,
    headers: { 'if-none-match': '*' },
  });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const etag = first.headers.get('etag') ?? '';
  const again = await gateway.call('PUT', at('tagged'), {
    body: { config: { v: 2 } },
    headers: { 'if-none-match': '*' },
  });
  assert.equal(again.status, 412);
  assert.equal(again.body['reason'], 'GENERATION_CONFLICT');
  const headers = { 'if-match': etag };
  const second = await gateway.call('PUT', at('tagged'), { body: { config: { v: 2 } }, headers });
  assert.equal(second.status, 200);
  assert.equal((await gateway.call('DELETE', at('tagged'), { headers })).status, 412);
  assert.equal(
    (await gateway.call('GET', at('tagged'))).headers.get('etag'),
    second.headers.get('etag'),
  );
});

test('what is wrong with a request is named field by field', async () => {
  const spec = { rules: [{ host: 'no host!' }] };
  const config = { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', spec };
  const bad = await gateway.call('PUT', at('bad'), { body: { config } });
  assert.equal(bad.status, 400);
  assert.equal(bad.body['reason'], 'INVALID_ARGUMENT');
  assert(Array.isArray(bad.body['violations']) && bad.body['violations'].length > 0);
  const cases: [string, string, string, unknown, number, string][] = [
    ['an unknown parameter', 'GET', `${at('a')}?colour=red`, undefined, 400, 'colour'],
    ['a path against the body', 'PUT', at('a'), { env: '2', config: {} }, 400, 'env'],
    ['an unknown field', 'PUT', at('a'), { colour: 'red' }, 400, 'colour'],
    ['a config that is no object', 'PUT', at('a'), { config: [1] }, 400, 'config'],
    [
      'a word that the enum does not have',
      'PUT',
      at('a'),
      { config: {}, completionPolicy: 'NOPE' },
      400,
      'completion_policy',
    ],
    ['a wait without an end', 'PUT', `${at('a')}?wait=1h`, { config: {} }, 400, 'wait'],
    [
      'a field of another type',
      'PUT',
      at('a'),
      { config: {}, validateOnly: 'no' },
      400,
      'validate_only',
    ],
  ];
  for (const [name, verb, path, body, status, field] of cases) {
    const answer = await gateway.call(verb, path, body === undefined ? {} : { body });
    assert.equal(answer.status, status, name);
    const violations = answer.body['violations'] as { field: string }[];
    assert.deepEqual(
      violations.map((each) => each.field),
      [field],
      `${name}: ${JSON.stringify(violations)}`,
    );
  }
});

test('a mask leaves of an answer what it names, and a path that is no field is named', async () => {
  const labels = { team: 'masked' };
  await gateway.call('PUT', `${at('masked')}?wait=20s`, { body: { config: { v: 1 }, labels } });
  const read = await gateway.call('GET', `${at('masked')}?read_mask=env,config`);
  assert.deepEqual(read.body, { env: '1', config: { v: 1 } });
  assert.equal(read.headers.get('etag'), null);
  const tagged = await gateway.call('GET', `${at('masked')}?readMask=generation`);
  assert.deepEqual([tagged.body, tagged.headers.get('etag')], [{ generation: '1' }, '"1"']);
  const everything = await gateway.call('GET', `${at('masked')}?read_mask=*`);
  assert.deepEqual(everything.body, (await gateway.call('GET', at('masked'))).body);
  const query = 'labels.team=masked&read_mask=id,publish_state';
  const listed = await gateway.call('GET', `/v1/envs/-/configs?${query}`);
  const found = { id: 'masked', publishState: 'PUBLISH_STATE_PUBLISHED' };
  assert.deepEqual(listed.body, { configs: [found] });
  const completion = `${at('masked')}/completion`;
  const state = await gateway.call('GET', `${completion}?read_mask=state,counts.done`);
  assert.deepEqual(state.body, { state: 'COMPLETION_STATE_COMPLETE', counts: { done: 2 } });

  const patch = async (updateMask: string) =>
    await gateway.call('PATCH', '/v1/envs/1', { body: { minAgents: 1, updateMask } });
  for (const mask of ['', '*', 'minAgents']) assert.equal((await patch(mask)).status, 200, mask);
  for (const [answer, said] of [
    [await gateway.call('GET', `${at('masked')}?read_mask=nope`), 'read_mask: "nope" is no field'],
    [await gateway.call('GET', `${completion}?read_mask=counts.x`), 'read_mask: "counts.x" is no'],
    [await gateway.call('GET', '/v1/envs/-/configs?read_mask=x'), 'read_mask: "x" is no field'],
    [await patch('maxAgents'), 'update_mask: "max_agents" is no field of Environment'],
    [await patch('liveAgents'), 'update_mask: "live_agents" cannot be changed'],
  ] as const) {
    assert.deepEqual([answer.status, answer.body['code']], [400, 'INVALID_ARGUMENT']);
    assert.ok(String(answer.body['detail']).startsWith(said), String(answer.body['detail']));
  }
});

test('what HTTP itself refuses is a problem too', async () => {
  const body = JSON.stringify({ config: { text: 'x'.repeat(600_000) } });
  const cases = [
    ['GET', '/v1/nothing', {}, 404, 'UNKNOWN_PATH'],
    ['POST', at('a'), {}, 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', at('a'), { body: '{' }, 400, 'BAD_JSON'],
    ['PUT', at('a'), { body: 'a', headers: { 'content-type': 'text/plain' } }, 415, 'MEDIA_TYPE'],
    ['PUT', at('a'), { body }, 413, 'BODY_TOO_LARGE'],
  ] as const;
  for (const [verb, path, options, status, reason] of cases) {
    const answer = await gateway.call(verb, path, options);
    assert.equal(answer.status, status, reason);
    assert.equal(answer.body['reason'], reason);
    assert.equal(answer.type, 'application/problem+json');
  }
});

test('it is ready while it is connected to a controller and an aggregator', async () => {
  assert.equal((await gateway.call('GET', '/healthz')).status, 200);
  assert.equal((await gateway.call('GET', '/readyz')).status, 200);
});

test('who calls is passed on to the history', async () => {
  const headers = { 'x-rollcall-actor': 'deploy-bot' };
  await gateway.call('PUT', at('acted'), { body: { config: { v: 1 } }, headers });
  const read = await gateway.call('GET', at('acted'));
  assert.equal(read.body['actor'], 'deploy-bot');
});
