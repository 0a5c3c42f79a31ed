import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureNginx, freePort } from '#local';
import {
  contentHash,
  type DriverConfig,
  type DriverError,
} from '#services/agent/drivers/driver.ts';
import { openDriver } from '#services/agent/drivers/open-driver.ts';

const run = promisify(execFile);

/** A little server that answers with its name and the path that it was asked for. */
async function openBackend(name: string) {
  const server = createServer((asked, answer) => answer.end(`${name} ${asked.url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}

/** A driver with a real nginx and two little backends, `default/shop:80` and `default/blog:80`. */
export async function openNginxPlace(more: Readonly<Record<string, string>> = {}) {
  const nginx = await ensureNginx();
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
    ...more,
  };
  const pid = async () => Number(await readFile(join(root, 'nginx', 'nginx.pid'), 'utf8'));
  return {
    root,
    port,
    backends,
    open: () => openDriver('nginx', options, { env: '1', stateDir: root }),
    pid,
    ask: (host: string, path: string) => ask(port, host, path),
    [Symbol.asyncDispose]: async () => {
      await pid()
        // Empty where only `nginx -t` has run; 0 would be this process and its group.
        .then((found) => found > 1 && process.kill(found, 'SIGTERM'))
        .catch(() => undefined);
      for (const backend of Object.values(backends)) backend.close();
      await rm(root, { recursive: true, maxRetries: 3 });
    },
  };
}

/** What a host answers on a path: the body, or the status when it is not 200. */
export async function ask(port: number, host: string, path: string): Promise<string> {
  const asked = request({ host: '127.0.0.1', port, path, agent: false, headers: { host } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return response.statusCode === 200 ? body : String(response.statusCode);
}

/** A path of an Ingress that leads to port 80 of a service. */
export const path = (service: string, at: string, pathType = 'Prefix') => ({
  path: at,
  pathType,
  backend: { service: { name: service, port: { number: 80 } } },
});

/** An Ingress of these paths by host. */
export function ingress(
  rules: Record<string, unknown[]>,
  annotations = {},
  tls: readonly unknown[] = [],
): string {
  return JSON.stringify({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: { annotations },
    spec: { tls, rules: Object.entries(rules).map(([host, paths]) => ({ host, http: { paths } })) },
  });
}

/** Generation 1 of a config. */
export function config(
  id: string,
  content: string,
  createdAt = '2026-01-01T00:00:00.000Z',
): DriverConfig {
  return { id, content, generation: 1, digest: contentHash(content), traceparent: '', createdAt };
}

/** The DriverError that a call rejects with. */
export async function failure(call: Promise<unknown>): Promise<DriverError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.equal((error as Error | undefined)?.name, 'DriverError', String(error));
  return error as DriverError;
}

/**
 * Makes the folder of a secret that nginx takes and that no client shakes hands with: the algorithm of
 * its key is gone from TLS. Needs the openssl command.
 */
export async function putUnusableSecret(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir });
  const parameters = ['-genparam', '-algorithm', 'DSA', '-pkeyopt', 'dsa_paramgen_bits:2048'];
  await openssl('genpkey', ...parameters, '-out', 'parameters.pem');
  await openssl('genpkey', '-paramfile', 'parameters.pem', '-out', 'tls.key');
  await openssl('req', '-x509', '-key', 'tls.key', '-subj', '/CN=x', '-out', 'tls.crt');
}
