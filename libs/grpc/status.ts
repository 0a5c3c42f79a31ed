// The one place where errors become gRPC statuses, and statuses errors.

import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { messageType } from './protos.ts';

/** Domain of every ErrorInfo. */
const DOMAIN = 'rollcall';
const DETAILS_KEY = 'grpc-status-details-bin';
const TYPE_PREFIX = 'type.googleapis.com/';
/** How grpc-js ends what it says of a connection that was refused. */
const EMPTY_NOTE = /\.? Resolution note: $/;
/** Metadata is bounded to 8 KiB by most proxies. */
const VIOLATIONS_MAX = 50;

/** What is wrong with one field of a request. */
export interface FieldViolation {
  /** Path, such as `config.spec.rules[0].host`. */
  field: string;
  description: string;
}

/** The one message that protobufjs knows by itself, under the names of its .proto file. */
interface Any {
  type_url: string;
  value: Buffer;
}

const statusType = messageType<
  { code: number; message: string; details: Any[] },
  { details: Any[] }
>('google.rpc.Status');
const badRequestType = messageType<
  { fieldViolations: FieldViolation[] },
  { fieldViolations: FieldViolation[] }
>('google.rpc.BadRequest');
const errorInfoType = messageType<
  { reason: string; domain: string },
  { reason: string; domain: string }
>('google.rpc.ErrorInfo');
const retryInfoType = messageType<
  { retryDelay: { seconds: number; nanos: number } },
  { retryDelay: { seconds: number; nanos: number } | null }
>('google.rpc.RetryInfo');

export interface StatusDetails {
  violations?: readonly FieldViolation[];
  /** When to try again. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** An error that a caller may see: a canonical code, a stable reason, a message for people. */
export class StatusError extends Error {
  readonly code: status;
  /** UPPER_SNAKE_CASE; stable, for programs. */
  readonly reason: string;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(code: status, reason: string, message: string, details: StatusDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.violations = (details.violations ?? []).slice(0, VIOLATIONS_MAX);
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Canonical name of the code, such as UNAVAILABLE. */
  get codeName(): string {
    return status[this.code] ?? 'UNKNOWN';
  }
}

/** INVALID_ARGUMENT with a violation for each bad field. */
export function invalidArgument(violations: readonly FieldViolation[]): StatusError {
  const text = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new StatusError(status.INVALID_ARGUMENT, 'INVALID_ARGUMENT', text, { violations });
}

type Maker = (reason: string, message: string, details?: StatusDetails) => StatusError;
const maker =
  (code: status): Maker =>
  (reason, message, details) =>
    new StatusError(code, reason, message, details);

export const notFound = maker(status.NOT_FOUND);
export const alreadyExists = maker(status.ALREADY_EXISTS);
/** ABORTED: a condition on the generation failed; read again and decide. */
export const aborted = maker(status.ABORTED);
export const failedPrecondition = maker(status.FAILED_PRECONDITION);
/** OUT_OF_RANGE: the place to go on from is not there any more; begin anew. */
export const outOfRange = maker(status.OUT_OF_RANGE);
export const resourceExhausted = maker(status.RESOURCE_EXHAUSTED);
export const deadlineExceeded = maker(status.DEADLINE_EXCEEDED);
/** UNAVAILABLE: trying again may help, after `retryAfterMs` when that is known. */
export function unavailable(reason: string, message: string, retryAfterMs?: number): StatusError {
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new StatusError(status.UNAVAILABLE, reason, message, details);
}
export const internal = maker(status.INTERNAL);

/** The status of an error as grpc-js wants it, details included. */
export function toServiceError(error: StatusError): Partial<ServiceError> {
  const details = [pack('google.rpc.ErrorInfo', errorInfoType, error.reason && infoOf(error))];
  if (error.violations.length > 0) {
    const fieldViolations = [...error.violations];
    details.push(pack('google.rpc.BadRequest', badRequestType, { fieldViolations }));
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.floor(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs % 1000) * 1e6);
    details.push(pack('google.rpc.RetryInfo', retryInfoType, { retryDelay: { seconds, nanos } }));
  }
  const metadata = new Metadata();
  const { code, message } = error;
  metadata.set(DETAILS_KEY, statusType.serialize({ code, message, details }));
  return { code, details: message, metadata };
}

function infoOf(error: StatusError) {
  return { reason: error.reason, domain: DOMAIN };
}

function pack<I extends object>(
  name: string,
  type: { serialize(value: I): Buffer },
  value: I | '',
): Any {
  return { type_url: TYPE_PREFIX + name, value: type.serialize(value || ({} as I)) };
}

/** What a call ended with, on the caller's side. */
export class RpcError extends Error {
  readonly code: status;
  /** Canonical name of the code, such as UNAVAILABLE. */
  readonly codeName: string;
  readonly reason: string | undefined;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
  /** What was said, without the method that `message` begins with: for people who named none. */
  readonly said: string;

  constructor(method: string, error: ServiceError) {
    const said = (error.details || error.message).replace(EMPTY_NOTE, '');
    super(`${method}: ${said}`, { cause: error });
    this.name = 'RpcError';
    this.said = said;
    this.code = error.code;
    this.codeName = status[error.code] ?? 'UNKNOWN';
    const details = detailsOf(error);
    this.reason = details.reason;
    this.violations = details.violations ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

function detailsOf(error: ServiceError): StatusDetails & { reason?: string } {
  const [bytes] = error.metadata?.get(DETAILS_KEY) ?? [];
  if (!Buffer.isBuffer(bytes)) return {};
  const found: StatusDetails & { reason?: string } = {};
  try {
    for (const { type_url: typeUrl, value } of statusType.deserialize(bytes).details) {
      const name = typeUrl.slice(TYPE_PREFIX.length);
      if (name === 'google.rpc.ErrorInfo') found.reason = errorInfoType.deserialize(value).reason;
      if (name === 'google.rpc.BadRequest') {
        found.violations = badRequestType
          .deserialize(value)
          .fieldViolations.map(({ field, description }) => ({ field, description }));
      }
      if (name === 'google.rpc.RetryInfo') {
        const delay = retryInfoType.deserialize(value).retryDelay;
        if (delay) found.retryAfterMs = delay.seconds * 1000 + delay.nanos / 1e6;
      }
    }
  } catch {
    // Details of another's making: the code and the message still stand.
  }
  return found;
}
