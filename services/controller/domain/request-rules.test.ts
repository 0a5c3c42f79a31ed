import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '#libs/keyspace';
import { checkDelete, checkListed, checkSet, type SetRequest } from './request-rules.ts';

const request = (change: Partial<SetRequest>): SetRequest => ({
  ...{ env: 'env1', id: 'a', config: { a: 1 }, labels: {}, policy: 'APPLIED' },
  ...{ requestId: '', note: '' },
  ...change,
});

const fieldsOf = (change: Partial<SetRequest>): string[] => {
  const checked = checkSet(request(change));
  return 'violations' in checked ? checked.violations.map(({ field }) => field) : [];
};

const RULE = 'config.spec.rules[0]';
const PATH = `${RULE}.http.paths[0]`;

/** A valid Ingress with its one rule and path changed. */
function ingress(
  change: { rule?: object; path?: object; spec?: object; metadata?: object; top?: object } = {},
): JsonObject {
  const service = { name: 'web', port: { number: 80 } };
  const path = { path: '/', pathType: 'Prefix', backend: { service }, ...change.path };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', ...change.metadata },
    spec: { rules: [{ host: 'a.test', http: { paths: [path] }, ...change.rule }], ...change.spec },
    ...change.top,
  };
}

const backend = (service: object) => ingress({ path: { backend: { service } } });

test('what Kubernetes accepts is accepted', () => {
  const accepted: JsonObject[] = [
    ingress(),
    ingress({ rule: { host: '*.a.test' } }),
    ingress({ rule: { host: '' } }),
    ingress({ rule: { host: null, http: null } }),
    ingress({ rule: { host: 'xn--bcher-kva.example' } }),
    ingress({ path: { path: '/a/(.*)', pathType: 'ImplementationSpecific' } }),
    ingress({ path: { path: undefined, pathType: 'ImplementationSpecific' } }),
    ingress({ spec: { tls: [{ hosts: ['a.test'], secretName: 's' }, {}] } }),
    ingress({ spec: { rules: null, defaultBackend: { resource: { kind: 'B', name: 'b' } } } }),
    ingress({ metadata: { annotations: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' } } }),
    backend({ name: 'web', port: { name: 'http' } }),
    backend({ name: '10.1.2.3', port: { number: 65535 } }),
    { config: 'helloworld' },
    { kind: 'Other', spec: { rules: 7 } },
  ];
  for (const config of accepted) assert.deepEqual(fieldsOf({ config }), [], JSON.stringify(config));
});

const longHost = `${'a'.repeat(60)}.`.repeat(5);
const refusedIngresses: [name: string, config: JsonObject, field: string][] = [
  ['an upper-case host', ingress({ rule: { host: 'A.test' } }), `${RULE}.host`],
  ['an underscore in a host', ingress({ rule: { host: 'a_b.test' } }), `${RULE}.host`],
  ['a semicolon in a host', ingress({ rule: { host: 'a.test;' } }), `${RULE}.host`],
  ['braces in a host', ingress({ rule: { host: 'a{}.test' } }), `${RULE}.host`],
  ['a newline in a host', ingress({ rule: { host: 'a.test\nx' } }), `${RULE}.host`],
  ['a newline after a host', ingress({ rule: { host: 'a.test\n' } }), `${RULE}.host`],
  ['a quote in a host', ingress({ rule: { host: 'a".test' } }), `${RULE}.host`],
  ['an IDN host', ingress({ rule: { host: 'bücher.test' } }), `${RULE}.host`],
  ['an IP host', ingress({ rule: { host: '10.0.0.1' } }), `${RULE}.host`],
  ['a wildcard in the middle', ingress({ rule: { host: 'a.*.test' } }), `${RULE}.host`],
  ['a bare wildcard', ingress({ rule: { host: '*' } }), `${RULE}.host`],
  ['a long host', ingress({ rule: { host: `${longHost}test` } }), `${RULE}.host`],
  ['a host of a number', ingress({ rule: { host: 7 } }), `${RULE}.host`],
  ['a relative Prefix path', ingress({ path: { path: 'a' } }), `${PATH}.path`],
  ['no Exact path', ingress({ path: { path: undefined, pathType: 'Exact' } }), `${PATH}.path`],
  ['a long path', ingress({ path: { path: `/${'a'.repeat(1024)}` } }), `${PATH}.path`],
  ['a control character', ingress({ path: { path: '/a\u0007' } }), `${PATH}.path`],
  ['dots in a path', ingress({ path: { path: '/a/../b' } }), `${PATH}.path`],
  ['an escaped slash', ingress({ path: { path: '/a%2fb' } }), `${PATH}.path`],
  ['an unknown path type', ingress({ path: { pathType: 'Regex' } }), `${PATH}.pathType`],
  ['no path type', ingress({ path: { pathType: undefined } }), `${PATH}.pathType`],
  ['an unknown field', ingress({ top: { extra: 1 } }), 'config.extra'],
  ['an unknown field in spec', ingress({ spec: { extra: 1 } }), 'config.spec.extra'],
  ['an unknown field in a path', ingress({ path: { extra: 1 } }), `${PATH}.extra`],
  ['an old version', ingress({ top: { apiVersion: 'extensions/v1beta1' } }), 'config.apiVersion'],
  ['no spec', ingress({ top: { spec: undefined } }), 'config.spec'],
  ['no backend', ingress({ path: { backend: {} } }), `${PATH}.backend`],
  ['a port of 0', backend({ name: 'w', port: { number: 0 } }), `${PATH}.backend.service.port`],
  [
    'a port of 65536',
    backend({ name: 'w', port: { number: 65_536 } }),
    `${PATH}.backend.service.port.number`,
  ],
  [
    'a port with name and number',
    backend({ name: 'w', port: { number: 80, name: 'http' } }),
    `${PATH}.backend.service.port`,
  ],
  [
    'a loopback backend',
    backend({ name: '127.0.0.1', port: { number: 80 } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'an IPv6 loopback',
    backend({ name: '::1', port: { number: 80 } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'a mapped loopback',
    backend({ name: '::ffff:127.0.0.1', port: { number: 80 } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'the metadata address',
    backend({ name: '169.254.169.254', port: { number: 80 } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'a service with a slash',
    backend({ name: 'a/b', port: { number: 80 } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'a snippet',
    ingress({ metadata: { annotations: { 'nginx.ingress.kubernetes.io/server-snippet': 'x' } } }),
    'config.metadata.annotations.nginx.ingress.kubernetes.io/server-snippet',
  ],
  [
    'snippets in the plural',
    ingress({ metadata: { annotations: { 'nginx.org/server-snippets': 'x' } } }),
    'config.metadata.annotations.nginx.org/server-snippets',
  ],
  ['key material in tls', ingress({ spec: { tls: [{ key: 'x' }] } }), 'config.spec.tls[0].key'],
  [
    'a private key in an annotation',
    ingress({ metadata: { annotations: { a: '-----BEGIN EC PRIVATE KEY-----\nsecret' } } }),
    'config.metadata.annotations.a',
  ],
  [
    'the same route twice',
    ingress({
      spec: { rules: [1, 2].map(() => (ingress()['spec'] as { rules: object[] }).rules[0]) },
    }),
    'config.spec.rules[1].http.paths[0]',
  ],
  [
    'more than 200 rules',
    ingress({ spec: { rules: Array.from({ length: 201 }, () => ({ host: 'a.test' })) } }),
    'config.spec.rules',
  ],
  [
    'more than 50 hosts',
    ingress({ spec: { rules: Array.from({ length: 51 }, (_, n) => ({ host: `h${n}.test` })) } }),
    'config.spec.rules',
  ],
];

for (const [name, config, field] of refusedIngresses) {
  test(`an Ingress with ${name} is refused at ${field}`, () => {
    assert(fieldsOf({ config }).includes(field), JSON.stringify(checkSet(request({ config }))));
  });
}

test('key material is never repeated in the answer', () => {
  const config = ingress({
    metadata: { annotations: { a: '-----BEGIN PRIVATE KEY-----\nhunter2' } },
  });
  assert(fieldsOf({ config }).includes('config.metadata.annotations.a'));
  assert(!JSON.stringify(checkSet(request({ config }))).includes('hunter2'));
});

const nested = (levels: number): JsonObject =>
  levels === 1 ? { a: 1 } : { a: nested(levels - 1) };
const listed = (levels: number): unknown => (levels === 0 ? 1 : [listed(levels - 1)]);
const text = (json: string) => ({ config: undefined, configJson: json });

const refusedRequests: [name: string, change: Partial<SetRequest>, field: string][] = [
  ['an empty env', { env: '' }, 'env'],
  ['an env with a slash', { env: 'a/b' }, 'env'],
  ['an env of dots', { env: '..' }, 'env'],
  ['an upper-case env', { env: 'Env1' }, 'env'],
  ['an escaped id', { id: 'a%2fb' }, 'id'],
  ['an id with NUL', { id: 'a\0' }, 'id'],
  ['a long id', { id: 'a'.repeat(254) }, 'id'],
  ['a negative generation', { expectedGeneration: -1 }, 'expected_generation'],
  ['a generation past 2^53 - 1', { expectedGeneration: 2 ** 53 }, 'expected_generation'],
  ['a long request id', { requestId: 'a'.repeat(129) }, 'request_id'],
  ['a long note', { note: 'a'.repeat(1025) }, 'note'],
  ['a label without a name', { labels: { '': 'x' } }, 'labels'],
  ['a label named __proto__', { labels: Object.fromEntries([['__proto__', 'x']]) }, 'labels'],
  ['a label named constructor', { labels: { constructor: 'x' } }, 'labels'],
  ['a label of two lines', { labels: { a: 'x\ny' } }, 'labels.a'],
  [
    '65 labels',
    { labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, ''])) },
    'labels',
  ],
  ['no config', { config: undefined }, 'config'],
  ['text that is no JSON', text('{'), 'config_json'],
  ['a JSON list', text('[1]'), 'config_json'],
  ['JSON null', text('null'), 'config_json'],
  ['a number that loses digits', text('{"a":9007199254740993}'), 'config_json'],
  ['a fraction that loses digits', text('{"a":0.12345678901234567890}'), 'config_json'],
  ['a number past a double', text('{"a":1e400}'), 'config_json'],
  ['the name __proto__', text('{"a":{"__proto__":{}}}'), 'config.a'],
  ['the name constructor', text('{"constructor":1}'), 'config'],
  ['a lone surrogate', text('{"a":"\\ud800"}'), 'config.a'],
  ['NUL in a text', text('{"a":"x\\u0000"}'), 'config.a'],
  ['NaN', { config: { a: Number.NaN } }, 'config.a'],
  ['nine levels', { config: nested(9) }, 'config.a.a.a.a.a.a.a.a'],
  ['lists nine deep', { config: { a: listed(10) } }, 'config.a[0][0][0][0][0][0][0][0]'],
  ['a text past 4 KiB', { config: { a: 'x'.repeat(4097) } }, 'config.a'],
  [
    'a config past 256 KiB',
    { config: { a: Array.from({ length: 70 }, () => 'x'.repeat(4000)) } },
    'config',
  ],
];

for (const [name, change, field] of refusedRequests) {
  test(`${name} is refused at ${field}`, () => {
    assert(fieldsOf(change).includes(field), JSON.stringify(checkSet(request(change))));
  });
}

test('eight levels and exact numbers pass, in canonical form', () => {
  assert.deepEqual(fieldsOf({ config: nested(8) }), []);
  const checked = checkSet(request(text('{"b":1.50,"a":[1e3,-0,0.1,12345678901234567000]}')));
  assert('ok' in checked);
  assert.equal(checked.ok.content, '{"a":[1000,0,0.1,12345678901234567000],"b":1.5}');
});

test('all problems are told at once, but no more than 50', () => {
  const config = ingress({ rule: { host: 'A' }, path: { path: 'x', pathType: 'y' } });
  const fields = fieldsOf({ env: '', id: '/', config });
  assert.equal(fields.length, 5);
  const many = {
    config: Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`a${n}`, '\0'])),
  };
  assert.equal(fieldsOf(many).length, 50);
});

test('deletes and lists check their names too', () => {
  assert('violations' in checkDelete({ env: 'a', id: '', requestId: '', note: '' }));
  assert('ok' in checkDelete({ env: 'a', id: 'b', requestId: '', note: '' }));
  assert('ok' in checkListed({ env: '-' }));
  assert('violations' in checkListed({ env: '' }));
});

test('no JSON object makes a check throw, and what passes is canonical', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (config, isIngress) => {
      const kind = isIngress ? { kind: 'Ingress' } : {};
      const checked = checkSet(request({ config: { ...config, ...kind } }));
      if ('ok' in checked) assert.equal(typeof JSON.parse(checked.ok.content), 'object');
    }),
    { numRuns: 500 },
  );
});
