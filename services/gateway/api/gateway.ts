import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { deriveSignal } from '#libs/lifecycle';
import { counter, type Logger } from '#libs/telemetry';
import { readJsonBody } from '../http/json-body.ts';
import type { Limits } from '../http/limits.ts';
import { type Api, type Endpoint, route } from '../transcode/endpoints.ts';
import { requestMessage } from '../transcode/request-message.ts';
import { metadataOf, timeoutOf } from './call-options.ts';
import type { Calls } from './calls.ts';
import { conditionFields, entityTag, isConditional } from './conditions.ts';
import { type StreamEvent, sendEvents } from './event-stream.ts';
import { HttpError, PROBLEM_TYPE, problemOf } from './problem.ts';
import { requireWritten, takeWait, waitFor } from './wait.ts';

const countRequest = counter('rollcall_gateway_requests', 'HTTP requests by method and status');

/** Something to send as it is. */
export interface Page {
  type: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

export interface GatewayDeps {
  api: Api;
  calls: Calls;
  limits: Limits;
  /** By path; answered without limits. A function is asked at each request. */
  pages: ReadonlyMap<string, Page | (() => Page & { status: number })>;
  log: Logger;
}

interface Call {
  endpoint: Endpoint;
  request: IncomingMessage;
  response: ServerResponse;
  message: Message;
  waitMs: number | undefined;
  signal: AbortSignal;
}

/** Answers HTTP requests with what the services say. */
export class Gateway {
  readonly #deps: GatewayDeps;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
  }

  /** Answers one request. `draining` ends streams and waits. Never rejects. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    draining: AbortSignal,
  ): Promise<void> {
    using gone = deriveSignal(draining);
    response.on('close', () => gone.abort(new DOMException('the caller left', 'AbortError')));
    response.on('error', () => undefined);
    let method = 'none';
    try {
      const { pathname, searchParams } = new URL(`http://gateway${request.url ?? '/'}`);
      if (this.#sendPage(request, response, pathname)) return;
      using _entered = this.#deps.limits.enter(request.socket.remoteAddress ?? '');
      const { endpoint, variables } = this.#route(request, pathname);
      method = endpoint.method.name;
      await this.#call(
        await this.#callOf({ endpoint, variables, query: searchParams }, request, {
          response,
          signal: gone.signal,
        }),
      );
    } catch (error) {
      this.#sendProblem(error, request, response);
    } finally {
      countRequest(1, { method, status: response.statusCode });
    }
  }

  #sendPage(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const page = this.#deps.pages.get(path);
    if (!page || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const { status, type, body, headers } =
      typeof page === 'function' ? page() : { status: 200, ...page };
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache', ...headers });
    response.end(request.method === 'HEAD' ? '' : body);
    return true;
  }

  #route({ method = '' }: IncomingMessage, path: string) {
    const found = route(this.#deps.api.endpoints, method, path);
    if (found.kind === 'found') return found;
    if (found.kind === 'wrong verb') {
      const allow = found.allowed.join(', ');
      const message = `${method} is not allowed here; allowed: ${allow}`;
      const facts = { code: 'UNIMPLEMENTED', reason: 'METHOD_NOT_ALLOWED', message };
      throw new HttpError(405, facts, { allow });
    }
    const message = `there is nothing at ${path}; see /openapi.json`;
    throw new HttpError(404, { code: 'NOT_FOUND', reason: 'UNKNOWN_PATH', message });
  }

  async #callOf(
    target: {
      endpoint: Endpoint;
      variables: Readonly<Record<string, string>>;
      query: URLSearchParams;
    },
    request: IncomingMessage,
    { response, signal }: { response: ServerResponse; signal: AbortSignal },
  ): Promise<Call> {
    const { endpoint } = target;
    const waitMs = takeWait(target.query, endpoint);
    const body = await readJsonBody(request);
    if (waitMs !== undefined) requireWritten(body);
    const { input } = endpoint.method;
    const resume = request.headers['last-event-id'];
    const fields = {
      ...conditionFields(request.headers, input),
      ...(typeof resume === 'string' && input.field['resumeToken'] && { resume_token: resume }),
    };
    const message = requestMessage({ ...target, body, fields }, this.#deps.api.registry);
    return { endpoint, request, response, message, waitMs, signal };
  }

  async #call(call: Call): Promise<void> {
    const { endpoint, request, response, message, signal } = call;
    const { calls } = this.#deps;
    const headers = metadataOf(request);
    if (endpoint.method.methodKind === 'server_streaming') {
      const events = eventsOf(calls.stream(endpoint.method, message, { signal, headers }));
      await sendEvents(response, events, {
        signal,
        problemOf: (error) => this.#problem(error, request),
      });
      return;
    }
    const timeoutMs = timeoutOf(request);
    const answer = await calls.unary(endpoint.method, message, { signal, headers, timeoutMs });
    const config = configOf(answer, endpoint);
    if (call.waitMs !== undefined && config) {
      const options = { waitMs: call.waitMs, signal, headers };
      Object.assign(answer, await waitFor(config, this.#deps, options));
    }
    const sent = bodyOf(answer, endpoint);
    const generation = config?.['generation'];
    sendJson(response, 200, sent, {
      ...(typeof generation === 'string' && { etag: entityTag(generation) }),
    });
  }

  #problem(error: unknown, request: IncomingMessage) {
    return problemOf(error, { isConditional: isConditional(request.headers) });
  }

  #sendProblem(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed || response.writableEnded) return;
    const problem = this.#problem(error, request);
    if (problem.reason === 'INTERNAL' && problem.status === 500) {
      this.#deps.log.error({ err: error, path: request.url }, 'request failed');
    }
    const { retryAfterMs } = problem;
    sendJson(
      response,
      problem.status,
      { ...problem },
      {
        'content-type': PROBLEM_TYPE,
        ...(error instanceof HttpError && error.headers),
        ...(retryAfterMs !== undefined && {
          'retry-after': String(Math.ceil(retryAfterMs / 1000)),
        }),
      },
    );
  }
}

/** The config that an answer is about, if any. */
function configOf(answer: JsonObject, { method }: Endpoint): JsonObject | undefined {
  const field = method.output.fields.find(({ name }) => name === 'config');
  const config = answer['config'];
  return field?.message?.name === 'IngressConfig' ? (config as JsonObject | undefined) : undefined;
}

function bodyOf(answer: JsonObject, { method, responseBody }: Endpoint): JsonValue {
  if (responseBody === '') return answer;
  const field = method.output.fields.find(({ name }) => name === responseBody);
  return answer[field?.jsonName ?? responseBody] ?? null;
}

async function* eventsOf(messages: AsyncGenerator<JsonObject>): AsyncGenerator<StreamEvent> {
  for await (const message of messages) {
    const token = message['resumeToken'];
    yield { id: typeof token === 'string' ? token : undefined, data: JSON.stringify(message) };
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonValue | object,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
