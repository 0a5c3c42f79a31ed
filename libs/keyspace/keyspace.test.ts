import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  agentKey,
  type ConfigValue,
  canonicalJson,
  configGuard,
  configKey,
  decodeAgentRegistration,
  decodeConfig,
  decodeRoster,
  decodeServiceRegistration,
  decodeStatus,
  digestOf,
  encodeConfig,
  encodeRoster,
  fixed20FromValue,
  isConfigId,
  isName,
  parseKey,
  resumeRemovalsKey,
  rosterKey,
  statusKey,
  toFixed20,
  tombstoneKey,
} from './index.ts';

function configOf(config: object, generation = 1): ConfigValue {
  const content = canonicalJson(config);
  return {
    generation,
    digest: digestOf(content, 'APPLIED'),
    completionPolicy: 'APPLIED',
    labels: { b: '2', a: '1' },
    acceptedAt: '2026-01-02T03:04:05.678Z',
    createdAt: '2026-01-01T00:00:00.000Z',
    traceparent: '',
    content,
  };
}

test('every key is read back as what it names', () => {
  assert.deepEqual(parseKey(configKey('1', 'web.shop')), {
    kind: 'config',
    env: '1',
    id: 'web.shop',
  });
  assert.deepEqual(parseKey(tombstoneKey('1', 'a')), { kind: 'tombstone', env: '1', id: 'a' });
  assert.deepEqual(parseKey(statusKey('1', 'a', 'dev-1')), {
    kind: 'status',
    env: '1',
    id: 'a',
    agent: 'dev-1',
  });
  assert.deepEqual(parseKey(agentKey('10', 'x')), { kind: 'agent', env: '10', name: 'x' });
  assert.deepEqual(parseKey(rosterKey('10', 'x')), { kind: 'roster', env: '10', name: 'x' });
  assert.deepEqual(parseKey(resumeRemovalsKey('10')), { kind: 'resume_removals', env: '10' });
});

test('foreign keys are told from ours', () => {
  for (const key of [
    '',
    '/ingress',
    '/ingress/',
    '/ingress/agent/',
    '/ingress/agent/env1',
    '/ingress/agent/env1/',
    '/ingress/agent/env1/a/b',
    '/ingress/agent/Env1/a',
    '/ingress/ingress_config/1/..',
    '/ingress/ingress_config/1/a%2fb',
    '/ingress/ingress_config/1//a',
    '/ingress/ingress_meta/epoch/1',
    '/ingress/ingress_meta/other',
    '/ingress/other/1/a',
    '/other/ingress_config/1/a',
  ]) {
    assert.equal(parseKey(key), undefined, key);
  }
});

test("the article's names pass, and nothing that could leave its folder does", () => {
  for (const name of ['0001', '1', 'dev-1_001', 'a.b', 'a'.repeat(63)]) assert(isName(name), name);
  for (const name of [
    '',
    '.',
    '..',
    'a..b',
    '-a',
    'a-',
    'A',
    'ä',
    'a/b',
    'a%2fb',
    'a\0',
    'a\n',
    'a'.repeat(64),
  ]) {
    assert(!isName(name), JSON.stringify(name));
    assert(name.length === 64 || !isConfigId(name), JSON.stringify(name));
  }
  assert(isConfigId('a'.repeat(253)) && !isConfigId('a'.repeat(254)));
});

test('counters compare bytewise as they compare as numbers', () => {
  const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(counter, counter, (a, b) => {
      assert.equal(toFixed20(a) < toFixed20(b), a < b);
      assert.equal(configGuard(a) < configGuard(b), a < b);
      assert.equal(fixed20FromValue(toFixed20(a)), a);
    }),
  );
  for (const text of [
    '',
    '1',
    '99999999999999999999',
    `${toFixed20(1)} `,
    '0000000000000000000x',
  ]) {
    assert.equal(fixed20FromValue(text), undefined, text);
  }
  assert.throws(() => toFixed20(-1), RangeError);
  assert.throws(() => toFixed20(2 ** 53), RangeError);
});

test('a config value is read back whole, and its guard orders it before every later generation', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 1 }), (config, g) => {
      const value = configOf(JSON.parse(JSON.stringify(config)) as object, g);
      const text = encodeConfig(value);
      const read = decodeConfig(Buffer.from(text));
      assert(!('foreign' in read), JSON.stringify(read));
      assert.equal(encodeConfig(read), text);
      assert(text < configGuard(g + 1));
      assert(text.startsWith(configGuard(g)));
    }),
  );
});

test('a value that no controller wrote is foreign', () => {
  const good = encodeConfig(configOf({ kind: 'x', n: 1 }));
  const cases: Record<string, string> = {
    'not JSON': 'x',
    'not an object': '[]',
    'a number': '7',
    'no generation': '{"config":{}}',
    'a generation of 20 nines': good.replace(
      /"generation":"\d+"/,
      `"generation":"${'9'.repeat(20)}"`,
    ),
    'generation 0': good.replace(/"generation":"\d+"/, `"generation":"${toFixed20(0)}"`),
    'another digest': good
      .replace(/"digest":"."/, '"digest":"0"')
      .replace(/"digest":"[0-9a-f]{4}/, '"digest":"0000'),
    'other content': good.replace('"n":1', '"n":2'),
    'white space': good.replace('"n":1', '"n": 1'),
    'another order': good.replace('{"kind":"x","n":1}', '{"n":1,"kind":"x"}'),
    'one more field': good.replace('"config":', '"more":1,"config":'),
    'labels of numbers': good.replace('"a":"1"', '"a":1'),
    'a policy of its own': good.replace('APPLIED', 'NEVER'),
    'config of an array': good.replace(/"config":.*/, '"config":[]}'),
  };
  for (const [name, text] of Object.entries(cases)) {
    assert.notEqual(text, good, name);
    assert('foreign' in decodeConfig(Buffer.from(text)), name);
  }
});

test('a value from before configs had a time of creation counts as created when it was accepted', () => {
  const value = configOf({ kind: 'x' });
  const older = encodeConfig(value).replace(/"created_at":"[^"]*",/, '');
  const read = decodeConfig(Buffer.from(older));
  assert.deepEqual(read, { ...value, createdAt: value.acceptedAt });
  assert(
    'foreign' in decodeConfig(Buffer.from(older.replace('accepted_at":"2', 'accepted_at": "2'))),
  );
});

test('garbage never throws', () => {
  const decoders = [
    decodeConfig,
    decodeStatus,
    decodeAgentRegistration,
    decodeServiceRegistration,
    decodeRoster,
    fixed20FromValue,
  ];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .constantFrom('{"generation":null}', '{"__proto__":1}', '{"config":{"constructor":{}}}')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (value) => {
      for (const decode of decoders) decode(value);
      parseKey(Buffer.from(value).toString());
      parseKey(`/ingress/${Buffer.from(value).toString()}`);
    }),
    { numRuns: 2000 },
  );
});

test('an unreadable roster value keeps its agent on the roster', () => {
  assert(!('left_at' in decodeRoster(Buffer.from('garbage'))));
  assert('left_at' in decodeRoster(Buffer.from('{"left_at":"2026-01-01T00:00:00.000Z"}')));
  const forgotten = { left_at: '2026-01-01T00:00:00.000Z', forgotten: true };
  assert.deepEqual(decodeRoster(Buffer.from(encodeRoster(forgotten))), forgotten);
});

test('the digest covers config and policy and nothing else', () => {
  const content = canonicalJson({ b: 1, a: 'ü' });
  assert.equal(content, '{"a":"ü","b":1}');
  assert.notEqual(digestOf(content, 'APPLIED'), digestOf(content, 'VERIFIED'));
  assert.equal(digestOf(content, 'APPLIED').length, 64);
});
