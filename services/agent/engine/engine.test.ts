import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyValue, TxnResult } from '#libs/etcd';
import {
  agentKey,
  configKey,
  decodeStatus,
  digestOf,
  EPOCH_KEY,
  encodeConfig,
  PASS_KEY,
  READY_KEY,
  type StatusValue,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { contentHash, type Driver, DriverError } from '../drivers/driver.ts';
import type { Journal } from '../journal/journal.ts';
import { type JournalEntry, JournalMemory } from '../journal/journal-state.ts';
import { statusText } from '../status/status-source.ts';
import { EnvironmentView } from '../watch/environment-view.ts';
import { noteDrift } from './drift.ts';
import { Engine } from './engine.ts';

const author = { instance: 'i', epoch: 1 };

const keyValue = (key: string, value: string, modRevision = 1n): KeyValue => {
  const bytes = Buffer.from(value);
  return { key, value: bytes, createRevision: 1n, modRevision, lease: '0' };
};

function configValue(generation: number): string {
  const content = `{"g":${generation}}`;
  const digest = digestOf(content, 'APPLIED');
  const rest = {
    completionPolicy: 'APPLIED',
    labels: {},
    acceptedAt: '',
    traceparent: '',
  } as const;
  return encodeConfig({ generation, digest, content, ...rest });
}

/** A driver that takes notes, fails on demand and can be made to wait. */
class ScriptedDriver implements Driver {
  readonly name = 'scripted';
  readonly inForce = new Map<string, string>();
  readonly calls: string[] = [];
  readonly failures = new Map<string, DriverError>();
  gate: Promise<void> = Promise.resolve();

  async validate(): Promise<void> {
    await Promise.resolve();
  }

  async apply({ id, content, generation }: Parameters<Driver['apply']>[0]): Promise<void> {
    this.calls.push(`apply ${id} ${generation}`);
    await this.gate;
    const failure = this.failures.get(id);
    if (failure) throw failure;
    this.inForce.set(id, content);
  }

  async remove(id: string): Promise<void> {
    this.calls.push(`remove ${id}`);
    this.inForce.delete(id);
  }

  async verify() {
    return { level: 'APPLIED', method: 'test' } as const;
  }

  async *list() {
    for (const [id, content] of this.inForce) yield { id, hash: contentHash(content) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.inForce.clear();
  }
}

/** An engine over an etcd that is a map: what a test writes is seen at once by view and reads. */
function openEngine() {
  const etcd = new Map<string, string>([[agentKey('e', 'a'), '{}']]);
  const driver = new ScriptedDriver();
  const memory = new JournalMemory();
  const facts: string[] = [];
  const take = (entries: JournalEntry[]) => {
    for (const entry of entries) {
      facts.push(entry.t);
      memory.take(entry);
    }
  };
  const stop = new AbortController();
  const view: EnvironmentView = new EnvironmentView('e', 'a', {
    listed: () => engine.listed(),
    changed: (ids) => engine.changed(ids),
    metaChanged: () => engine.metaChanged(),
    registrationMissing: () => undefined,
  });
  const read = async (): Promise<TxnResult> => {
    const keys = [configKey('e', 'x'), tombstoneKey('e', 'x'), EPOCH_KEY, READY_KEY, PASS_KEY];
    const results = keys.map((key) => {
      const value = etcd.get(key);
      const kvs = value === undefined ? [] : [keyValue(key, value)];
      return { kind: 'range', kvs, count: kvs.length, more: false } as const;
    });
    return { succeeded: true, revision: 1n, results };
  };
  const journal: Journal = {
    state: memory,
    condition: 'intact',
    append: async (...entries) => take(entries),
    note: (...entries) => take(entries),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const clock = { now: () => 0, monotonicMs: () => 0 };
  /** Statuses of x as they were whenever they may have changed. */
  const reported: StatusValue[] = [];
  const report = (id: string) => {
    const text = statusText({ state: memory, active: engine.active }, id, author);
    const status = text && decodeStatus(Buffer.from(text));
    if (id === 'x' && status) reported.push(status);
  };
  const common = { view, journal, driver, report, clock, log: silentLog, random: () => 0 };
  const engine: Engine = new Engine({ ...common, env: 'e', kv: { txn: read } });
  const running = engine.run(stop.signal);
  return {
    engine,
    driver,
    journal,
    clock,
    memory,
    reported,
    facts,
    etcd,
    list: () => {
      const sink = view.begin();
      sink.page([...etcd].map(([key, value]) => keyValue(key, value)));
      sink.commit(1n);
    },
    /** Writes to etcd; the view sees it. */
    put: (key: string, value: string, modRevision = 1n) => {
      etcd.set(key, value);
      view.events([{ type: 'put', kv: keyValue(key, value, modRevision) }]);
    },
    remove: (key: string) => {
      etcd.delete(key);
      view.events([{ type: 'delete', key, modRevision: 1n }]);
    },
    ready: (epoch: number, pass: number) => {
      for (const key of [EPOCH_KEY, READY_KEY]) etcd.set(key, toFixed20(epoch));
      etcd.set(PASS_KEY, toFixed20(pass));
      const keys = [EPOCH_KEY, READY_KEY, PASS_KEY];
      view.events(
        keys.map((key) => ({ type: 'put', kv: keyValue(key, etcd.get(key) ?? '') }) as const),
      );
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
}

const x = configKey('e', 'x');
const tombstone = tombstoneKey('e', 'x');

test('applies only the newest of the generations that came while the driver was busy', async () => {
  await using place = openEngine();
  const { driver } = place;
  place.list();
  const busy = Promise.withResolvers<void>();
  driver.gate = busy.promise;
  place.put(x, configValue(1));
  await settled();
  for (const generation of [2, 3, 4]) place.put(x, configValue(generation));
  await settled();
  assert.equal(place.engine.phaseOf('x'), 'APPLYING');
  busy.resolve();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 1', 'apply x 4']);
  assert.equal(place.memory.configs.get('x')?.applied?.generation, 4);
});

test('the journal knows of a try before the driver, and of success after it', async () => {
  await using place = openEngine();
  place.list();
  place.put(x, configValue(1));
  await settled();
  assert.deepEqual(place.facts, ['try', 'applied']);
});

test('a config that fails holds no other up, and keeps its last-known-good', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(1));
  await settled();
  driver.failures.set('x', new DriverError('retry', 'ENOSPC', 'disk full'));
  place.put(x, configValue(2));
  place.put(configKey('e', 'y'), configValue(1));
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":1}');
  assert.equal(driver.inForce.get('y'), '{"g":1}');
  const record = memory.configs.get('x');
  assert.equal(record?.applied?.generation, 1);
  assert.deepEqual(
    [record?.attempt?.result, record?.attempt?.reason, record?.attempt?.final],
    ['failed', 'ENOSPC', false],
  );
});

test('a rejected generation is tried again neither by a list nor by drift', async () => {
  await using place = openEngine();
  const { driver } = place;
  driver.failures.set('x', new DriverError('rejected', 'BAD', 'cannot be rendered'));
  place.list();
  place.put(x, configValue(1));
  await settled();
  place.list();
  place.engine.repair();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 1']);
  driver.failures.clear();
  place.put(x, configValue(2));
  await settled();
  assert.equal(driver.inForce.get('x'), '{"g":2}');
});

test('nothing is absent before the first list', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(1));
  await settled();
  await using before = openEngine();
  for (const fact of memory.snapshot()) before.memory.take(fact);
  before.engine.changed(['x']);
  await settled();
  assert.equal(before.engine.held().length, 0);
  noteDrift(before, { drifted: new Map([['x', 'missing']]), reappeared: [] });
  before.engine.repair();
  await settled();
  assert.deepEqual(before.driver.calls, ['apply x 1']);
  assert.equal(driver.calls.length, 1);
});

test('a tombstone in the view alone is no evidence: etcd is asked', async () => {
  await using place = openEngine();
  const { driver, etcd } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  place.remove(x);
  etcd.set(x, configValue(9));
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.equal(driver.inForce.has('x'), true);
  etcd.delete(x);
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.equal(driver.inForce.has('x'), false);
  assert.deepEqual(place.memory.removed.get('x')?.generation, 5);
  assert.deepEqual(place.facts.slice(-2), ['removing', 'removed']);
});

test('a delete is acknowledged after the apply that it overtook, and without one at once', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  const opened = Promise.withResolvers<void>();
  driver.gate = opened.promise;
  place.put(x, configValue(3));
  await settled();
  place.remove(x);
  place.put(tombstone, toFixed20(5), 20n);
  await settled();
  assert.equal(memory.removed.has('x'), false);
  opened.resolve();
  await settled();
  assert.deepEqual(driver.calls, ['apply x 3', 'remove x']);
  assert.equal(memory.removed.get('x')?.generation, 5);
  place.put(tombstoneKey('e', 'y'), toFixed20(2), 21n);
  await settled();
  assert.equal(memory.removed.get('y')?.generation, 2);
});

test('passes that ended before the view saw the absence prove nothing', async () => {
  await using place = openEngine();
  const { driver, etcd } = place;
  place.ready(1, 1);
  place.list();
  place.put(x, configValue(3));
  await settled();
  // etcd is at pass 9 already; the view learns of the passes in between one by one.
  etcd.set(PASS_KEY, toFixed20(9));
  place.remove(x);
  await settled();
  for (const pass of [2, 3, 4, 9, 10]) {
    place.ready(1, pass);
    etcd.set(PASS_KEY, toFixed20(Math.max(9, pass)));
    await settled();
    assert.equal(driver.inForce.has('x'), true, `pass ${pass}`);
  }
  place.ready(1, 11);
  await settled();
  assert.equal(driver.inForce.has('x'), false);
});

test('a held journal holds even tombstones, until a list finds etcd READY', async () => {
  await using place = openEngine();
  const { driver, memory } = place;
  place.list();
  place.put(x, configValue(3));
  await settled();
  memory.take({ t: 'hold', held: true });
  place.remove(x);
  place.put(tombstone, toFixed20(5));
  await settled();
  assert.deepEqual(
    place.engine.held().map(({ id, reason }) => [id, reason]),
    [['x', 'JOURNAL']],
  );
  place.ready(1, 1);
  await settled();
  assert.equal(driver.inForce.has('x'), true);
  place.list();
  await settled();
  assert.equal(driver.inForce.has('x'), false);
  assert.equal(place.engine.held().length, 0);
});
