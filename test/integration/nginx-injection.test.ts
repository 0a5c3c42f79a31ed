// What was done to ingress-nginx and its like, by the number under which it is known, and the patterns
// behind it. Each has to be refused for good, and to change no byte of what is rendered or kept.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const { signal } = new AbortController();
const HOST = 'x.example';

const withPath = (at: string, pathType = 'Prefix') =>
  ingress({ [HOST]: [path('shop', at, pathType)] });
const withHost = (host: string) => ingress({ [host]: [path('shop', '/')] });
const annotated = (name: string, text: string) =>
  ingress({ [HOST]: [path('shop', '/')] }, { [`nginx.ingress.kubernetes.io/${name}`]: text });
const withSecret = (secretName: string) =>
  ingress({ [HOST]: [path('shop', '/')] }, {}, [{ hosts: [HOST], secretName }]);
const withService = (service: string) => ingress({ [HOST]: [path(service, '/')] });

const ESCAPE = '}} http { server { listen 1; location / { return 200; } } } #';

const KNOWN: readonly (readonly [cve: string, how: string, content: string])[] = [
  ['CVE-2021-25742', 'a snippet', annotated('configuration-snippet', 'return 200;')],
  ['CVE-2021-25742', 'a snippet of a server', annotated('server-snippet', 'lua_code_cache off;')],
  ['CVE-2021-25742', 'a snippet of a stream', annotated('stream-snippet', 'server { listen 1; }')],
  [
    'CVE-2021-25745',
    'a path that ends its block',
    withPath(`/a{${ESCAPE}`, 'ImplementationSpecific'),
  ],
  [
    'CVE-2021-25746',
    'a line break in an annotation',
    annotated('proxy-body-size', `1m;\n${ESCAPE}`),
  ],
  [
    'CVE-2021-25748',
    'a line break in a path',
    withPath('/a\nalias /etc/;', 'ImplementationSpecific'),
  ],
  ['CVE-2022-4886', 'quotes in a path', withPath('/a"; alias "/etc/', 'ImplementationSpecific')],
  [
    'CVE-2023-5043',
    'a quoted snippet',
    annotated('configuration-snippet', '"}\nlua_package_path a;'),
  ],
  ['CVE-2023-5044', 'a redirect', annotated('permanent-redirect', `https://a.b;${ESCAPE}`)],
  ['CVE-2024-7646', 'a carriage return', annotated('proxy-body-size', `1m;\r${ESCAPE}`)],
  ['CVE-2025-1097', 'a name to match', annotated('auth-tls-match-cn', `CN=a";\n${ESCAPE}`)],
  ['CVE-2025-1098', 'a mirror', annotated('mirror-target', `https://a.b/;${ESCAPE}`)],
  [
    'CVE-2025-1974',
    'an engine to load',
    annotated('mirror-host', 'a;}}}\nssl_engine /tmp/x.so;\n#'),
  ],
  ['CVE-2025-24513', 'a secret elsewhere', withSecret('../../../etc/passwd')],
  ['CVE-2025-24514', 'a URL to ask', annotated('auth-url', 'http://a.b/#;}}}\nssl_engine /tmp/x;')],
  ['CVE-2026-24512', 'a path that loads a file', withPath('/a;root /;#', 'ImplementationSpecific')],
];

/** Text that is syntax for nginx, or that servers and backends read in different ways. */
const MARKS = [
  ';',
  '{',
  '}',
  '"',
  "'",
  '\n',
  '\r',
  '\0',
  '\\',
  '$uri',
  '#',
  ' ',
  '\t',
  '%0a',
  '%00',
];
const PATHS = [
  ...MARKS.map((mark) => `/a${mark}b`),
  '/../a',
  '/a/..',
  '/./a',
  '//a',
  'a',
  '/a\u202Eb',
];
const HOSTS = [
  ...MARKS.map((mark) => `x${mark}.example`),
  'X.example',
  '~^x$',
  '_',
  '*',
  '.x',
  'x..y',
];

const PATTERNS: readonly (readonly [how: string, content: string])[] = [
  ...['Prefix', 'Exact', 'ImplementationSpecific'].flatMap((pathType) =>
    PATHS.map((at) => [`path ${JSON.stringify(at)} ${pathType}`, withPath(at, pathType)] as const),
  ),
  ...HOSTS.map((host) => [`host ${JSON.stringify(host)}`, withHost(host)] as const),
  ...MARKS.map((mark) => [`service ${JSON.stringify(mark)}`, withService(`a${mark}b`)] as const),
  ...MARKS.map((mark) => [`secret ${JSON.stringify(mark)}`, withSecret(`a${mark}b`)] as const),
  ...[
    'proxy-body-size',
    'proxy-connect-timeout',
    'proxy-read-timeout',
    'proxy-send-timeout',
    'whitelist-source-range',
    'allowlist-source-range',
    'rewrite-target',
    'ssl-redirect',
    'force-ssl-redirect',
  ].flatMap((name) =>
    MARKS.map(
      (mark) => [`${name} ${JSON.stringify(mark)}`, annotated(name, `/1${mark}1`)] as const,
    ),
  ),
];

/** Every file of the driver, by name. */
async function filesOf(root: string): Promise<Map<string, string>> {
  const dir = join(root, 'nginx');
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map(async (entry) => {
    const name = join(entry.parentPath, entry.name);
    return [name, await readFile(name, 'latin1')] as const;
  });
  return new Map(await Promise.all(contents));
}

test('what was done to ingress-nginx is refused, and changes no byte', async (t) => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  await driver.apply(web, signal);
  const before = await filesOf(place.root);
  const cases = [
    ...KNOWN.map(([cve, how, content]) => [`${cve}: ${how}`, content] as const),
    ...PATTERNS,
  ];
  for (const [name, content] of cases) {
    const refused = config('x', content);
    for (const call of ['validate', 'apply'] as const) {
      const error = await failure(driver[call](refused, signal));
      assert.equal(error.outcome, 'rejected', `${name}: ${error.reason}`);
      assert.doesNotMatch(error.message, /[;{}\n\r]/, name);
    }
    // Also over what is in force under the same id.
    assert.equal((await failure(driver.apply(config('web', content), signal))).outcome, 'rejected');
  }
  assert.deepEqual(await filesOf(place.root), before);
  await driver.verify(web, signal);
  t.diagnostic(`${cases.length} patterns refused`);
});
