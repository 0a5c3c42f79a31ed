import { Client, connectivityState, Metadata, type ServiceError } from '@grpc/grpc-js';
import { currentTraceparent } from '#libs/telemetry';
import { CHANNEL_OPTIONS, type ClientOptions, channelCredentials } from './client.ts';
import { RpcError } from './status.ts';

export interface ByteCallOptions {
  /** Cancels the call. */
  signal: AbortSignal;
  /** Deadline. Absent: none. */
  timeoutMs?: number | undefined;
  /** Sent as metadata. */
  headers: Readonly<Record<string, string>>;
}

/**
 * Calls of any method, in bytes: for who knows the messages from descriptors alone. Every failed call
 * rejects with RpcError. Disposal closes the channels.
 */
export interface ByteClient extends AsyncDisposable {
  /** A method (`/package.Service/Method`) that answers once. Never repeated: it may have been done. */
  call(path: string, request: Uint8Array, options: ByteCallOptions): Promise<Uint8Array>;
  /** A method that streams; leaving the loop cancels it. */
  stream(path: string, request: Uint8Array, options: ByteCallOptions): AsyncGenerator<Uint8Array>;
  /** Whether a server is connected; begins to connect those that are not. */
  isConnected(): boolean;
}

/** A client of the servers at `addresses` (host:port), which take turns; those out of reach are left out. */
export function openByteClient(
  addresses: readonly string[],
  { tls }: ClientOptions = {},
): ByteClient {
  const secured = channelCredentials(tls);
  const options = {
    ...CHANNEL_OPTIONS,
    // One name may stand for many replicas.
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  };
  const clients = addresses.map((address) => new Client(address, secured, options));
  let turn = 0;
  const pick = (): Client => {
    turn += 1;
    const inTurn = clients.map((_, index) => clients[(turn + index) % clients.length] as Client);
    const reachable = inTurn.find(
      (client) => stateOf(client) !== connectivityState.TRANSIENT_FAILURE,
    );
    const client = reachable ?? inTurn[0];
    if (!client) throw new Error('a client needs an address');
    return client;
  };
  return {
    call: async (path, request, call) => await unary(pick(), path, request, call),
    stream: (path, request, call) => stream(pick(), path, request, call),
    isConnected: () => clients.map(stateOf).includes(connectivityState.READY),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
    },
  };
}

function stateOf(client: Client): connectivityState {
  return client.getChannel().getConnectivityState(true);
}

const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

async function unary(
  client: Client,
  path: string,
  request: Uint8Array,
  options: ByteCallOptions,
): Promise<Uint8Array> {
  options.signal.throwIfAborted();
  const answer = Promise.withResolvers<Uint8Array>();
  const call = client.makeUnaryRequest(
    path,
    same,
    same,
    request,
    metadataOf(options),
    deadlineOf(options),
    (error, value) => {
      if (error) answer.reject(failureOf(path, error, options.signal));
      else answer.resolve(value as Uint8Array);
    },
  );
  const cancel = () => call.cancel();
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await answer.promise;
  } finally {
    options.signal.removeEventListener('abort', cancel);
  }
}

async function* stream(
  client: Client,
  path: string,
  request: Uint8Array,
  options: ByteCallOptions,
): AsyncGenerator<Uint8Array> {
  options.signal.throwIfAborted();
  const call = client.makeServerStreamRequest(
    path,
    same,
    same,
    request,
    metadataOf(options),
    deadlineOf(options),
  );
  const cancel = () => call.cancel();
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of call) yield message as Uint8Array;
  } catch (error) {
    throw failureOf(path, error as ServiceError, options.signal);
  } finally {
    options.signal.removeEventListener('abort', cancel);
    // The cancelled call still reports its end.
    call.on('error', () => undefined);
    call.cancel();
  }
}

function deadlineOf({ timeoutMs }: ByteCallOptions) {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function metadataOf({ headers }: ByteCallOptions): Metadata {
  const metadata = new Metadata();
  const traceparent = currentTraceparent();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  if (traceparent) metadata.set('traceparent', traceparent);
  return metadata;
}

function failureOf(path: string, error: ServiceError, signal: AbortSignal): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason;
  return new RpcError(path.slice(path.lastIndexOf('/') + 1), error);
}
