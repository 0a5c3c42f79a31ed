// Every decoder, given what was encoded, what was damaged, and anything at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import {
  type AgentRegistration,
  agentKey,
  aggregatorKey,
  COUNTER_MAX,
  type ConfigValue,
  canonicalJson,
  configKey,
  controllerKey,
  decodeAgentRegistration,
  decodeConfig,
  decodeRoster,
  decodeServiceRegistration,
  decodeStatus,
  digestOf,
  encodeAgentRegistration,
  encodeConfig,
  encodeRoster,
  encodeServiceRegistration,
  encodeStatus,
  fixed20FromValue,
  isConfigId,
  isName,
  type KeyRef,
  parseKey,
  type RosterValue,
  resumeRemovalsKey,
  rosterKey,
  type ServiceRegistration,
  statusKey,
  toFixed20,
  tombstoneKey,
} from './index.ts';
import { anyStatus, damage, damaged } from './testing/any-status.ts';

const NUM_RUNS = 500;

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const counter = fc.integer({ min: 0, max: COUNTER_MAX });
const policy = fc.constantFrom('APPLIED' as const, 'VERIFIED' as const);

const config: Arbitrary<ConfigValue> = fc
  .record({
    generation: fc.integer({ min: 1, max: COUNTER_MAX }),
    completionPolicy: policy,
    labels: fc.dictionary(text, text),
    ...{ acceptedAt: text, createdAt: text, traceparent: text },
    object: fc.dictionary(text, fc.jsonValue({ stringUnit: 'grapheme' })),
  })
  .map(({ object, ...value }) => {
    const content = canonicalJson(object);
    return { ...value, content, digest: digestOf(content, value.completionPolicy) };
  });

const serviceFields = {
  ...{ name: text, ip: text, instance: text, version: text, started_at: text },
  grpc_port: fc.integer({ min: 0, max: 65_535 }),
};
const service: Arbitrary<ServiceRegistration> = fc.record(serviceFields);
const agent: Arbitrary<AgentRegistration> = fc.record({
  ...{ ...serviceFields, env_uuid: text, driver: text },
  synced: fc.option(fc.record({ epoch: counter, revision: counter })),
});
const roster: Arbitrary<RosterValue> = fc.oneof(
  fc.record({ instance: text, joined_at: text }),
  fc.record({ left_at: text, forgotten: fc.boolean() }),
  fc.record({ left_at: text }),
);

/** A kind of value with its two functions. */
interface Codec<T = unknown> {
  readonly values: Arbitrary<T>;
  readonly encode: (value: T) => string;
  readonly decode: (bytes: Uint8Array) => unknown;
}

const codec = <T>(given: Codec<T>): Codec => given as Codec;
const CODECS: Record<string, Codec> = {
  config: codec({ values: config, encode: encodeConfig, decode: decodeConfig }),
  status: codec({ values: anyStatus(text), encode: encodeStatus, decode: decodeStatus }),
  'registration of a service': codec({
    ...{ values: service, encode: encodeServiceRegistration, decode: decodeServiceRegistration },
  }),
  'registration of an agent': codec({
    ...{ values: agent, encode: encodeAgentRegistration, decode: decodeAgentRegistration },
  }),
  roster: codec({ values: roster, encode: encodeRoster, decode: decodeRoster }),
  counter: codec({ values: counter, encode: toFixed20, decode: fixed20FromValue }),
};

for (const [name, { values, encode, decode }] of Object.entries(CODECS)) {
  test(`a ${name} that was encoded is decoded as it was`, () => {
    const property = fc.property(values, (value) => {
      // Plain objects, as a decoder makes them.
      const plain: unknown = JSON.parse(JSON.stringify(value));
      assert.deepEqual(decode(Buffer.from(encode(value))), plain);
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  test(`a damaged ${name} never throws`, () => {
    const property = fc.property(
      values,
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      (value, all) => {
        decode(all.reduce(damaged, Buffer.from(encode(value))));
      },
    );
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  test(`nothing that is taken for a ${name} throws`, () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json({ stringUnit: 'binary' }).map((json) => Buffer.from(json)),
      fc.integer({ min: 1, max: 100_000 }).map((depth) => Buffer.from('['.repeat(depth))),
      fc.integer({ min: 1, max: 20_000 }).map((depth) => {
        return Buffer.from(`{"config":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
      }),
    );
    fc.assert(
      fc.property(anything, (bytes) => void decode(bytes)),
      { numRuns: NUM_RUNS },
    );
  });
}

test('a damaged config is foreign, or is what a controller wrote to the byte', () => {
  const property = fc.property(config, damage, (value, how) => {
    const bytes = damaged(Buffer.from(encodeConfig(value)), how);
    const read = decodeConfig(bytes);
    if (!('foreign' in read)) assert.deepEqual(Buffer.from(encodeConfig(read)), bytes);
  });
  fc.assert(property, { numRuns: NUM_RUNS * 4 });
});

const nameUnit = fc.constantFrom('a', 'b', '0', '9', '-', '_', '.');
const nameText = fc.string({ unit: nameUnit, minLength: 1, maxLength: 63 }).filter(isName);
const idText = fc.string({ unit: nameUnit, minLength: 1, maxLength: 253 }).filter(isConfigId);

test('every key of ours is read as what it names', () => {
  const property = fc.property(nameText, idText, nameText, (env, id, name) => {
    const keys: [string, KeyRef][] = [
      [configKey(env, id), { kind: 'config', env, id }],
      [tombstoneKey(env, id), { kind: 'tombstone', env, id }],
      [statusKey(env, id, name), { kind: 'status', env, id, agent: name }],
      [agentKey(env, name), { kind: 'agent', env, name }],
      [rosterKey(env, name), { kind: 'roster', env, name }],
      [controllerKey(name), { kind: 'controller', name }],
      [aggregatorKey(name), { kind: 'aggregator', name }],
      [resumeRemovalsKey(env), { kind: 'resume_removals', env }],
    ];
    for (const [key, ref] of keys) assert.deepEqual(parseKey(key), ref);
  });
  fc.assert(property, { numRuns: NUM_RUNS });
});

test('a key never names two things, and no other text is a key', () => {
  const parts = fc.array(fc.oneof(nameText, fc.string({ unit: 'binary' }), fc.constant('')), {
    maxLength: 5,
  });
  const folder = fc.constantFrom(
    ...['ingress_config', 'ingress_tombstone', 'ingress_config_status', 'ingress_meta'],
    ...['agent', 'roster', 'controller', 'aggregator', ''],
  );
  const property = fc.property(folder, parts, (first, rest) => {
    const key = `/ingress/${[first, ...rest].join('/')}`;
    const ref = parseKey(key);
    if (!ref) return;
    for (const part of Object.values(ref).slice(1)) assert(isConfigId(part), key);
    assert.equal(key.split('/').length, rest.length + 3, key);
  });
  fc.assert(property, { numRuns: NUM_RUNS });
});

test('the names in a status key are judged as each is by itself', () => {
  const unit = fc.constantFrom('a', '9', '-', '.', '..', '/', 'A', '\n', 'ü');
  const part = fc.oneof(nameText, idText, fc.string({ unit, maxLength: 4 }));
  const property = fc.property(part, part, part, (env, id, agent) => {
    const isGood = isName(env) && isConfigId(id) && isName(agent);
    const expected = isGood ? { kind: 'status', env, id, agent } : undefined;
    assert.deepEqual(parseKey(statusKey(env, id, agent)), expected);
  });
  fc.assert(property, { numRuns: NUM_RUNS * 4 });
});
