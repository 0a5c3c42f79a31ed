import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { currentTraceparent } from '#libs/telemetry';
import type { MethodsOf } from './handlers.ts';
import { type Definitions, type ServiceName, serviceDefinition } from './protos.ts';
import { RpcError } from './status.ts';

const CALL_MS = 30_000;
const RECONNECT_MAX_MS = 2000;
const KEEPALIVE_MS = 20_000;
const KEEPALIVE_TIMEOUT_MS = 5000;

/** Of every channel to a server. */
export const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
  'grpc.keepalive_time_ms': KEEPALIVE_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
} as const;

export interface ClientOptions {
  /** Absent: plaintext. An empty object: the system's CAs. */
  tls?:
    | { ca?: Buffer | undefined; cert?: Buffer | undefined; key?: Buffer | undefined }
    | undefined;
}

export interface ClientCallOptions {
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
  /** Deadline; 30 s by default, none for streams. */
  timeoutMs?: number | undefined;
  /** Who acts, for servers without mutual TLS. */
  actor?: string | undefined;
}

type RequestOf<M> = M extends MethodDefinition<infer I, infer _A, infer _R, infer _B> ? I : never;
type AnswerOf<M> = M extends MethodDefinition<infer _I, infer _A, infer _R, infer B> ? B : never;

/** Calls of one service. Every failed call rejects with RpcError. Disposal closes the channel. */
export interface GrpcClient<D> extends AsyncDisposable {
  /** A method that answers once. */
  call<M extends Exclude<MethodsOf<D>, `Watch${string}` | `Stream${string}`>>(
    method: M,
    request: RequestOf<D[M]>,
    options?: ClientCallOptions,
  ): Promise<AnswerOf<D[M]>>;
  /** A method that streams; leaving the loop cancels it. */
  stream<M extends MethodsOf<D> & `Watch${string}`>(
    method: M,
    request: RequestOf<D[M]>,
    options?: ClientCallOptions,
  ): AsyncGenerator<AnswerOf<D[M]>>;
  /** A method that takes a stream and answers with one; leaving the loop cancels it. */
  exchange<M extends MethodsOf<D> & (`Stream${string}` | `Query${string}`)>(
    method: M,
    requests: AsyncIterable<RequestOf<D[M]>> | Iterable<RequestOf<D[M]>>,
    options?: ClientCallOptions,
  ): AsyncGenerator<AnswerOf<D[M]>>;
}

/** A client of the service at `address` (host:port). Connects when it is first used. */
export function openClient<S extends ServiceName>(
  service: S,
  address: string,
  { tls }: ClientOptions = {},
): GrpcClient<Definitions[S]> {
  const client = new Client(address, channelCredentials(tls), CHANNEL_OPTIONS);
  const untyped = {
    call: (method: string, request: object, options?: ClientCallOptions) =>
      unaryCall(client, service, method, request, options),
    stream: (method: string, request: object, options?: ClientCallOptions) =>
      streamCall(client, service, method, request, options),
    exchange: (method: string, requests: AsyncIterable<object>, options?: ClientCallOptions) =>
      exchangeCall(client, service, method, requests, options),
    [Symbol.asyncDispose]: async () => client.close(),
  };
  return untyped as unknown as GrpcClient<Definitions[S]>;
}

/** Plaintext without `tls`. */
export function channelCredentials(tls: ClientOptions['tls']): ChannelCredentials {
  return tls
    ? credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null)
    : credentials.createInsecure();
}

async function unaryCall(
  client: Client,
  service: ServiceName,
  method: string,
  request: object,
  options: ClientCallOptions = {},
): Promise<object> {
  options.signal?.throwIfAborted();
  const definition = definitionOf(service, method);
  const answer = Promise.withResolvers<object>();
  const call = client.makeUnaryRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    request,
    metadataOf(options),
    { deadline: Date.now() + (options.timeoutMs ?? CALL_MS) },
    (error, value) => {
      if (error) answer.reject(failureOf(method, error, options.signal));
      else answer.resolve(value as object);
    },
  );
  const cancel = () => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await answer.promise;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

async function* streamCall(
  client: Client,
  service: ServiceName,
  method: string,
  request: object,
  options: ClientCallOptions = {},
): AsyncGenerator<object> {
  options.signal?.throwIfAborted();
  const definition = definitionOf(service, method);
  const call = client.makeServerStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    request,
    metadataOf(options),
    deadlineOf(options),
  );
  yield* answersOf(method, call, options);
}

async function* exchangeCall(
  client: Client,
  service: ServiceName,
  method: string,
  requests: AsyncIterable<object> | Iterable<object>,
  options: ClientCallOptions = {},
): AsyncGenerator<object> {
  options.signal?.throwIfAborted();
  const definition = definitionOf(service, method);
  const call = client.makeBidiStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    metadataOf(options),
    deadlineOf(options),
  );
  // The call's own failure is what its reader gets; one of the requests' source ends the call.
  void pipeline(Readable.from(requests), call).catch(() => call.cancel());
  yield* answersOf(method, call, options);
}

function deadlineOf({ timeoutMs }: ClientCallOptions): { deadline?: number } {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

async function* answersOf(
  method: string,
  call: ClientReadableStream<object> | ClientDuplexStream<object, object>,
  options: ClientCallOptions,
): AsyncGenerator<object> {
  const cancel = () => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of call) yield message as object;
  } catch (error) {
    throw failureOf(method, error as ServiceError, options.signal);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    // The cancelled call still reports its end.
    call.on('error', () => undefined);
    call.cancel();
  }
}

function definitionOf(service: ServiceName, method: string) {
  const definition = serviceDefinition(service)[method];
  if (!definition) throw new Error(`${service} has no method ${method}`);
  return definition;
}

function metadataOf({ actor }: ClientCallOptions): Metadata {
  const metadata = new Metadata();
  const traceparent = currentTraceparent();
  if (traceparent) metadata.set('traceparent', traceparent);
  if (actor) metadata.set('x-rollcall-actor', actor);
  return metadata;
}

function failureOf(method: string, error: ServiceError, signal: AbortSignal | undefined): Error {
  if (signal?.aborted && signal.reason instanceof Error) return signal.reason;
  return new RpcError(method, error);
}
