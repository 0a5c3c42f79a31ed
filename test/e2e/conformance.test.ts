// The same scenarios over gRPC, REST and the command line: the same answers, the same refusals. The
// command line prints the code of a refusal and its fields, but not its reason.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RpcError } from '#libs/grpc';
import { type GatewayPlace, openGateway, type RestAnswer } from '#test/gateway-place';
import { openSystem, type System } from '#test/system';

const BIN = join(import.meta.dirname, '../../services/cli/bin.mjs');

let system: System;
let gateway: GatewayPlace;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-conformance-'));
  system = await openSystem({ agents: { '1': 2 } });
  gateway = await openGateway(system);
});
after(async () => {
  await gateway[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** What every way of asking tells of a config. */
interface Facts {
  generation: number;
  digest: string;
  config: unknown;
}

/** What every way of asking tells of a refusal. */
interface Refusal {
  code: string;
  fields: string[];
  reason: string;
}

class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, said: string) {
    super(said);
    this.refusal = refusal;
  }
}

interface Way {
  set(id: string, config: object): Promise<void>;
  get(id: string): Promise<Facts>;
  /** Waits until it is in force, or gone. */
  settled(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

async function rpc<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    assert(error instanceof RpcError, String(error));
    const fields = error.violations.map(({ field }) => field);
    const { reason = '' } = error;
    throw new Refused({ code: error.codeName, fields, reason }, error.message);
  }
}

const grpc: Way = {
  set: async (id, config) => {
    const configJson = JSON.stringify(config);
    await rpc(system.controller.call('SetIngressConfig', { env: '1', id, configJson }));
  },
  get: async (id) => {
    const request = { env: '1', id, view: 'CONFIG_VIEW_JSON' as const };
    const { config } = await rpc(system.controller.call('GetIngressConfig', request));
    assert(config);
    const { generation, digest, configJson } = config;
    return { generation, digest, config: JSON.parse(configJson) as unknown };
  },
  settled: async (id) => {
    const { client } = system.aggregator;
    const request = { envs: ['1'], id, waitFor: await goalOf(id) };
    const { outcome } = await rpc(client.call('WaitForCompletion', request));
    assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  },
  remove: async (id) => {
    await rpc(system.controller.call('DeleteIngressConfig', { env: '1', id }));
  },
};

async function goalOf(id: string) {
  const request = { env: '1', id, showDeleted: true };
  const { config } = await system.controller.call('GetIngressConfig', request);
  return config?.deleted ? ('WAIT_FOR_DELETED' as const) : ('WAIT_FOR_COMPLETE' as const);
}

function accepted(answer: RestAnswer): RestAnswer['body'] {
  if (answer.status === 200) return answer.body;
  const { code, reason, violations = [], detail } = answer.body;
  const fields = (violations as { field: string }[]).map(({ field }) => field);
  throw new Refused({ code: String(code), fields, reason: String(reason) }, String(detail));
}

const at = (id: string) => `/v1/envs/1/configs/${id}`;
const rest: Way = {
  set: async (id, config) => {
    accepted(await gateway.call('PUT', at(id), { body: { config } }));
  },
  get: async (id) => {
    const { generation, digest, config } = accepted(await gateway.call('GET', at(id)));
    return { generation: Number(generation), digest: String(digest), config };
  },
  settled: async (id) => {
    const body = { envs: ['1'], id, waitFor: await goalOf(id) };
    const { outcome } = accepted(await gateway.call('POST', '/v1/completions:wait', { body }));
    assert.equal(outcome, 'WAIT_OUTCOME_DONE');
  },
  remove: async (id) => {
    accepted(await gateway.call('DELETE', at(id)));
  },
};

async function rollcall(...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    ROLLCALL_CONTROLLER: system.controllers.map(({ program }) => program.address).join(','),
    ROLLCALL_AGGREGATOR: system.aggregator.program.address,
  };
  return await new Promise((resolve, reject) => {
    execFile(BIN, args, { cwd: dir, env }, (error, stdout, stderr) => {
      if (error) reject(new Refused(refusalOf(stderr), stderr));
      else resolve(stdout);
    });
  });
}

function refusalOf(stderr: string): Refusal {
  const [, code = '', reason = code] = /\(([A-Z_]+)(?:, ([A-Z_]+))?\)\s*$/m.exec(stderr) ?? [];
  const fields = [...stderr.matchAll(/^\s+(?:.* )?(config\.[\w.[\]]+): /gm)].map(
    ([, field]) => field ?? '',
  );
  return { code, fields, reason };
}

const cli: Way = {
  set: async (id, config) => {
    const file = join(dir, `${id}.json`);
    await writeFile(file, JSON.stringify(config));
    await rollcall('apply', '-f', file, '--env', '1', '--id', id);
  },
  get: async (id) => {
    const facts = JSON.parse(await rollcall('get', `1/${id}`, '-o', 'json')) as Facts;
    return { generation: facts.generation, digest: facts.digest, config: facts.config };
  },
  settled: async (id) => {
    const goal = (await goalOf(id)) === 'WAIT_FOR_DELETED' ? ['--for', 'deleted'] : [];
    await rollcall('wait', `1/${id}`, ...goal);
  },
  remove: async (id) => {
    await rollcall('delete', `1/${id}`);
  },
};

const WAYS: Record<string, Way> = { grpc, rest, cli };

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Runs a scenario each way, on an id of its own; the answers must be those of gRPC. */
async function sameEachWay(name: string, scenario: (way: Way, id: string) => Promise<unknown>) {
  const expected = await scenario(grpc, `${name}.grpc`);
  for (const [way, does] of Object.entries(WAYS)) {
    if (does !== grpc) assert.deepEqual(await scenario(does, `${name}.${way}`), expected, way);
  }
  return expected;
}

test('set, read, set again, roll out, delete: the same answers each way', async () => {
  await sameEachWay('life', async (way, id) => {
    await way.set(id, { v: 1, text: 'ä', list: [1.5, null, true] });
    const first = await way.get(id);
    await way.set(id, { text: 'ä', list: [1.5, null, true], v: 1 });
    const same = await way.get(id);
    await way.set(id, { v: 2 });
    const second = await way.get(id);
    await way.settled(id);
    await way.remove(id);
    await way.settled(id);
    return { first, same, second };
  });
});

test('what is refused is refused with the same code each way, and the same reason and fields', async () => {
  const spec = { rules: [{ host: 'no host!' }] };
  const config = { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', spec };
  const scenarios: Record<string, (way: Way, id: string) => Promise<unknown>> = {
    'read.unknown': async (way, id) => await way.get(id),
    'remove.unknown': async (way, id) => {
      await way.remove(id);
    },
    'remove.twice': async (way, id) => {
      await way.set(id, { v: 1 });
      await way.remove(id);
      await way.remove(id);
    },
    invalid: async (way, id) => {
      await way.set(id, config);
    },
  };
  for (const [name, scenario] of Object.entries(scenarios)) {
    const expected = await refusal(scenario(grpc, `${name}.grpc`));
    assert.deepEqual(await refusal(scenario(rest, `${name}.rest`)), expected, name);
    assert.deepEqual(await refusal(scenario(cli, `${name}.cli`)), expected, name);
  }
});
