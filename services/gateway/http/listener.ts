import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { deriveSignal } from '#libs/lifecycle';
import type { TlsFiles } from '#libs/tls';

/** A caller that sends slower than this holds a connection for nothing. */
const HEADERS_MS = 10_000;
const BODY_MS = 30_000;
const IDLE_MS = 65_000;
const CONNECTIONS_MAX = 10_000;

/** Answers one request; `draining` fires when the server stops. Never rejects. */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  draining: AbortSignal,
) => Promise<void>;

export interface ListenerOptions {
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Absent: plaintext. With `ca`: callers must show a certificate signed by it. */
  tls?: TlsFiles | undefined;
  answer: Answer;
  /** How long requests in flight may take once it drains. */
  graceMs: number;
}

/** An HTTP server that listens. Disposal drains it: streams end, requests in flight finish. */
export interface Listener extends AsyncDisposable {
  /** host:port. */
  readonly address: string;
}

/** Starts to listen. Rejects when the address is taken. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { listen, tls, answer, graceMs } = options;
  const draining = deriveSignal();
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (draining.signal.aborted) response.setHeader('connection', 'close');
    // A kept-alive connection is idle only after its answer: the stop has looked by then.
    response.once('close', () => {
      if (draining.signal.aborted) setImmediate(() => server.closeIdleConnections());
    });
    void answer(request, response, draining.signal);
  };
  const times = { headersTimeout: HEADERS_MS, requestTimeout: BODY_MS, keepAliveTimeout: IDLE_MS };
  const server: Server = tls ? tlsServer(tls, times, onRequest) : createServer(times, onRequest);
  server.maxConnections = CONNECTIONS_MAX;
  const at = listen.lastIndexOf(':');
  const host = listen.slice(0, at);
  await bind(server, Number(listen.slice(at + 1)), host.replaceAll(/[[\]]/g, ''));
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      draining.abort(new DOMException('the gateway stops', 'AbortError'));
      await close(server, graceMs);
    },
  };
}

function tlsServer(tls: TlsFiles, times: ServerOptions, onRequest: RequestListener): Server {
  const requestCert = tls.ca !== undefined;
  const server = createTlsServer({ ...times, ...contextOf(tls), requestCert }, onRequest);
  tls.onChange(() => server.setSecureContext(contextOf(tls)));
  return server;
}

function contextOf({ ca, cert, key }: TlsFiles) {
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function bind(server: Server, port: number, host: string): Promise<void> {
  const bound = Promise.withResolvers<void>();
  server.once('error', bound.reject);
  server.listen(port, host, () => bound.resolve());
  await bound.promise;
  server.off('error', bound.reject);
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  server.close(() => closed.resolve());
  server.closeIdleConnections();
  await closed.promise;
  clearTimeout(timer);
}
