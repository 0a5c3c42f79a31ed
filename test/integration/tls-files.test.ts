import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEtcd, put } from '#libs/etcd';
import { bindAgent, openClient, openServer, RpcError } from '#libs/grpc';
import { migrate, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { openTlsFiles, type TlsPaths } from '#libs/tls';
import { startEtcd } from '#local';
import { makeCertificates, type TlsFiles } from '#test/certificates';
import { eventually } from '#test/eventually';
import { ownMysql } from '#test/servers';

const POLL_MS = 20;

/** Files that are looked at often; `said`: what was logged of them. */
async function watched(paths: TlsPaths) {
  const said: string[] = [];
  const note = (_fields: object, message: string) => void said.push(message);
  const log = { ...silentLog, info: note, warn: note, child: () => log };
  return { said, files: await openTlsFiles('test', paths, { log, pollMs: POLL_MS }) };
}

const serverPaths = (files: TlsFiles) => ({
  ca: files.ca,
  cert: files.serverCert,
  key: files.serverKey,
});
const clientPaths = (files: TlsFiles) => ({
  ca: files.ca,
  cert: files.clientCert,
  key: files.clientKey,
});

/** A server whose methods answer with nothing. */
async function openAgentServer(tls: Awaited<ReturnType<typeof watched>>['files']) {
  const handlers: unknown = new Proxy({}, { get: () => async () => ({}) });
  const services = [bindAgent(handlers as Parameters<typeof bindAgent>[0])];
  return await openServer({ listen: '127.0.0.1:0', tls, services, log: silentLog });
}

async function call(address: string, tls: ReturnType<TlsFiles['client']>): Promise<void> {
  await using client = openClient('Agent', address, { tls });
  await client.call('GetAgent', {});
}

const isRefused = (reason: RegExp) => (error: unknown) =>
  error instanceof RpcError && error.codeName === 'UNAVAILABLE' && reason.test(error.message);

test('a server takes certificates that are replaced in their files, and keeps its connections', async () => {
  await using old = await makeCertificates();
  await using renewed = await makeCertificates();
  const before = old.client();
  const { said, files } = await watched(serverPaths(old));
  await using _files = files;
  await using server = await openAgentServer(files);
  await using connected = openClient('Agent', server.address, { tls: before });
  await connected.call('GetAgent', {});

  await old.replaceWith(renewed, ['ca', 'serverCert']);
  await eventually(() => said.includes('certificates not replaced'), { timeoutMs: 2000 });
  await call(server.address, before);
  await old.replaceWith(renewed, ['serverKey']);
  await eventually(() => said.includes('certificates replaced'), { timeoutMs: 2000 });

  await call(server.address, renewed.client());
  await connected.call('GetAgent', {});
  await assert.rejects(call(server.address, before), isRefused(/certificate/));
});

test('a certificate that has ended, or is of another CA, is refused with that reason', async () => {
  await using files = await makeCertificates();
  await using others = await makeCertificates();
  await using ended = await makeCertificates('test-client', { days: 0 });
  const late = await watched(serverPaths(ended));
  await using _late = late.files;
  await using expired = await openAgentServer(late.files);
  const expected = isRefused(/certificate has expired/);
  await assert.rejects(call(expired.address, ended.client()), expected);

  const right = await watched(serverPaths(files));
  await using _right = right.files;
  await using server = await openAgentServer(right.files);
  await assert.rejects(call(server.address, others.client()), isRefused(/self-signed|unable to/));
  const stranger = { ...others.client(), ca: files.client().ca };
  // Whose own certificate is refused sees the connection end: grpc-js keeps the alert to itself.
  await assert.rejects(call(server.address, stranger), isRefused(/Failed to connect/));
});

test('files that cannot be used together are named at the start', async () => {
  await using files = await makeCertificates();
  await using others = await makeCertificates();
  const mixed = { cert: files.serverCert, key: others.serverKey };
  await assert.rejects(watched(mixed), /TLS files of test: .*server\.pem.*server\.key.*mismatch/);
  await assert.rejects(watched({ ca: join(tmpdir(), 'none.pem') }), /ENOENT.*none\.pem/);
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-tls-files-'));
  await writeFile(join(dir, 'ca.pem'), 'not a certificate');
  await assert.rejects(watched({ ca: join(dir, 'ca.pem') }), /cannot be used together: .*ca\.pem/);
  await rm(dir, { recursive: true });
});

test('an etcd and a MySQL that come back with another CA are reached once the files have it', async () => {
  await using theirs = await makeCertificates();
  await using ours = await makeCertificates();
  await using renewed = await makeCertificates();
  await ours.replaceWith(theirs);
  const open = await watched(clientPaths(ours));
  await using tls = open.files;
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-tls-etcd-'));
  await using etcd = await startEtcd({ dir, tls: theirs.servers() });
  await using server = await ownMysql({ tls: serverPaths(theirs) });
  await using client = openEtcd({ endpoints: etcd.endpoints, tls }, { log: silentLog });
  const url = server.url('tls');
  await migrate({ url, tls }, silentLog);
  await using mysql = openMysql({ url, tls }, { log: silentLog });
  const write = () => client.txn({ compare: [], success: [put('/k', 'v')] });
  await Promise.all([write(), mysql.ping()]);

  await Promise.all([etcd.kill(), server.kill()]);
  await theirs.replaceWith(renewed);
  await Promise.all([etcd.restart(), server.restart()]);
  await assert.rejects(write(), /certificate|unavailable/i);
  await assert.rejects(mysql.ping(), /certificate|unavailable/i);

  await ours.replaceWith(renewed);
  await eventually(write, { timeoutMs: 10_000 });
  await eventually(() => mysql.ping(), { timeoutMs: 10_000 });
  await rm(dir, { recursive: true, force: true });
});
