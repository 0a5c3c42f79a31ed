import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash } from '#services/agent/drivers/driver.ts';
import { type DriverPlace, driverContract } from '#test/driver-contract';
import { config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const { signal } = new AbortController();

test('an Ingress is served by its backends, and verified by requests through nginx', async () => {
  await using place = await openNginxPlace();
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

test('a field that is null or empty is absent, as it is for Kubernetes', async () => {
  await using place = await openNginxPlace({ ports: '{"web":80}' });
  await using driver = await place.open();
  const backend = (port: object) => ({ service: { name: 'shop', port }, resource: null });
  const sparse = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', status: null },
    metadata: { namespace: '', annotations: null, labels: null },
    spec: {
      ...{ tls: null, defaultBackend: null, ingressClassName: null },
      rules: [
        { host: 'null.example', http: null },
        {
          host: 'sparse.example',
          http: {
            paths: [
              {
                ...{ path: null, pathType: 'ImplementationSpecific' },
                backend: backend({ number: 80, name: '' }),
              },
            ],
          },
        },
      ],
    },
  };
  const sound = config('sparse', JSON.stringify(sparse));
  await driver.apply(sound, signal);
  await driver.verify(sound, signal);
  assert.equal(await place.ask('sparse.example', '/a'), 'shop /a');
  assert.equal(await place.ask('null.example', '/'), '404');
  const named = { service: { name: 'shop', port: { name: 'web', number: 0 } } };
  const one = { path: '/', pathType: 'Prefix', backend: named };
  await driver.validate(config('named', ingress({ 'named.example': [one] })), signal);
});

test('of a burst only the refused ones fail, and each is told why', async () => {
  await using place = await openNginxPlace();
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
  assert.deepEqual([taken.outcome, taken.reason], ['retry', 'ROUTE_TAKEN']);
  assert.match(taken.message, /good-1\b/);
  assert.equal(unresolved.reason, 'BACKEND_UNRESOLVED');
  for (const one of all) assert.equal((await driver.verify(one, signal)).level, 'VERIFIED');
});

test('who lost a route has it once the winner goes, and an older config takes it back', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const of = (service: string) => ingress({ 'one.example': [path(service, '/')] });
  const middle = config('middle', of('shop'), '2026-02-01T00:00:00.000Z');
  const young = config('young', of('blog'), '2026-03-01T00:00:00.000Z');
  const old = config('old', of('blog'), '2026-01-01T00:00:00.000Z');
  await driver.apply(middle, signal);
  assert.match((await failure(driver.apply(young, signal))).message, /middle/);
  await driver.remove('middle', signal);
  await driver.apply(young, signal);
  await driver.verify(young, signal);
  await driver.apply(old, signal);
  assert.equal((await failure(driver.verify(young, signal))).reason, 'NOT_IN_FORCE');
  const listed: string[] = [];
  for await (const { id } of driver.list(signal)) listed.push(id);
  assert.deepEqual(listed, ['old']);
  assert.match((await failure(driver.apply(young, signal))).message, /old/);
});

test('whom others displace or set free is told of at once, and nobody else', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const told: string[][] = [];
  driver.onDisturbed?.((ids) => told.push(ids.toSorted()));
  const of = (...hosts: string[]) =>
    ingress(Object.fromEntries(hosts.map((host) => [host, [path('shop', '/')]])));
  const middle = config('middle', of('one.example', 'two.example'), '2026-02-01T00:00:00.000Z');
  const young = config('young', of('one.example'), '2026-03-01T00:00:00.000Z');
  const old = config('old', of('two.example'), '2026-01-01T00:00:00.000Z');
  await driver.apply(middle, signal);
  assert.equal((await failure(driver.apply(young, signal))).reason, 'ROUTE_TAKEN');
  await driver.apply(config('other', of('other.example')), signal);
  assert.deepEqual(told, []);
  await driver.apply(old, signal);
  assert.deepEqual(told.splice(0), [['middle', 'young']], 'one is displaced, one has its route');
  await driver.apply(young, signal);
  assert.equal((await failure(driver.apply(middle, signal))).reason, 'ROUTE_TAKEN');
  assert.deepEqual(told, []);
  await driver.remove('old', signal);
  assert.deepEqual(told.splice(0), [['middle']]);
  await driver.apply(middle, signal);
  assert.deepEqual(told, [['young']]);
});

test('a plain list of routes is served as an Ingress is, and a wrong one names its field', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const routes = [
    { host: 'r.example', path: '/', backend: place.backends.shop.address },
    { host: 'r.example', path: '/b', pathType: 'Exact', backend: place.backends.blog.address },
  ];
  const list = config('list', JSON.stringify({ routes }));
  await driver.apply(list, signal);
  await driver.verify(list, signal);
  assert.equal(await place.ask('r.example', '/b'), 'blog /b');
  assert.equal(await place.ask('r.example', '/b/c'), 'shop /b/c');
  for (const [wrong, field] of [
    [{ routes: [{ backend: 'nowhere' }] }, /routes\.0\.backend/],
    [{ routes: [{ backend: '127.0.0.1:1', pathType: 'Regex' }] }, /routes\.0\.pathType/],
    [{ rules: [] }, /routes/],
  ] as const) {
    const error = await failure(driver.apply(config('list', JSON.stringify(wrong)), signal));
    assert.deepEqual([error.outcome, error.reason], ['rejected', 'NOT_ROUTES']);
    assert.match(error.message, field);
  }
});

test('response headers are added, and none that nginx needs for itself', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const withHeaders = (headers: unknown) =>
    ingress(
      { 'h.example': [path('shop', '/')] },
      { 'rollcall.io/response-headers': JSON.stringify(headers) },
    );
  await driver.apply(config('h', withHeaders({ 'X-Frame-Options': 'DENY; a {b}' })), signal);
  const asked = request({ port: place.port, agent: false, headers: { host: 'h.example' } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  assert.equal(response.headers['x-frame-options'], 'DENY; a {b}');
  for (const bad of [
    { 'Content-Length': '1' },
    { 'X\n': 'a' },
    { X: 'a\nb' },
    { X: '$host' },
    ['x'],
  ]) {
    const error = await failure(driver.apply(config('h', withHeaders(bad)), signal));
    assert.equal(error.outcome, 'rejected', JSON.stringify(bad));
  }
});

test('an escaped path is the path that it stands for, and the backend gets it as it was asked', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const paths = [
    ...[path('shop', '/a%20b'), path('blog', '/%41/%7bc%7D', 'Exact')],
    ...[path('blog', '/a%25b'), path('blog', '/a%3b%23')],
  ];
  const escaped = config('escaped', ingress({ 'p.example': paths }));
  await driver.apply(escaped, signal);
  await driver.verify(escaped, signal);
  for (const [at, answer] of [
    ['/a%20b/c%2Fd?e=%20', 'shop /a%20b/c%2Fd?e=%20'],
    ['/A/%7Bc%7D', 'blog /A/%7Bc%7D'],
    ['/A/%7Bc%7D/', '404'],
    ['/a%25b', 'blog /a%25b'],
    ['/a%2525b', '404'],
    ['/a;%23', 'blog /a;%23'],
  ] as const) {
    assert.equal(await place.ask('p.example', at), answer, at);
  }
  const twice = ingress({ 'd.example': [path('shop', '/A'), path('blog', '/%41')] });
  assert.equal(
    (await failure(driver.apply(config('twice', twice), signal))).reason,
    'DUPLICATE_ROUTE',
  );
  for (const at of [
    '/a%2fb',
    '/a%',
    '/a%2',
    '/a%zz',
    '/%2e%2e/a',
    '/%2e',
    '/a%c3%a9',
    '/a%22',
    '/a%24b',
    '/%2erollcall/x',
  ]) {
    const { outcome } = await failure(
      driver.apply(config('x', ingress({ 'x.example': [path('shop', at)] })), signal),
    );
    assert.equal(outcome, 'rejected', at);
  }
});

test('a dead nginx is started again, and serves what was in force', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  await driver.apply(web, signal);
  process.kill(await place.pid(), 'SIGKILL');
  await driver.apply(config('b', ingress({ 'b.example': [path('blog', '/')] })), signal);
  await driver.verify(web, signal);
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
});

test('a reload that hangs fails and may be repeated, and what was in force goes on', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  const moved = config('web', ingress({ 'shop.example': [path('blog', '/')] }));
  await driver.apply(web, signal);
  process.kill(await place.pid(), 'SIGSTOP');
  const error = await failure(driver.apply(moved, signal));
  assert.deepEqual([error.outcome, error.reason], ['retry', 'RELOAD_TIMEOUT']);
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
  await driver.verify(web, signal);
  process.kill(await place.pid(), 'SIGCONT');
  await driver.apply(moved, signal);
  await driver.verify(moved, signal);
  assert.equal(await place.ask('shop.example', '/'), 'blog /');
});

driverContract('nginx', async (): Promise<DriverPlace> => {
  const place = await openNginxPlace();
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
