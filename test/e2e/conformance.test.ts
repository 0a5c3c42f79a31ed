// The same scenarios over gRPC, REST and the command line: the same answers, the same refusals.

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

/** What every way of asking tells of a generation. */
interface Past {
  generation: number;
  digest: string;
  deleted: boolean;
  note: string;
}

/** Where a config stands. */
interface Standing {
  state: string;
  generation: number;
  done: number;
}

interface Rollback {
  to: number;
  /** The generation that must be the current one. */
  expect?: number;
}

interface Way {
  /** `expect`: the generation that must be the current one; 0: none may be. */
  set(id: string, config: object, expect?: number): Promise<void>;
  get(id: string): Promise<Facts>;
  /** Waits until it is in force, or gone. */
  settled(id: string): Promise<void>;
  remove(id: string, expect?: number): Promise<void>;
  standing(id: string): Promise<Standing>;
  history(id: string): Promise<Past[]>;
  /** As unified text. */
  diff(id: string, from: number, to: number): Promise<string>;
  rollback(id: string, options: Rollback): Promise<void>;
  /** Ids of the configs whose id contains the text. */
  find(text: string): Promise<string[]>;
  decommission(agent: string): Promise<void>;
}

/** The part of an answer that every way shows. */
function pastOf({ generation, digest, deleted, note }: Record<keyof Past, unknown>): Past {
  const common = { digest: String(digest), deleted: Boolean(deleted), note: String(note) };
  return { generation: Number(generation), ...common };
}

function standingOf(
  { state, generation }: Record<'state' | 'generation', unknown>,
  done: unknown,
): Standing {
  const name = String(state).replace('COMPLETION_STATE_', '');
  return { state: name, generation: Number(generation), done: Number(done) };
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
  set: async (id, config, expect) => {
    const request = { env: '1', id, configJson: JSON.stringify(config), ...expected(expect) };
    await rpc(system.controller.call('SetIngressConfig', request));
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
  remove: async (id, expect) => {
    const request = { env: '1', id, ...expected(expect) };
    await rpc(system.controller.call('DeleteIngressConfig', request));
  },
  standing: async (id) => {
    const { client } = system.aggregator;
    const { completion } = await rpc(client.call('GetCompletion', { env: '1', id }));
    assert(completion);
    return standingOf(completion, completion.counts?.done);
  },
  history: async (id) => {
    const request = { env: '1', id };
    const { generations } = await rpc(system.controller.call('ListGenerations', request));
    return generations.map(pastOf);
  },
  diff: async (id, fromGeneration, toGeneration) => {
    const request = { env: '1', id, fromGeneration, toGeneration };
    return (await rpc(system.controller.call('DiffGenerations', request))).unified;
  },
  rollback: async (id, { to, expect }) => {
    const request = { env: '1', id, toGeneration: to, ...expected(expect) };
    await rpc(system.controller.call('RollbackIngressConfig', request));
  },
  find: async (text) => {
    const request = { env: '1', text };
    const { configs } = await rpc(system.controller.call('ListIngressConfigs', request));
    return configs.map(({ id }) => id);
  },
  decommission: async (name) => {
    await rpc(system.controller.call('DecommissionAgent', { env: '1', name }));
  },
};

function expected(generation: number | undefined) {
  return generation === undefined ? {} : { expectedGeneration: generation };
}

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

function headers(expect: number | undefined): Record<string, string> {
  if (expect === undefined) return {};
  return expect === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${expect}"` };
}

const at = (id: string) => `/v1/envs/1/configs/${id}`;
const rest: Way = {
  set: async (id, config, expect) => {
    accepted(await gateway.call('PUT', at(id), { body: { config }, headers: headers(expect) }));
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
  remove: async (id, expect) => {
    accepted(await gateway.call('DELETE', at(id), { headers: headers(expect) }));
  },
  standing: async (id) => {
    const { state, generation, counts } = accepted(
      await gateway.call('GET', `${at(id)}/completion`),
    );
    return standingOf({ state, generation }, (counts as { done: number }).done);
  },
  history: async (id) => {
    const { generations } = accepted(await gateway.call('GET', `${at(id)}/generations`));
    return (generations as Record<keyof Past, unknown>[]).map(pastOf);
  },
  diff: async (id, from, to) => {
    const query = `from_generation=${from}&to_generation=${to}`;
    return String(accepted(await gateway.call('GET', `${at(id)}:diff?${query}`))['unified']);
  },
  rollback: async (id, { to, expect }) => {
    const options = { body: { toGeneration: to }, headers: headers(expect) };
    accepted(await gateway.call('POST', `${at(id)}:rollback`, options));
  },
  find: async (text) => {
    const { configs } = accepted(await gateway.call('GET', `/v1/envs/1/configs?text=${text}`));
    return (configs as { id: string }[]).map(({ id }) => id);
  },
  decommission: async (name) => {
    accepted(await gateway.call('POST', `/v1/envs/1/agents/${name}:decommission`));
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

/** What a command prints for programs. */
async function printed<T>(...args: string[]): Promise<T> {
  return JSON.parse(await rollcall(...args, '-o', 'json')) as T;
}

function flags(expect: number | undefined): string[] {
  return expect === undefined ? [] : ['--expect', String(expect)];
}

interface CliCompletion {
  state: string;
  generation: number;
  counts: { done: number };
}

const cli: Way = {
  set: async (id, config, expect) => {
    const file = join(dir, `${id}.json`);
    await writeFile(file, JSON.stringify(config));
    await rollcall('apply', '-f', file, '--env', '1', '--id', id, ...flags(expect));
  },
  get: async (id) => {
    const facts = JSON.parse(await rollcall('get', `1/${id}`, '-o', 'json')) as Facts;
    return { generation: facts.generation, digest: facts.digest, config: facts.config };
  },
  settled: async (id) => {
    const goal = (await goalOf(id)) === 'WAIT_FOR_DELETED' ? ['--for', 'deleted'] : [];
    await rollcall('wait', `1/${id}`, ...goal);
  },
  remove: async (id, expect) => {
    await rollcall('delete', `1/${id}`, ...flags(expect));
  },
  standing: async (id) => {
    const { items } = await printed<{ items: CliCompletion[] }>('status', `1/${id}`);
    assert(items[0]);
    return standingOf(items[0], items[0].counts.done);
  },
  history: async (id) => {
    const { items } = await printed<{ items: Past[] }>('history', `1/${id}`);
    return items.map(pastOf);
  },
  diff: async (id, from, to) =>
    await rollcall('diff', `1/${id}`, '--from', String(from), '--to', String(to)),
  rollback: async (id, { to, expect }) => {
    await rollcall('rollback', `1/${id}`, '--to', String(to), ...flags(expect));
  },
  find: async (text) => {
    const { items } = await printed<{ items: { id: string }[] }>(
      'list',
      '--env',
      '1',
      '--text',
      text,
    );
    return items.map(({ id }) => id);
  },
  decommission: async (name) => {
    await rollcall('decommission', `1/${name}`);
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

test('set, read, set again on a condition, roll out, delete: the same answers each way', async () => {
  await sameEachWay('life', async (way, id) => {
    await way.set(id, { v: 1, text: 'ä', list: [1.5, null, true] });
    const first = await way.get(id);
    await way.set(id, { text: 'ä', list: [1.5, null, true], v: 1 });
    const same = await way.get(id);
    await way.set(id, { v: 2 }, 1);
    const second = await way.get(id);
    await way.settled(id);
    await way.remove(id, 2);
    await way.settled(id);
    return { first, same, second };
  });
});

// What only leads up to the calls in question goes over gRPC, which is fast.
test('the past of a config, and the way back to it: the same answers each way', async () => {
  const told = await sameEachWay('past', async (way, id) => {
    await grpc.set(id, { v: 1 });
    await grpc.set(id, { v: 2 });
    const diff = await way.diff(id, 1, 2);
    await way.rollback(id, { to: 1, expect: 2 });
    await grpc.settled(id);
    const standing = await way.standing(id);
    const { digest } = await grpc.get(id);
    await grpc.remove(id);
    await way.rollback(id, { to: 2 });
    const history = await way.history(id);
    assert.deepEqual(await way.find(id), [id]);
    return { diff: diff.replaceAll(id, 'ID'), standing, digest, history };
  });
  const { diff, standing, history } = told as { diff: string; standing: object; history: Past[] };
  assert.match(diff, /^-.*v: 1\n\+.*v: 2$/m);
  assert.deepEqual(standing, { state: 'COMPLETE', generation: 3, done: 2 });
  const generations = history.map(({ generation, deleted }) => [generation, deleted]);
  assert.deepEqual(generations, [
    [5, false],
    [4, true],
    [3, false],
    [2, false],
    [1, false],
  ]);
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
      await grpc.set(id, { v: 1 });
      await grpc.remove(id);
      await way.remove(id);
    },
    invalid: async (way, id) => {
      await way.set(id, config);
    },
    'set.conflict': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await way.set(id, { v: 2 }, 7);
    },
    'set.exists': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await way.set(id, { v: 2 }, 0);
    },
    'remove.conflict': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await way.remove(id, 7);
    },
    'standing.unknown': async (way, id) => await way.standing(id),
    'history.unknown': async (way, id) => await way.history(id),
    'diff.unknown': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await way.diff(id, 1, 7);
    },
    'rollback.unknown': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await way.rollback(id, { to: 7 });
    },
    'rollback.conflict': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await grpc.set(id, { v: 2 });
      await way.rollback(id, { to: 1, expect: 1 });
    },
    'rollback.to.delete': async (way, id) => {
      await grpc.set(id, { v: 1 });
      await grpc.remove(id);
      await way.rollback(id, { to: 2 });
    },
    'decommission.live': async (way) => {
      await way.decommission('agent-1');
    },
    'decommission.unknown': async (way) => {
      await way.decommission('nobody');
    },
  };
  for (const [name, scenario] of Object.entries(scenarios)) {
    const expected = await refusal(scenario(grpc, `${name}.grpc`));
    assert.notEqual(expected.reason, '', name);
    assert.deepEqual(await refusal(scenario(rest, `${name}.rest`)), expected, name);
    assert.deepEqual(await refusal(scenario(cli, `${name}.cli`)), expected, name);
  }
});
