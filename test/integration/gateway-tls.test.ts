import assert from 'node:assert/strict';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startProgram } from '#local';
import { makeCertificates } from '#test/certificates';
import { openSystem } from '#test/system';

const CALL_MS = 10_000;

interface Credentials {
  ca: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

async function get(address: string, path: string, tls: Credentials) {
  const answered = Promise.withResolvers<{ status: number | undefined; body: string }>();
  const signal = AbortSignal.timeout(CALL_MS);
  const call = request(`https://${address}${path}`, { ...tls, signal }, (response) => {
    text(response).then(
      (body) => answered.resolve({ status: response.statusCode, body }),
      answered.reject,
    );
  });
  call.on('error', answered.reject);
  call.end();
  return await answered.promise;
}

test('the gateway takes mutual TLS, and shows the services a certificate of its own', async () => {
  await using tls = await makeCertificates();
  await using system = await openSystem({ tls });
  await using gateway = await startProgram({
    program: 'gateway',
    args: [
      ...['--name', 'gateway-1', '--listen', '127.0.0.1:0'],
      ...['--controllers', system.controllers[0]?.program.address ?? ''],
      ...['--aggregators', system.aggregator.program.address],
      ...['--tls-cert', tls.serverCert, '--tls-key', tls.serverKey, '--tls-client-ca', tls.ca],
      ...['--upstream-ca', tls.ca, '--upstream-cert', tls.clientCert],
      ...['--upstream-key', tls.clientKey],
    ],
    logFile: join(system.dir, 'gateway-1.log'),
  });
  await system.set('1', 'web');
  const { status, body } = await get(gateway.address, '/v1/envs/1/configs/web', tls.client());
  assert.equal(status, 200, body);
  assert.equal((JSON.parse(body) as { id: string }).id, 'web');
  const { ca } = tls.client();
  await assert.rejects(get(gateway.address, '/v1/envs', { ca }), { name: 'Error' });
});
