import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureNginx, freePort } from '#local';
import {
  contentHash,
  type DriverConfig,
  type DriverError,
} from '#services/agent/drivers/driver.ts';
import { openDriver } from '#services/agent/drivers/open-driver.ts';
import { type DriverPlace, driverContract } from '#test/driver-contract';

const { signal } = new AbortController();
const nginx = await ensureNginx();

/** A little server that answers with its name and the path that it was asked for. */
async function openBackend(name: string) {
  const server = createServer((asked, answer) => answer.end(`${name} ${asked.url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}

async function openPlace() {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-nginx-'));
  const backends = { shop: await openBackend('shop'), blog: await openBackend('blog') };
  const port = await freePort();
  const upstreams = Object.entries(backends).map(([name, { address }]) => [
    `default/${name}:80`,
    address,
  ]);
  const options = {
    binary: nginx.path,
    listen: `127.0.0.1:${port}`,
    upstreams: JSON.stringify(Object.fromEntries(upstreams)),
  };
  const pid = async () => Number(await readFile(join(root, 'nginx', 'nginx.pid'), 'utf8'));
  return {
    root,
    open: () => openDriver('nginx', options, root),
    pid,
    ask: (host: string, path: string) => ask(port, host, path),
    [Symbol.asyncDispose]: async () => {
      await pid()
        .then((found) => process.kill(found, 'SIGTERM'))
        .catch(() => undefined);
      for (const backend of Object.values(backends)) backend.close();
      await rm(root, { recursive: true, maxRetries: 3 });
    },
  };
}

async function ask(port: number, host: string, path: string): Promise<string> {
  const asked = request({ host: '127.0.0.1', port, path, agent: false, headers: { host } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return response.statusCode === 200 ? body : String(response.statusCode);
}

const path = (service: string, at: string, pathType = 'Prefix') => ({
  path: at,
  pathType,
  backend: { service: { name: service, port: { number: 80 } } },
});

function ingress(rules: Record<string, unknown[]>, annotations = {}): string {
  return JSON.stringify({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: { annotations },
    spec: { rules: Object.entries(rules).map(([host, paths]) => ({ host, http: { paths } })) },
  });
}

function config(id: string, content: string, createdAt = '2026-01-01T00:00:00.000Z'): DriverConfig {
  return { id, content, generation: 1, digest: contentHash(content), traceparent: '', createdAt };
}

async function failure(call: Promise<unknown>): Promise<DriverError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.equal((error as Error | undefined)?.name, 'DriverError', String(error));
  return error as DriverError;
}

test('an Ingress is served by its backends, and verified by requests through nginx', async () => {
  await using place = await openPlace();
  await using driver = await place.open();
  const paths = [path('shop', '/'), path('blog', '/news'), path('blog', '/one', 'Exact')];
  const web = config(
    'web',
    ingress({ 'shop.example': paths, '*.wild.example': [path('blog', '/')] }),
  );
  await driver.apply(web, signal);
  assert.deepEqual(await driver.verify(web, signal), { level: 'VERIFIED', method: 'nginx' });
  const expected = [
    ['shop.example', '/a?b=c', 'shop /a?b=c'],
    ['shop.example', '/news', 'blog /news'],
    ['shop.example', '/news/1', 'blog /news/1'],
    ['shop.example', '/newspaper', 'shop /newspaper'],
    ['shop.example', '/one', 'blog /one'],
    ['shop.example', '/one/', 'shop /one/'],
    ['a.wild.example', '/', 'blog /'],
    ['a.b.wild.example', '/', '404'],
    ['other.example', '/', '404'],
  ] as const;
  for (const [host, at, answer] of expected) assert.equal(await place.ask(host, at), answer);
  await driver.remove('web', signal);
  assert.equal(await place.ask('shop.example', '/'), '404');
});

test('of a burst only the refused ones fail, and each is told why', async () => {
  await using place = await openPlace();
  await using driver = await place.open();
  const good = (index: number) =>
    config(`good-${index}`, ingress({ [`h${index}.example`]: [path('shop', '/')] }));
  const younger = config(
    'a',
    ingress({ 'h1.example': [path('blog', '/')] }),
    '2026-02-01T00:00:00.000Z',
  );
  const nowhere = config('nowhere', ingress({ 'n.example': [path('nobody', '/')] }));
  const all = Array.from({ length: 20 }, (_, index) => good(index));
  const [taken, unresolved] = await Promise.all([
    failure(driver.apply(younger, signal)),
    failure(driver.apply(nowhere, signal)),
    ...all.map((one) => driver.apply(one, signal)),
  ]);
  assert.deepEqual([taken.outcome, taken.reason], ['rejected', 'ROUTE_TAKEN']);
  assert.match(taken.message, /good-1\b/);
  assert.equal(unresolved.reason, 'BACKEND_UNRESOLVED');
  for (const one of all) assert.equal((await driver.verify(one, signal)).level, 'VERIFIED');
});

test('a dead nginx is started again, and serves what was in force', async () => {
  await using place = await openPlace();
  await using driver = await place.open();
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  await driver.apply(web, signal);
  process.kill(await place.pid(), 'SIGKILL');
  await driver.apply(config('b', ingress({ 'b.example': [path('blog', '/')] })), signal);
  await driver.verify(web, signal);
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
});

test('a reload that hangs leads back to what was in force, and the next call may succeed', async () => {
  await using place = await openPlace();
  await using driver = await place.open();
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  const moved = config('web', ingress({ 'shop.example': [path('blog', '/')] }));
  await driver.apply(web, signal);
  process.kill(await place.pid(), 'SIGSTOP');
  const error = await failure(driver.apply(moved, signal));
  assert.deepEqual([error.outcome, error.reason], ['rolled_back', 'RELOAD_TIMEOUT']);
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
  await driver.verify(web, signal);
  process.kill(await place.pid(), 'SIGCONT');
  await driver.apply(moved, signal);
  await driver.verify(moved, signal);
  assert.equal(await place.ask('shop.example', '/'), 'blog /');
});

test('attempts at injection are refused and change no byte', async () => {
  await using place = await openPlace();
  await using driver = await place.open();
  await driver.apply(config('web', ingress({ 'shop.example': [path('shop', '/')] })), signal);
  const conf = join(place.root, 'nginx', 'nginx.conf');
  const before = await readFile(conf);
  const evil = [
    '/a;b',
    '/a{',
    '/a}',
    '/a"',
    '/a\nb',
    '/a$b',
    "/a'",
    '/a\\',
    '/a b',
    '/a#',
    '/../a',
    '/%0a',
  ];
  const nginxAnnotation = (name: string, text: string) =>
    ingress(
      { 'x.example': [path('shop', '/')] },
      { [`nginx.ingress.kubernetes.io/${name}`]: text },
    );
  const contents = [
    ...evil.map((at) => ingress({ 'x.example': [path('shop', at)] })),
    ...evil.map((at) => ingress({ 'x.example': [path('shop', at, 'ImplementationSpecific')] })),
    ...['x.example;', 'x{', 'x"', 'x\n', 'X.example', '~^x$', '_'].map((host) =>
      ingress({ [host]: [path('shop', '/')] }),
    ),
    nginxAnnotation('configuration-snippet', 'return 200;'),
    nginxAnnotation('server-snippet', 'return 200;'),
    ...evil.map((text) => nginxAnnotation('rewrite-target', text).replace('%0a', '$x')),
    ...['1m;', '8m }', '-1'].map((text) => nginxAnnotation('proxy-body-size', text)),
    ...['10.0.0.0/8; deny all', '10.0.0.0/33', 'all'].map((text) =>
      nginxAnnotation('whitelist-source-range', text),
    ),
  ];
  for (const content of contents) {
    assert.equal(
      (await failure(driver.apply(config('x', content), signal))).outcome,
      'rejected',
      content,
    );
  }
  assert.deepEqual(await readFile(conf), before);
});

driverContract('nginx', async (): Promise<DriverPlace> => {
  const place = await openPlace();
  return {
    open: place.open,
    content: (id, version) =>
      ingress({ [`h${contentHash(id).slice(0, 8)}.example`]: [path('shop', `/${version}`)] }),
    refused: { id: 'refused', content: '{"kind":"Secret"}' },
    tamper: () => writeFile(join(place.root, 'nginx', 'nginx.conf'), 'events {}'),
    lose: (id) => rm(join(place.root, 'nginx', 'in-force', `${id}.json`)),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
});
