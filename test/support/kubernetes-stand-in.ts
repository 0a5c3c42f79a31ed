// An API server of Kubernetes as far as Ingresses go: TLS, bearer tokens, server-side apply with
// field managers, resourceVersion, preconditions, pages. Faults come from the test.

import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeCertificates, type TlsFiles } from './certificates.ts';
import { KubernetesStore, StatusFailure, type StoredIngress } from './kubernetes-store.ts';

const TOKEN = 'token-of-the-agent';
const PATH = /^\/apis\/networking\.k8s\.io\/v1(?:\/namespaces\/([^/]+))?\/ingresses(?:\/([^/]+))?$/;

/** What becomes of a request instead of an answer. */
export type Fault =
  | { readonly code: number; readonly retryAfterSeconds?: number; readonly message?: string }
  | 'hang'
  | 'reset';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Opens a server on loopback. */
export async function openKubernetesStandIn(dir: string): Promise<KubernetesStandIn> {
  const tls = await makeCertificates();
  const server = createServer({
    cert: await readFile(tls.serverCert),
    key: await readFile(tls.serverKey),
  });
  const standIn = new KubernetesStandIn(server, tls, dir);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await standIn.writeKubeconfig(TOKEN);
  return standIn;
}

export class KubernetesStandIn implements AsyncDisposable {
  readonly store = new KubernetesStore();
  readonly seen: SeenRequest[] = [];
  /** File for the option `kubeconfig`. */
  readonly kubeconfig: string;
  /** Largest page. */
  pageMax = 500;
  connections = 0;
  readonly #server: Server;
  readonly #tls: TlsFiles;
  readonly #faults: { fault: Fault; fits: (request: SeenRequest) => boolean }[] = [];
  #areTokensOld = false;
  /** Called before a request is carried out. */
  onRequest: (request: SeenRequest) => void = () => undefined;

  constructor(server: Server, tls: TlsFiles, dir: string) {
    this.#server = server;
    this.#tls = tls;
    this.kubeconfig = join(dir, 'kubeconfig');
    server.on('secureConnection', () => {
      this.connections += 1;
    });
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** The next `count` requests of these methods go wrong. */
  fail(fault: Fault, count = 1, methods: readonly string[] = ['GET', 'PATCH', 'DELETE']): void {
    for (let n = 0; n < count; n += 1) {
      this.#faults.push({ fault, fits: ({ method }) => methods.includes(method) });
    }
  }

  /** Faults that no request has met yet are off. */
  heal(): void {
    this.#faults.length = 0;
  }

  /** The next page that is asked for is too old. */
  forgetPages(): void {
    this.#areTokensOld = true;
  }

  async writeKubeconfig(token: string): Promise<void> {
    const address = this.#server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
      clusters: [
        {
          name: 'test',
          cluster: { server: `https://localhost:${port}`, 'certificate-authority': this.#tls.ca },
        },
      ],
      users: [{ name: 'agent', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'agent' } }],
    };
    await writeFile(this.kubeconfig, JSON.stringify(config));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#tls[Symbol.asyncDispose]();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const { pathname: path, searchParams: query } = url;
    const seen = { method: request.method ?? '', path, query };
    this.seen.push(seen);
    const body = await text(request).catch(() => '');
    const at = this.#faults.findIndex(({ fits }) => fits(seen));
    const [faulty] = at === -1 ? [] : this.#faults.splice(at, 1);
    if (faulty) {
      fail(faulty.fault, request, response);
      return;
    }
    this.onRequest(seen);
    try {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        throw new StatusFailure(401, 'Unauthorized', 'Unauthorized');
      }
      const { code = 200, object } = this.#carryOut(seen, body, request.headers['content-type']);
      answer(response, code, object);
    } catch (error) {
      if (!(error instanceof StatusFailure)) throw error;
      answer(response, error.code, statusOf(error));
    }
  }

  #carryOut(
    { method, path, query }: SeenRequest,
    body: string,
    contentType = '',
  ): { code?: number; object: unknown } {
    const [, namespace, name] = PATH.exec(path) ?? [];
    if (!PATH.test(path)) throw new StatusFailure(404, 'NotFound', `no ${path}`);
    if (name === undefined) return { object: this.#page(namespace, query) };
    const place = { namespace: namespace ?? '', name };
    if (method === 'GET') return { object: this.store.get(place.namespace, name) };
    if (method === 'DELETE') {
      const { preconditions } = JSON.parse(body || '{}') as { preconditions?: object };
      this.store.delete(place.namespace, name, preconditions);
      return { object: { kind: 'Status', status: 'Success' } };
    }
    if (contentType !== 'application/apply-patch+yaml') {
      throw new StatusFailure(415, 'UnsupportedMediaType', `no patch is ${contentType}`);
    }
    const manager = query.get('fieldManager');
    if (!manager) throw new StatusFailure(400, 'BadRequest', 'fieldManager is required');
    const force = query.get('force') === 'true';
    const dryRun = query.get('dryRun') === 'All';
    const options = { manager, force, dryRun };
    const { object, isNew } = this.store.apply(place, JSON.parse(body) as StoredIngress, options);
    return { code: isNew ? 201 : 200, object };
  }

  #page(namespace: string | undefined, query: URLSearchParams): unknown {
    const from = Number(query.get('continue') ?? 0);
    if (from > 0 && this.#areTokensOld) {
      this.#areTokensOld = false;
      throw new StatusFailure(410, 'Expired', 'The provided continue parameter is too old');
    }
    const wanted = (query.get('labelSelector') ?? '').split(',').filter((part) => part !== '');
    const found = this.store.all(namespace).filter(({ metadata }) => {
      const labels = (metadata['labels'] ?? {}) as Record<string, string>;
      return wanted.every((part) => labels[part.split('=')[0] ?? ''] === part.split('=')[1]);
    });
    const limit = Math.min(Number(query.get('limit') ?? this.pageMax), this.pageMax);
    const next = from + limit < found.length ? { continue: String(from + limit) } : {};
    const metadata = { resourceVersion: String(this.store.revision), ...next };
    return { kind: 'IngressList', metadata, items: found.slice(from, from + limit) };
  }
}

function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    request.socket.destroy();
    return;
  }
  if (fault.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', String(fault.retryAfterSeconds));
  }
  const { code, message = 'it went wrong' } = fault;
  answer(response, code, statusOf(new StatusFailure(code, '', message)));
}

function statusOf({ code, reason, message, causes }: StatusFailure): unknown {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure' };
  return { ...status, code, reason, message, details: { causes } };
}

function answer(response: ServerResponse, code: number, object: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(object));
}
