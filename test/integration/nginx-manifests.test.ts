// Every public manifest that the controller takes, through a real nginx: what is in force answers as the
// Ingress specification says, by a reading of it that knows nothing of the renderer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { parse } from 'yaml';
import { freePort } from '#local';
import { type DriverConfig, DriverError } from '#services/agent/drivers/driver.ts';
import { makeCertificates } from '#test/certificates';
import {
  backendFor,
  backendName,
  type IngressManifest,
  type IngressRequest,
  requestsFor,
} from '#test/ingress-reading';
import { config, openNginxPlace } from '#test/nginx-place';
import { MANIFESTS, noManifests } from '../manifests/collection.ts';
import { REFUSED } from '../manifests/refused.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';

/** Annotations of ingress-nginx that this driver serves, with a value as written, by number. */
const SERVED: ReadonlySet<string> = new Set(
  [
    ...['proxy-body-size', 'proxy-connect-timeout', 'proxy-read-timeout', 'proxy-send-timeout'],
    ...['whitelist-source-range', 'allowlist-source-range', 'rewrite-target', 'ssl-redirect'],
    'force-ssl-redirect',
  ].map((name) => PREFIX + name),
);

/** Taken by Kubernetes, and refused here for what no list of annotations shows. */
const NOT_SERVED: Readonly<Record<string, string>> = {
  '028': 'a rewrite by groups of a pattern',
  '077': 'a path that is a pattern',
  '078': 'a path that is a pattern',
};

interface Manifest {
  readonly number: string;
  readonly ingress: IngressManifest;
  readonly config: DriverConfig;
}

function readManifests(): Manifest[] {
  const names = readdirSync(MANIFESTS).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => {
    const number = name.slice(0, 3);
    const ingress = parse(readFileSync(join(MANIFESTS, name), 'utf8')) as IngressManifest;
    return { number, ingress, config: config(`m-${number}`, canonicalize(ingress) ?? '') };
  });
}

/** Why a manifest is not served; undefined when it must be. */
function expectedRefusal({ number, ingress }: Manifest): string | undefined {
  const asked = Object.keys(ingress.metadata.annotations ?? {});
  const unknown = asked.filter((name) => name.startsWith(PREFIX) && !SERVED.has(name));
  if (unknown.length > 0) return `annotation ${unknown[0]}`;
  return REFUSED[number]?.why ?? NOT_SERVED[number];
}

/** A backend for each name that the manifests have, which answers with its name. */
async function openBackends(manifests: readonly Manifest[]) {
  const names = new Set<string>();
  for (const { ingress } of manifests) {
    const { defaultBackend, rules = [] } = ingress.spec ?? {};
    const paths = rules.flatMap((rule) => rule.http?.paths ?? []);
    for (const backend of [defaultBackend, ...paths.map((each) => each.backend)]) {
      if (backend?.service) names.add(backendName(ingress, backend));
    }
  }
  const servers: Server[] = [];
  const upstreams: Record<string, string> = {};
  for (const name of names) {
    const server = createServer((_, answer) => answer.end(name));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    upstreams[name] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  return {
    upstreams,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) server.close();
    },
  };
}

async function openSecrets(manifests: readonly Manifest[]) {
  await using certificates = await makeCertificates();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-secrets-'));
  for (const { ingress } of manifests) {
    for (const { secretName } of ingress.spec?.tls ?? []) {
      if (secretName === undefined || !/^[-a-z0-9.]+$/.test(secretName)) continue;
      const secret = join(dir, ingress.metadata.namespace ?? 'default', secretName);
      await mkdir(secret, { recursive: true });
      await copyFile(certificates.serverCert, join(secret, 'tls.crt'));
      await copyFile(certificates.serverKey, join(secret, 'tls.key'));
    }
  }
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

/** Body of a 200, else the status. */
async function ask(port: number, { host, path }: IngressRequest, tls: boolean): Promise<string> {
  const options = { host: '127.0.0.1', port, path, agent: false, headers: { host } } as const;
  const asked = tls
    ? requestTls({ ...options, servername: host, rejectUnauthorized: false })
    : request(options);
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return response.statusCode === 200 ? body : String(response.statusCode);
}

/** Whether a host of an Ingress stands for this one: empty for all, a wildcard for one label. */
function covers(name: string, host: string): boolean {
  return name === '' || name === host || name === host.replace(/^[^.]+/, '*');
}

/** What nginx answers is right: of each backend, to each request, over TLS where the host has it. */
async function checkAnswers(
  { number, ingress }: Manifest,
  { port, tlsPort }: { port: number; tlsPort: number },
): Promise<number> {
  const tls = ingress.spec.tls ?? [];
  const names = (ingress.spec.rules ?? []).map((rule) => rule.host ?? '');
  const secured = new Set(tls.flatMap(({ hosts }) => hosts ?? names));
  const isOpen = ingress.metadata.annotations?.[`${PREFIX}ssl-redirect`] === 'false';
  const isFenced = [`${PREFIX}whitelist-source-range`, `${PREFIX}allowlist-source-range`].some(
    (name) => Boolean(ingress.metadata.annotations?.[name]),
  );
  let asked = 0;
  for (const each of requestsFor(ingress)) {
    const wanted = backendFor(ingress, each.host, each.path);
    const isTls = [...secured].some((name) => covers(name, each.host));
    const right = wanted === undefined ? '404' : isFenced ? '403' : wanted;
    const where = `${number} ${each.host}${each.path}`;
    assert.equal(await ask(isTls ? tlsPort : port, each, isTls), right, where);
    if (isTls && wanted !== undefined) {
      assert.equal(await ask(port, each, false), isOpen ? right : '308', `${where} without TLS`);
    }
    asked += 1;
  }
  return asked;
}

test('public manifests are served as the specification says, or refused for what is not supported', {
  skip: noManifests,
}, async (t) => {
  const manifests = readManifests();
  await using backends = await openBackends(manifests);
  await using secrets = await openSecrets(manifests);
  const tlsPort = await freePort();
  await using place = await openNginxPlace({
    upstreams: JSON.stringify(backends.upstreams),
    ...{ secrets: secrets.dir, 'listen-tls': `127.0.0.1:${tlsPort}` },
  });
  await using driver = await place.open();
  const { signal } = new AbortController();
  let requests = 0;
  const rows: string[] = [];
  let left = manifests;
  const listed = async () => {
    const ids: string[] = [];
    for await (const { id } of driver.list(signal)) ids.push(id);
    return ids;
  };
  // Some want each other's routes: who loses is asked again when the winners are gone.
  for (let round = 1; left.length > 0; round += 1) {
    const outcomes = await Promise.allSettled(
      left.map(async (each) => await driver.apply(each.config, signal)),
    );
    // The calls may be several batches: an older config of a later one takes what it wants.
    const stays = new Set(await listed());
    const inForce = left.filter(({ config: { id } }) => stays.has(id));
    const next: Manifest[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const manifest = left[index];
      if (!manifest || stays.has(manifest.config.id)) continue;
      if (outcome.status === 'fulfilled') {
        next.push(manifest);
        continue;
      }
      const error: unknown = outcome.reason;
      assert.ok(error instanceof DriverError, String(error));
      if (error.reason === 'ROUTE_TAKEN') next.push(manifest);
      else rows.push(`${manifest.number} REJECTED ${error.reason}: ${error.message}`);
      if (error.reason === 'ROUTE_TAKEN') continue;
      const why = `${manifest.number}: ${error.message}`;
      assert.equal(error.outcome, 'rejected', why);
      assert.notEqual(expectedRefusal(manifest), undefined, why);
    }
    for (const each of inForce) {
      const { level } = await driver.verify(each.config, signal);
      assert.equal(level, 'VERIFIED');
      assert.equal(expectedRefusal(each), undefined, `${each.number} was to be refused`);
    }
    // Alone, as what one leaves open another may answer.
    await Promise.all(inForce.map(async (each) => await driver.remove(each.config.id, signal)));
    let before: Manifest | undefined;
    for (const each of inForce) {
      // Together: one reload instead of two.
      await Promise.all([
        driver.apply(each.config, signal),
        before && driver.remove(before.config.id, signal),
      ]);
      before = each;
      assert.deepEqual(await listed(), [each.config.id]);
      const answered = await checkAnswers(each, { port: place.port, tlsPort });
      rows.push(`${each.number} VERIFIED, ${answered} requests`);
      requests += answered;
    }
    if (before) await driver.remove(before.config.id, signal);
    assert.ok(next.length < left.length, 'somebody always wins');
    left = next;
  }
  for (const row of rows.toSorted()) t.diagnostic(row);
  const served = rows.filter((row) => row.includes('VERIFIED')).length;
  t.diagnostic(`${served} VERIFIED by ${requests} requests, ${rows.length - served} REJECTED`);
  assert.equal(rows.length, manifests.length);
});
