import { type EventEmitter, once } from 'node:events';
import {
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { deadlineSignal, deriveSignal, isAbortError, raceSignal } from '#libs/lifecycle';
import { currentTraceparent, isTraceparent, type Logger, withSpan } from '#libs/telemetry';
import { requestViolations } from './broken-requests.ts';
import type { CallContext } from './context.ts';
import {
  type Definitions,
  fullName,
  requestTypeOf,
  type ServiceName,
  serviceDefinition,
} from './protos.ts';
import {
  deadlineExceeded,
  internal,
  invalidArgument,
  resourceExhausted,
  StatusError,
  toServiceError,
  unavailable,
} from './status.ts';
import { enumFieldsOf, enumViolations } from './unknown-enums.ts';

/** Longest call of an ordinary method, and the deadline of a call that brings none. */
const DEADLINE_MS = 30_000;
/** Longest call of a method that waits. */
const WAIT_DEADLINE_MS = 3_600_000;
/** How long a stream waits for a caller that does not read. */
const READER_PATIENCE_MS = 30_000;

/** Names of a service's methods; its definition has an index signature besides. */
export type MethodsOf<D> = keyof {
  [M in keyof D as string extends M ? never : M]: D[M];
} &
  string;

/**
 * The handlers of a service: methods named Watch… stream, those named Stream… or Query… take a stream
 * as well, the others answer once.
 */
export type Handlers<D> = {
  [M in MethodsOf<D>]: D[M] extends MethodDefinition<
    infer _RequestInput,
    infer AnswerInput,
    infer Request,
    infer _Answer
  >
    ? M extends `Watch${string}`
      ? (request: Request, context: CallContext) => AsyncIterable<AnswerInput>
      : M extends `Stream${string}` | `Query${string}`
        ? (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<AnswerInput>
        : (request: Request, context: CallContext) => Promise<AnswerInput>
    : never;
};

/** A service with its handlers, for `openServer`. */
export interface ServiceBinding {
  readonly service: ServiceName;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

type AnyHandler = (
  request: object,
  context: CallContext,
) => Promise<object> | AsyncIterable<object>;

/** Turns errors of the domain into statuses. Undefined: not one of them. */
export type MapError = (error: unknown) => StatusError | undefined;

export const bindController = (handlers: Handlers<Definitions['Controller']>): ServiceBinding =>
  bind('Controller', handlers);
export const bindStatusAggregator = (
  handlers: Handlers<Definitions['StatusAggregator']>,
): ServiceBinding => bind('StatusAggregator', handlers);
export const bindAgent = (handlers: Handlers<Definitions['Agent']>): ServiceBinding =>
  bind('Agent', handlers);

function bind(service: ServiceName, handlers: object): ServiceBinding {
  return { service, handlers: handlers as ServiceBinding['handlers'] };
}

export interface HandlerDeps {
  /** Fires when the server drains. */
  draining: AbortSignal;
  mapError: MapError;
  log: Logger;
}

type Answering = ServerWritableStream<object, object> | ServerDuplexStream<object, object>;
type Call = ServerUnaryCall<object, object> | Answering;

/** The handlers of a binding as grpc-js wants them. */
export function implementationOf(
  { service, handlers }: ServiceBinding,
  deps: HandlerDeps,
): UntypedServiceImplementation {
  const methods = Object.entries(serviceDefinition(service)).map(([name, definition]) => {
    const handler = handlers[name];
    if (!handler) throw new Error(`${service}.${name} has no handler`);
    const path = `${fullName(service)}/${name}`;
    const enumFields = enumFieldsOf(requestTypeOf(service, name));
    if (definition.requestStream) {
      const method = { name, path, handler, deps };
      return [name, exchanging(method, (request) => refuse(request, enumFields))] as const;
    }
    const method = { name, path, handler: known(handler, enumFields), deps };
    return [name, definition.responseStream ? streaming(method) : unary(method)] as const;
  });
  return Object.fromEntries(methods);
}

/** The handler, for requests that could be read and whose values are all known. */
function known(handler: AnyHandler, enumFields: readonly string[]): AnyHandler {
  return (request, context) => {
    refuse(request, enumFields);
    return handler(request, context);
  };
}

/** Throws INVALID_ARGUMENT for a request that could not be read, or holds unknown values. */
function refuse(request: object, enumFields: readonly string[]): void {
  const violations = [...requestViolations(request), ...enumViolations(enumFields, request)];
  if (violations.length > 0) throw invalidArgument(violations);
}

interface Method {
  name: string;
  path: string;
  handler: AnyHandler;
  deps: HandlerDeps;
}

function unary(method: Method) {
  const answer = async (
    call: ServerUnaryCall<object, object>,
    callback: sendUnaryData<object>,
  ): Promise<void> => {
    let value: object | undefined;
    const error = await run(method, call, method.name.startsWith('WaitFor'), async (context) => {
      value = await (method.handler(call.request, context) as Promise<object>);
    });
    if (error) callback(toServiceError(error));
    else callback(null, value);
  };
  return (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>): void => {
    void answer(call, callback);
  };
}

function streaming(method: Method) {
  const answer = async (call: ServerWritableStream<object, object>): Promise<void> => {
    const error = await run(method, call, true, async (context) => {
      const answers = method.handler(call.request, context) as AsyncIterable<object>;
      await writeAll(call, answers, context.signal);
    });
    endStream(call, error);
  };
  return (call: ServerWritableStream<object, object>): void => {
    void answer(call);
  };
}

function exchanging(method: Method, check: (request: object) => void) {
  const answer = async (call: ServerDuplexStream<object, object>): Promise<void> => {
    const error = await run(method, call, true, async (context) => {
      const requests = requestsOf(call, check, context.signal);
      const answers = method.handler(requests, context) as AsyncIterable<object>;
      await writeAll(call, answers, context.signal);
    });
    endStream(call, error);
  };
  return (call: ServerDuplexStream<object, object>): void => {
    void answer(call);
  };
}

/** What the caller sends, read only as fast as it is taken. Rejects when the signal fires. */
async function* requestsOf(
  call: ServerDuplexStream<object, object>,
  check: (request: object) => void,
  signal: AbortSignal,
): AsyncGenerator<object> {
  // Whoever stops reading still answers on the same stream.
  const messages = call.iterator({ destroyOnReturn: false });
  for (;;) {
    const { done, value } = await raceSignal(messages.next(), signal);
    if (done) return;
    const request = value as object;
    check(request);
    yield request;
  }
}

async function writeAll(
  call: Answering,
  answers: AsyncIterable<object>,
  signal: AbortSignal,
): Promise<void> {
  for await (const each of answers) {
    if (!call.write(each)) await readerOf(call, signal);
  }
  signal.throwIfAborted();
}

function endStream(call: Answering, error: StatusError | undefined): void {
  if (error) call.emit('error', toServiceError(error));
  else call.end();
}

/** Waits until the caller has read; a caller that stopped reading is cut off. */
async function readerOf(call: Answering, signal: AbortSignal): Promise<void> {
  using patience = deadlineSignal(signal, READER_PATIENCE_MS);
  try {
    await once(call, 'drain', { signal: patience.signal });
  } catch (error) {
    signal.throwIfAborted();
    throw resourceExhausted('SLOW_READER', 'the caller does not read what it asked for', {
      cause: error,
    });
  }
}

/** Runs a call under its signal; returns the status to answer with, or undefined when it went well. */
async function run(
  method: Method,
  call: Call,
  isLong: boolean,
  work: (context: CallContext) => Promise<void>,
): Promise<StatusError | undefined> {
  using scope = deriveSignal(isLong ? method.deps.draining : undefined);
  const streams = 'write' in call;
  const capMs = isLong ? WAIT_DEADLINE_MS : DEADLINE_MS;
  const deadlineMs = deadlineOf(call, capMs, streams);
  const end = performance.now() + deadlineMs;
  const timer = setTimeout(() => {
    scope.abort(deadlineExceeded('DEADLINE_EXCEEDED', 'the deadline passed'));
  }, deadlineMs);
  const onCancel = () => scope.abort(new DOMException('the caller cancelled', 'AbortError'));
  // The union of the calls has no overload in common.
  const events: EventEmitter = call;
  events.on('cancelled', onCancel);
  const caller = traceparentOf(call);
  const attributes = { 'rpc.system': 'grpc', 'rpc.method': method.path };
  const options = { isServer: true, attributes };
  try {
    await withSpan(method.path, caller ? { ...options, parent: caller } : options, () =>
      work({
        signal: scope.signal,
        remainingMs: () => Math.max(0, end - performance.now()),
        actor: actorOf(call),
        peer: call.getPeer(),
        metadata: call.metadata,
        traceparent: currentTraceparent() || caller,
      }),
    );
    return undefined;
  } catch (error) {
    return statusOf(error, scope.signal, method);
  } finally {
    clearTimeout(timer);
    events.off('cancelled', onCancel);
  }
}

/** Milliseconds that a call may take: a stream without a deadline goes on, up to an hour. */
function deadlineOf(call: Call, capMs: number, streams: boolean): number {
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  if (!Number.isFinite(at)) return streams ? capMs : DEADLINE_MS;
  return Math.max(0, Math.min(at - Date.now(), capMs));
}

function statusOf(error: unknown, signal: AbortSignal, method: Method): StatusError {
  if (error instanceof StatusError) return error;
  if (signal.aborted && (error === signal.reason || isAbortError(error))) {
    if (signal.reason instanceof StatusError) return signal.reason;
    return new StatusError(status.CANCELLED, 'CANCELLED', 'the caller cancelled');
  }
  const mapped = method.deps.mapError(error);
  if (mapped) return mapped;
  method.deps.log.error({ method: method.path, err: error }, 'call failed');
  return internal('INTERNAL', 'internal error');
}

/** What a stream or a wait is told when the server drains. */
export function drainError(): StatusError {
  return unavailable('SERVER_DRAINING', 'the server stops; call again', 0);
}

function traceparentOf(call: Call): string {
  const [text] = call.metadata.get('traceparent');
  return typeof text === 'string' && isTraceparent(text) ? text : '';
}

const ACTOR_MAX = 128;

function actorOf(call: Call): string {
  const subject = call.getAuthContext().sslPeerCertificate?.subject;
  if (typeof subject?.CN === 'string') return subject.CN.slice(0, ACTOR_MAX);
  const [header] = call.metadata.get('x-rollcall-actor');
  const text = typeof header === 'string' ? header.slice(0, ACTOR_MAX) : '';
  return text === '' ? 'anonymous' : text;
}
