// Calls of the Kubernetes API. The credentials are the library's (kubeconfig, exec plugins, a pod's
// rotating token); the requests are our own, because its fetch opens a TLS connection for each.

import { type IncomingMessage, request as plainRequest } from 'node:http';
import { type RequestOptions, Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { sleep } from '#libs/lifecycle';
import { createBackoff } from '#libs/reconcile';
import { ApiError } from './api-error.ts';

/** Tries of one call; past them the engine's own back-off goes on. */
const ATTEMPTS_MAX = 4;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 2_000;
/** Longest wait that a server may ask for within a call. */
const RETRY_AFTER_MAX_MS = 3_000;
/** Of one try, so that a server that hangs leaves time for another. */
const TRY_TIMEOUT_MS = 4_000;
/** A page of the largest objects is far below it. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const SOCKETS_MAX = 8;

export interface ApiCall {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** From the root of the server. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
}

export interface ApiAnswer {
  readonly code: number;
  readonly body: unknown;
}

/** Answers of a server; disposal closes its connections. */
export interface KubernetesApi extends AsyncDisposable {
  /** Repeats what may succeed later, within the signal's time. Throws ApiError, or the signal's reason. */
  call(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer>;
}

/** Opens nothing yet. Throws when the credentials name no server. */
export function createKubernetesApi(config: KubeConfig): KubernetesApi {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error('the kubeconfig has no current cluster');
  const base = new URL(cluster.server);
  const agent = new TlsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const once = async (call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> => {
    const credentials: RequestOptions = {};
    await config.applyToHTTPSOptions(credentials);
    // A proxy needs the library's own agent; ours keeps connections, by key and certificate.
    if (!cluster.proxyUrl && base.protocol === 'https:') credentials.agent = agent;
    return await send(base, call, { credentials, signal });
  };
  return {
    call: async (call, signal) => {
      const backoff = createBackoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS });
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(call, AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)]));
        } catch (error) {
          signal.throwIfAborted();
          const failure = ApiError.from(error);
          if (!failure.isTransient || attempt >= ATTEMPTS_MAX) throw failure;
          const waitMs = Math.max(failure.retryAfterMs ?? 0, backoff.next());
          await sleep(Math.min(waitMs, RETRY_AFTER_MAX_MS), signal);
        }
      }
    },
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

interface Sending {
  credentials: RequestOptions;
  signal: AbortSignal;
}

async function send(base: URL, call: ApiCall, { credentials, signal }: Sending) {
  const { method, path, query = {}, body, contentType = 'application/json' } = call;
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const payload = body && JSON.stringify(body);
  const headers = {
    ...(credentials.headers as Record<string, string> | undefined),
    ...{ accept: 'application/json', 'user-agent': 'rollcall-agent' },
    ...(payload && { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) }),
  };
  const options = { ...credentials, method, headers, signal };
  const answered = Promise.withResolvers<IncomingMessage>();
  const request =
    url.protocol === 'https:'
      ? tlsRequest(url, options)
      : plainRequest(url, { ...options, agent: credentials.agent });
  request.once('response', answered.resolve).once('error', answered.reject).end(payload);
  const response = await answered.promise;
  const answer = { code: response.statusCode ?? 0, body: await readBody(response) };
  if (answer.code >= 200 && answer.code < 300) return answer;
  throw ApiError.fromAnswer(answer, response.headers['retry-after']);
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

/** What the server said; undefined when it is no JSON, as from a proxy before it. */
async function readBody(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return json.safeParse(Buffer.concat(chunks).toString()).data;
}
