// What callers and strangers in etcd send wrong: each is refused or ignored, the answer names the
// field, and nothing has changed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { status } from '@grpc/grpc-js';
import { RpcError } from '#libs/grpc';
import { openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { BadCall } from '#test/bad-calls';
import { BAD_INPUT, SECRET } from '#test/bad-input';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { rawCall, wireField } from '#test/raw-call';
import { openSystem, type System } from '#test/system';

const SOON = { timeoutMs: 10_000 };
const ROOT = join(import.meta.dirname, '../..');
const KEPT = '/ingress/ingress_config/1/kept';

let system: System;
before(async () => {
  system = await openSystem({ controllers: 1, agents: { '1': 1 } });
  await system.set('1', 'kept');
  await system.state('1', 'kept', 'COMPLETE');
  await system.mirrored();
});
after(async () => {
  await system[Symbol.asyncDispose]();
});

/** Everything that a refused call could have changed. */
async function everything(): Promise<object> {
  await using mysql = openMysql({ url: system.mysqlUrl }, { log: silentLog });
  const { db } = mysql;
  const etcd = await system.etcd.etcdctl(
    'get',
    '--prefix',
    '/ingress/ingress_config',
    '-w',
    'json',
  );
  return {
    configs: await db.selectFrom('ingress_config').selectAll().execute(),
    history: await db.selectFrom('ingress_config_generation').selectAll().execute(),
    answers: await db.selectFrom('request_log').select('request_id').execute(),
    environments: await db.selectFrom('environment').selectAll().execute(),
    members: await db.selectFrom('agent_member').selectAll().execute(),
    // Without the header, which tells the store's revision: heartbeats raise it.
    etcd: (JSON.parse(etcd) as { kvs: unknown }).kvs,
    files: await system.agent('1/agent-1').files(),
  };
}

/** Everything, once what was acknowledged has been applied, reported and recorded. */
async function atRest(): Promise<object> {
  let last = await everything();
  return await eventually(
    async () => {
      const now = await everything();
      const isSame = isDeepStrictEqual(now, last);
      last = now;
      return isSame && now;
    },
    { timeoutMs: 10_000, everyMs: 500, what: 'rest' },
  );
}

/** A client by its methods' names alone. */
interface Untyped {
  call(method: string, request: object): Promise<unknown>;
}

async function refused({ service, method, request, code, field }: BadCall): Promise<void> {
  const clients = { controller: system.controller, aggregator: system.aggregator.client };
  const client = clients[service] as unknown as Untyped;
  await assert.rejects(client.call(method, request), (error) => {
    assert(error instanceof RpcError, String(error));
    assert.equal(error.codeName, code, error.message);
    const fields = error.violations.map((violation) => violation.field);
    if (field !== '') assert(fields.includes(field), `${fields.join(', ')}: ${error.message}`);
    assert(!error.message.includes(SECRET));
    return true;
  });
}

for (const { row, calls } of BAD_INPUT) {
  test(`${row}: refused with the field, and nothing has changed`, async (t) => {
    const before = await everything();
    for (const call of calls) await t.test(call.what, async () => await refused(call));
    assert.deepEqual(await everything(), before);
  });
}

test('key material is in no log', async () => {
  for (const { program } of [...system.controllers, system.aggregator]) {
    const log = await readFile(program.logFile, 'utf8');
    assert(log.length > 0 && !log.includes(SECRET));
  }
});

test('a request id is for one request: another body is ALREADY_EXISTS, the same is its answer', async () => {
  const request = { env: '1', id: 'once', configJson: '{"a":1}', requestId: 'once' };
  const first = await system.controller.call('SetIngressConfig', request);
  const before = await atRest();
  const code = 'ALREADY_EXISTS';
  const others = [
    { ...request, configJson: '{"a":2}' },
    { ...request, id: 'other' },
  ];
  for (const other of others) {
    const what = 'another request';
    const method = 'SetIngressConfig';
    await refused({ what, service: 'controller', method, request: other, code, field: '' });
  }
  const again = await system.controller.call('SetIngressConfig', request);
  assert.equal(again.config?.generation, first.config?.generation);
  assert.deepEqual(await everything(), before);
});

test('page size 0 is 100, and above 1,000 it is 1,000', async () => {
  for (const pageSize of [0, 2 ** 31 - 1]) {
    const { configs } = await system.controller.call('ListIngressConfigs', { env: '1', pageSize });
    assert(configs.some(({ id }) => id === 'kept'));
    await system.aggregator.client.call('ListCompletions', { env: '1', pageSize });
  }
});

/** Bytes that no client of ours sends. */
function brokenRequests(): Record<string, { bytes: Buffer; field: string }> {
  const ref = Buffer.concat([wireField(1, '1'), wireField(2, 'bad')]);
  const config = (value: Buffer) =>
    wireField(3, wireField(1, Buffer.concat([wireField(1, 'a'), wireField(2, value)])));
  const text = Buffer.from('ok\xff', 'latin1');
  let deep = wireField(3, 'x');
  for (let level = 0; level < 20_000; level += 1) deep = wireField(6, wireField(1, deep));
  const label = Buffer.concat([wireField(1, 'l'), wireField(2, text)]);
  const json = wireField(4, '{"a":1}');
  return {
    'an env': {
      bytes: Buffer.concat([wireField(1, text), wireField(2, 'bad'), json]),
      field: 'env',
    },
    'an id': { bytes: Buffer.concat([wireField(1, '1'), wireField(2, text), json]), field: 'id' },
    'a config': { bytes: Buffer.concat([ref, config(wireField(3, text))]), field: 'config' },
    'a config text': { bytes: Buffer.concat([ref, wireField(4, text)]), field: 'config_json' },
    'a label': { bytes: Buffer.concat([ref, json, wireField(5, label)]), field: 'labels' },
    'a note': { bytes: Buffer.concat([ref, json, wireField(10, text)]), field: 'note' },
    'lists 20,000 deep': { bytes: Buffer.concat([ref, config(deep)]), field: 'request' },
    'no message': { bytes: Buffer.alloc(16, 0xff), field: 'request' },
  };
}

test('invalid UTF-8, bottomless messages and no messages are refused with the field', async (t) => {
  const before = await everything();
  const address = system.controllers[0]?.program.address ?? '';
  for (const [what, { bytes, field }] of Object.entries(brokenRequests())) {
    await t.test(what, async () => {
      const call = rawCall(address, '/rollcall.v1.Controller/SetIngressConfig', bytes);
      await assert.rejects(call, {
        code: status.INVALID_ARGUMENT,
        details: new RegExp(`${field}: `),
      });
    });
  }
  assert.deepEqual(await everything(), before);
});

const put = async (key: string, value: string) => await system.etcd.etcdctl('put', key, value);
const valueOf = async (key: string) =>
  (await system.etcd.etcdctl('get', key, '--print-value-only')).trimEnd();

test('foreign values of a config are ignored by its agent and overwritten by the next pass', async (t) => {
  const agent = system.agent('1/agent-1');
  const good = await valueOf(KEPT);
  const files = await agent.files();
  const foreign = {
    'no JSON': 'garbage',
    'a generation of 20 nines': good.replace(
      /"generation":"\d+"/,
      `"generation":"${'9'.repeat(20)}"`,
    ),
    'no generation': good.replace(/"generation":"\d+",/, ''),
    'another digest': good.replace(/"digest":"......../, '"digest":"00000000'),
    'other content': good.replace('kept.test', 'evil.test'),
    'one more field': good.replace('"config":', '"more":1,"config":'),
    '64 KiB': good.replace('kept.test', 'x'.repeat(65_536)),
  };
  for (const [what, value] of Object.entries(foreign)) {
    await t.test(what, async () => {
      assert.notEqual(value, good);
      await put(KEPT, value);
      const isCounted = async () => (await agent.client.call('GetAgent', {})).foreignCount === 1;
      await eventually(isCounted, { ...SOON, what: 'the count of foreign keys' });
      assert.deepEqual(await agent.files(), files);
      // A controller makes a pass when it starts.
      const { program } = await system.startController();
      await eventually(async () => (await valueOf(KEPT)) === good, { ...SOON, what: 'the repair' });
      await program.stop();
      const isRight = async () => (await agent.client.call('GetAgent', {})).foreignCount === 0;
      await eventually(isRight, { ...SOON, what: 'no foreign key' });
      assert.deepEqual(await agent.files(), files);
    });
  }
});

test('keys that are no config, and statuses of strangers, count for nothing', async () => {
  const agent = system.agent('1/agent-1');
  const own = '/ingress/ingress_config_status/1/kept/agent-1';
  const report = await valueOf(own);
  assert.match(report, /"phase":"APPLIED"/);
  const status = '/ingress/ingress_config_status/1/kept';
  const keys = {
    [`${KEPT}/deeper`]: await valueOf(KEPT),
    '/ingress/ingress_config/1/': await valueOf(KEPT),
    '/ingress/ingress_config/1': await valueOf(KEPT),
    [`${status}/stranger`]: report,
    [`${status}/agent-1/deeper`]: report,
    '/ingress/ingress_config_status/10/kept/agent-1': report,
    '/ingress/ingress_config_status/1/unknown/agent-1': report.replaceAll(/:1,/g, ':99,'),
  };
  for (const [key, value] of Object.entries(keys)) await put(key, value);
  const written = await system.set('1', 'kept', ingressOf('changed.test'));
  const complete = await system.state('1', 'kept', 'COMPLETE', written.generation);
  assert.deepEqual([complete.counts?.expected, complete.counts?.done], [1, 1]);
  assert.deepEqual([...(await agent.files()).keys()].toSorted(), ['kept', 'once']);
  // The agent's own status, without its lease or unreadable, is no report: its next one is.
  for (const [at, value] of [await valueOf(own), '{"applied":7}', 'garbage'].entries()) {
    await put(own, value);
    await system.completion('1', 'kept', ({ state }) => state === 'COMPLETION_STATE_PROGRESSING');
    const { generation } = await system.set('1', 'kept', ingressOf(`changed-${at}.test`));
    await system.state('1', 'kept', 'COMPLETE', generation);
  }
  for (const key of Object.keys(keys)) await system.etcd.etcdctl('del', key);
});

/** Rows that are shown where no whole system is needed. */
const ELSEWHERE = {
  'registration value garbage': [
    'test/e2e/edge-configs.test.ts',
    'foreign garbage in every prefix',
  ],
  'deadline missing or too long': [
    'libs/grpc/grpc.test.ts',
    'a call with a distant deadline, or none',
  ],
  'a value of 1 MB': ['test/integration/aggregator-rollout.test.ts', 'garbage under every prefix'],
  'file path from names': ['services/agent/drivers/drivers.test.ts', 'names that lead elsewhere'],
  'links in the place of files': [
    'services/agent/drivers/drivers.test.ts',
    'a link in the place of',
  ],
  'any message': ['test/e2e/fuzz.test.ts', 'answers whatever it is asked'],
  'any bytes in etcd': ['libs/keyspace/fuzz.test.ts', 'never throws'],
};

test('every row that is shown elsewhere is', () => {
  for (const [row, [file, name]] of Object.entries(ELSEWHERE)) {
    const isThere = readFileSync(join(ROOT, file ?? ''), 'utf8').includes(name ?? '');
    assert(isThere, `${row}: "${name}" in ${file}`);
  }
});
