import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { freePort } from '#local';
import { contentHash } from '#services/agent/drivers/driver.ts';
import { makeCertificates, type TlsFiles } from '#test/certificates';
import { config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const { signal } = new AbortController();

/** A driver that serves TLS by the secrets of a directory. */
async function openTlsPlace() {
  const secrets = await mkdtemp(join(tmpdir(), 'rollcall-secrets-'));
  const tlsPort = await freePort();
  const place = await openNginxPlace({
    secrets,
    'listen-tls': `127.0.0.1:${tlsPort}`,
    'redirect-port': String(tlsPort),
  });
  return {
    ...place,
    tlsPort,
    put: async (name: string, { serverCert, serverKey }: TlsFiles) => {
      const dir = join(secrets, 'default', name);
      await mkdir(dir, { recursive: true });
      await copyFile(serverCert, join(dir, 'tls.crt'));
      await copyFile(serverKey, join(dir, 'tls.key'));
    },
    [Symbol.asyncDispose]: async () => {
      await place[Symbol.asyncDispose]();
      await rm(secrets, { recursive: true });
    },
  };
}

/** The answer of a host over TLS, and the fingerprint of the certificate that it showed. */
async function askTls(port: number, servername: string) {
  const asked = requestTls({
    ...{ host: '127.0.0.1', port, path: '/', agent: false, headers: { host: servername } },
    ...{ servername, rejectUnauthorized: false },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const { fingerprint256 } = (response.socket as TLSSocket).getPeerX509Certificate() ?? {};
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { body, fingerprint256 };
}

async function redirectOf(port: number, host: string) {
  const asked = request({ host: '127.0.0.1', port, path: '/a?b', agent: false, headers: { host } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return [response.statusCode, response.headers.location];
}

const secured = (annotations = {}) =>
  ingress(
    { 'shop.example': [path('shop', '/')], 'open.example': [path('blog', '/')] },
    annotations,
    [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
  );

test('a host of spec.tls is served with its certificate, and plain requests are sent there', async () => {
  await using place = await openTlsPlace();
  await using driver = await place.open();
  await using files = await makeCertificates();
  await place.put('shop-tls', files);
  const web = config('web', secured());
  await driver.apply(web, signal);
  assert.equal((await driver.verify(web, signal)).level, 'VERIFIED');
  assert.match((await askTls(place.tlsPort, 'shop.example')).body, /shop \//);
  assert.deepEqual(await redirectOf(place.port, 'shop.example'), [
    308,
    `https://shop.example:${place.tlsPort}/a?b`,
  ]);
  assert.equal(await place.ask('open.example', '/'), 'blog /');
  await assert.rejects(askTls(place.tlsPort, 'open.example'), /unrecognized name|alert/);
});

test('ssl-redirect "false" serves plain requests, too', async () => {
  await using place = await openTlsPlace();
  await using driver = await place.open();
  await using files = await makeCertificates();
  await place.put('shop-tls', files);
  const annotations = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' };
  await driver.apply(config('web', secured(annotations)), signal);
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
  assert.match((await askTls(place.tlsPort, 'shop.example')).body, /shop \//);
});

test('a secret that is not there yet is waited for, and named', async () => {
  await using place = await openTlsPlace();
  await using driver = await place.open();
  await using files = await makeCertificates();
  const web = config('web', secured());
  const error = await failure(driver.apply(web, signal));
  assert.deepEqual([error.outcome, error.reason], ['retry', 'SECRET_MISSING']);
  assert.match(error.message, /default\/shop-tls/);
  await place.put('shop-tls', files);
  await driver.apply(web, signal);
  await driver.verify(web, signal);
});

test('a certificate that nginx cannot use holds nobody else up', async () => {
  await using place = await openTlsPlace();
  await using driver = await place.open();
  await using files = await makeCertificates();
  await place.put('shop-tls', { ...files, serverKey: files.clientKey });
  const [error] = await Promise.all([
    failure(driver.apply(config('web', secured()), signal)),
    driver.apply(config('plain', ingress({ 'p.example': [path('blog', '/')] })), signal),
  ]);
  assert.deepEqual([error.outcome, error.reason], ['retry', 'SECRET_INVALID']);
  assert.equal(await place.ask('p.example', '/'), 'blog /');
});

test('a renewed certificate shows as drift, and the repair serves it', async () => {
  await using place = await openTlsPlace();
  await using driver = await place.open();
  await using files = await makeCertificates();
  await using renewed = await makeCertificates();
  await place.put('shop-tls', files);
  const web = config('web', secured());
  await driver.apply(web, signal);
  const before = await askTls(place.tlsPort, 'shop.example');
  const hashOf = async () => {
    for await (const { hash } of driver.list(signal)) return hash;
    return undefined;
  };
  assert.equal(await hashOf(), contentHash(web.content));
  await place.put('shop-tls', renewed);
  assert.equal(await hashOf(), 'changed');
  await driver.apply(web, signal);
  assert.equal(await hashOf(), contentHash(web.content));
  const after = await askTls(place.tlsPort, 'shop.example');
  assert.notEqual(after.fingerprint256, before.fingerprint256);
});

test('without a directory of secrets TLS is refused, and an entry without a secret anywhere', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const error = await failure(driver.apply(config('web', secured()), signal));
  assert.deepEqual([error.outcome, error.reason], ['rejected', 'TLS_UNSUPPORTED']);
  const nameless = ingress({ 'a.example': [path('shop', '/')] }, {}, [{ hosts: ['a.example'] }]);
  assert.equal(
    (await failure(driver.apply(config('a', nameless), signal))).reason,
    'SECRET_REQUIRED',
  );
});

test('a certificate that is spoilt in its file stops nobody else', async () => {
  await using files = await makeCertificates();
  await using place = await openTlsPlace();
  await place.put('web', files);
  await using driver = await place.open();
  const told: string[] = [];
  driver.onDisturbed?.((ids) => told.push(...ids));
  const of = (host: string) => ingress({ [host]: [path('shop', '/')] });
  const secured = ingress({ 'tls.example': [path('shop', '/')] }, {}, [
    { hosts: ['tls.example'], secretName: 'web' },
  ]);
  const web = config('web', secured);
  await driver.apply(web, signal);
  await driver.apply(config('a', of('a.example')), signal);
  await place.put('web', { ...files, serverCert: files.serverKey });
  const added = config('b', of('b.example'));
  await driver.apply(added, signal);
  await driver.verify(added, signal);
  assert.equal(await place.ask('a.example', '/'), 'shop /');
  assert.deepEqual(told, ['web'], 'who has to make way is told');
  assert.equal((await failure(driver.apply(web, signal))).reason, 'SECRET_INVALID');
});
