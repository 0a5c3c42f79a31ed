// Bad input by its rows: what no caller may send, and the field that the answer has to name. What
// has to be asked for in another way than by one call stands in the test.

import {
  annotation,
  type BadCall,
  call,
  host,
  ingress,
  names,
  PORT,
  path,
  port,
  RULE,
  type Spec,
  service,
  set,
} from './bad-calls.ts';

/** A row and its calls. */
export interface BadInput {
  readonly row: string;
  readonly calls: readonly BadCall[];
}

const COUNTER_PAST_MAX = 2 ** 53;
const KEY = '-----BEGIN PRIVATE KEY-----\nhunter2';
/** What must never be in a log or an answer. */
export const SECRET = 'hunter2';

const many = <T>(count: number, each: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => each(at));
const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
const json = (what: string, field: string, configJson: string) => set(what, field, { configJson });

export const BAD_INPUT: readonly BadInput[] = [
  { row: 'names', calls: names() },
  {
    row: 'Ingress host',
    calls: [
      ...[';', '{', '}', '$', '"', "'", '\\', '#', ' ', '\n', '\t'].map((sign) =>
        host(`a host with ${JSON.stringify(sign)}`, `a${sign}b.test`),
      ),
      host('a host in upper case', 'A.test'),
      host('an international host', 'bücher.test'),
      host('a wildcard in the middle', 'a.*.test'),
      host('a long host', `${'a.'.repeat(126)}ab`),
      host('an address for a host', '10.0.0.1'),
      host('a number for a host', 7),
    ],
  },
  {
    row: 'Ingress path',
    calls: [
      path('a relative Prefix', 'path', { path: 'a' }),
      path('a relative Exact', 'path', { path: 'a', pathType: 'Exact' }),
      path('no Exact path', 'path', { path: undefined, pathType: 'Exact' }),
      path('a long path', 'path', { path: `/${'a'.repeat(1_024)}` }),
      path('a bell in a path', 'path', { path: '/\u0007' }),
      path('a newline in a path', 'path', { path: '/a\nb' }),
      path('dots in a path', 'path', { path: '/a/../b' }),
      path('a path of a number', 'path', { path: 7 }),
    ],
  },
  {
    row: 'pathType and unknown fields',
    calls: [
      path('another pathType', 'pathType', { pathType: 'Regex' }),
      path('no pathType', 'pathType', { pathType: undefined }),
      path('an unknown field of a path', 'extra', { extra: 1 }),
      ingress('an unknown field of the spec', 'config.spec.extra', (spec) => {
        spec['extra'] = 1;
      }),
      ingress('an unknown field of the Ingress', 'config.extra', (_, config) => {
        config['extra'] = 1;
      }),
      ingress('an older version', 'config.apiVersion', (_, config) => {
        config['apiVersion'] = 'extensions/v1beta1';
      }),
    ],
  },
  {
    row: 'backend',
    calls: [
      ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', '0.0.0.0'].map(
        (address) => service(`the backend ${address}`, address),
      ),
      service('a service with a slash', 'a/b'),
      service('no service name', ''),
      port('port 0', PORT, { number: 0 }),
      port('port 65536', `${PORT}.number`, { number: 65_536 }),
      port('half a port', `${PORT}.number`, { number: 80.5 }),
      port('a port name with a blank', `${PORT}.name`, { name: 'a b' }),
      port('a port with both', PORT, { name: 'http', number: 80 }),
    ],
  },
  {
    row: 'snippets',
    calls: [
      ...['configuration', 'server', 'auth', 'stream', 'modsecurity'].map((name) =>
        annotation(`nginx.ingress.kubernetes.io/${name}-snippet`),
      ),
      annotation('haproxy.org/backend-config-snippet'),
      annotation('nginx.org/location-snippets'),
    ],
  },
  {
    row: 'duplicate host and path',
    calls: [
      ingress('a path twice', `${RULE}.http.paths[1]`, ({ rules: [rule] }) => {
        rule.http.paths.push(rule.http.paths[0]);
      }),
      ingress('a rule twice', 'config.spec.rules[1].http.paths[0]', ({ rules }) => {
        rules.push(rules[0]);
      }),
    ],
  },
  {
    row: 'sizes',
    calls: [
      json(
        'a config above 256 KiB',
        'config',
        JSON.stringify({ a: many(70, () => 'x'.repeat(4_000)) }),
      ),
      json('a text above 4 KiB', 'config.a', JSON.stringify({ a: 'x'.repeat(4_097) })),
      json('nine levels', 'config.a.a.a.a.a.a.a.a', nested(9)),
      json('a text of 100,000 levels', 'config_json', `{"a":${'['.repeat(100_000)}`),
      ingress('201 rules', 'config.spec.rules', (spec) => {
        spec.rules = many(201, () => spec.rules[0]) as Spec['rules'];
      }),
      ingress('51 hosts', 'config.spec.rules', (spec) => {
        const [rule] = spec.rules;
        spec.rules = many(51, (at) => ({ ...rule, host: `h${at}.test` })) as Spec['rules'];
      }),
      set(
        'a message above 512 KiB',
        '',
        { configJson: `"${'x'.repeat(600_000)}"` },
        'RESOURCE_EXHAUSTED',
      ),
      set('a long note', 'note', { note: 'x'.repeat(1_025) }),
      set('a long request id', 'request_id', { requestId: 'x'.repeat(129) }),
      set('65 labels', 'labels', { labels: Object.fromEntries(many(65, (at) => [`l${at}`, ''])) }),
    ],
  },
  {
    row: 'TLS by secret name only',
    calls: [
      ingress('a key in tls', 'config.spec.tls[0].key', (spec) => {
        spec['tls'] = [{ hosts: ['bad.test'], key: KEY }];
      }),
      ingress('a key for a secret name', 'config.spec.tls[0].secretName', (spec) => {
        spec['tls'] = [{ hosts: ['bad.test'], secretName: KEY }];
      }),
      annotation('a', KEY),
    ],
  },
  {
    row: 'generations and numbers',
    calls: [
      set('an older generation', '', { id: 'kept', expectedGeneration: 7 }, 'ABORTED'),
      set('a generation of what is not there', '', { expectedGeneration: 1 }, 'ABORTED'),
      set('a creation of what is there', '', { id: 'kept', expectedGeneration: 0 }, 'ABORTED'),
      ...[-1, COUNTER_PAST_MAX, -COUNTER_PAST_MAX].flatMap((expectedGeneration) => [
        set(`generation ${expectedGeneration}`, 'expected_generation', { expectedGeneration }),
        call('controller', 'DeleteIngressConfig', 'expected_generation', {
          ...{ env: '1', id: 'kept', expectedGeneration },
        }),
      ]),
      call('aggregator', 'WaitForCompletion', 'generation', {
        ...{ envs: ['1'], id: 'kept', generation: -1 },
      }),
      json('a number that loses digits', 'config_json', '{"a":9007199254740993}'),
      json('a fraction that loses digits', 'config_json', '{"a":0.12345678901234567890}'),
      json('a number past a double', 'config_json', '{"a":1e400}'),
    ],
  },
  {
    row: 'unknown ids',
    calls: [
      call('controller', 'GetIngressConfig', '', { env: '1', id: 'unknown' }, 'NOT_FOUND'),
      call('controller', 'GetIngressConfig', '', { env: '11', id: 'kept' }, 'NOT_FOUND'),
      call('controller', 'DeleteIngressConfig', '', { env: '1', id: 'unknown' }, 'NOT_FOUND'),
      call('controller', 'DecommissionAgent', '', { env: '1', name: 'unknown' }, 'NOT_FOUND'),
      call('aggregator', 'GetCompletion', '', { env: '1', id: 'unknown' }, 'NOT_FOUND'),
      call('aggregator', 'GetEnvironment', '', { env: 'unknown' }, 'NOT_FOUND'),
      call('aggregator', 'GetReceipt', '', { env: '1', id: 'unknown' }, 'NOT_FOUND'),
    ],
  },
  { row: 'pages', calls: pages() },
  {
    row: 'texts that are none',
    calls: [
      json('no JSON', 'config_json', '{'),
      json('a JSON list', 'config_json', '[1]'),
      json('JSON null', 'config_json', 'null'),
      json('a lone surrogate', 'config.a', '{"a":"\\ud800"}'),
      json('NUL', 'config.a', '{"a":"x\\u0000"}'),
      json('the name __proto__', 'config.a', '{"a":{"__proto__":{}}}'),
      json('the name constructor', 'config', '{"constructor":1}'),
      set('NaN', 'config.a', {
        configJson: undefined,
        config: { fields: { a: { numberValue: Number.NaN } } },
      }),
      set('a label named __proto__', 'labels', { labels: JSON.parse('{"__proto__":"x"}') }),
      set('a label of two lines', 'labels.a', { labels: { a: 'x\ny' } }),
      set('NUL in a note', 'note', { note: 'a\0b' }),
    ],
  },
];

function pages(): BadCall[] {
  const lists = [
    ['controller', 'ListIngressConfigs', { env: '-' }],
    ['controller', 'ListEnvironments', {}],
    ['controller', 'ListAgents', { env: '-' }],
    ['aggregator', 'ListCompletions', { env: '-' }],
    ['aggregator', 'ListAgentStatuses', { env: '1', id: 'kept' }],
    ['aggregator', 'ListReceipts', { env: '-' }],
    ['aggregator', 'ListEvents', { env: '1', id: 'kept' }],
    ['aggregator', 'ListEnvironments', {}],
  ] as const;
  return lists.flatMap(([server, method, request]) => [
    call(server, method, 'page_size', { ...request, pageSize: -1 }),
    ...['x', 'e30', '%%%', 'eyJlbnYiOjF9'].map((pageToken) =>
      call(server, method, 'page_token', { ...request, pageToken }),
    ),
  ]);
}
