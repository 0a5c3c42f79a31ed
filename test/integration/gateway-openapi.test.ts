// What the gateway says of itself, and a client that knows nothing else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type GatewayPlace, openGateway, type RestAnswer } from '#test/gateway-place';
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

interface Operation {
  operationId: string;
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean }[];
  requestBody?: object;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** Calls an operation by its id with named values; where each belongs is in the document. */
async function invoke(
  { paths }: Document,
  operationId: string,
  values: Record<string, string>,
  body?: object,
): Promise<RestAnswer> {
  for (const [template, item] of Object.entries(paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      if (operation.operationId !== operationId) continue;
      let path = template;
      const query = new URLSearchParams();
      const headers: Record<string, string> = {};
      for (const { name, in: where, required } of operation.parameters) {
        const value = values[name];
        assert(value !== undefined || !required, `${operationId} needs ${name}`);
        if (value === undefined) continue;
        if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
        if (where === 'query') query.set(name, value);
        if (where === 'header') headers[name] = value;
      }
      assert.equal(body !== undefined, operation.requestBody !== undefined);
      return await gateway.call(verb.toUpperCase(), `${path}?${String(query)}`, {
        headers,
        ...(body && { body }),
      });
    }
  }
  throw new Error(`the document has no operation ${operationId}`);
}

const openApi = async () => (await gateway.call('GET', '/openapi.json')).body;

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(await openApi());
  assert(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
});

test('a client that knows only the document sets, waits and deletes', async () => {
  const document = (await openApi()) as unknown as Document;
  const target = { env: '1', id: 'generic' };
  const body = { config: { v: 1 } };
  const set = await invoke(document, 'Controller_SetIngressConfig', target, body);
  assert.equal(set.status, 200, JSON.stringify(set.body));
  const etag = set.headers.get('etag') ?? '';
  const wait = await invoke(
    document,
    'StatusAggregator_WaitForCompletion',
    {},
    {
      ...{ envs: ['1'], id: 'generic' },
      after: (set.body['config'] as { after: object }).after,
    },
  );
  assert.equal(wait.body['outcome'], 'WAIT_OUTCOME_DONE', JSON.stringify(wait.body));
  const values = { ...target, 'If-Match': etag, wait: '20s' };
  const deleted = await invoke(document, 'Controller_DeleteIngressConfig', values);
  assert.equal(deleted.status, 200, JSON.stringify(deleted.body));
  assert.equal((deleted.body['wait'] as { outcome: string }).outcome, 'WAIT_OUTCOME_DONE');
});

test('the page needs nothing from elsewhere', async () => {
  const response = await fetch(`${gateway.url}/docs`);
  const html = await response.text();
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.doesNotMatch(html, /<script|src=|https?:/);
  assert.match(html, /\/v1\/envs\/\{env\}\/configs\/\{id\}/);
});
