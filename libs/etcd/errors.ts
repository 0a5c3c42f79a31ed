import type { LeaseId } from './types.ts';

/** Anything etcd or the way to it said no with. Its subclasses tell what to do next. */
export class EtcdError extends Error {
  /** Whether the same call may succeed later without anything else having changed. */
  readonly retry: boolean;

  constructor(message: string, retry: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.retry = retry;
  }
}

/** Not executed, or only read: back off and call again. */
export class EtcdUnavailableError extends EtcdError {
  /** etcd itself asked for less: back off for longer. */
  readonly exhausted: boolean;
  /** Nobody answered in time. */
  readonly late: boolean;

  constructor(
    what: string,
    why: string,
    options?: ErrorOptions & { exhausted?: boolean; late?: boolean },
  ) {
    super(`${what}: etcd unavailable: ${why}`, true, options);
    this.exhausted = options?.exhausted ?? false;
    this.late = options?.late ?? false;
  }
}

/** A write whose answer was lost: neither failed nor done. Read again before anything else. */
export class OutcomeUnknownError extends EtcdError {
  /** Nobody answered in time. */
  readonly late: boolean;

  constructor(what: string, why: string, options?: ErrorOptions & { late?: boolean }) {
    super(`${what}: outcome unknown: ${why}`, false, options);
    this.late = options?.late ?? false;
  }
}

/** The revision asked for is compacted, or not there (yet, or any more): take a new one. */
export class CompactedError extends EtcdError {
  constructor(what: string, why: string, options?: ErrorOptions) {
    super(`${what}: revision not readable: ${why}`, false, options);
  }
}

/** A transaction or revoke named a lease that etcd does not have (any more). Nothing was written. */
export class LeaseNotFoundError extends EtcdError {
  constructor(what: string, options?: ErrorOptions) {
    super(`${what}: lease not found`, false, options);
  }
}

/** Reason of `Lease.ended`: stop writing, register anew. */
export class LeaseLostError extends EtcdError {
  readonly lease: LeaseId;

  constructor(lease: LeaseId, why: string) {
    super(`lease ${lease} lost: ${why}`, false);
    this.lease = lease;
  }
}

/** The store is over its quota: nothing was written, reads and keepalives go on. */
export class NoSpaceError extends EtcdError {
  constructor(what: string, options?: ErrorOptions) {
    super(`${what}: etcd is out of space`, true, options);
  }
}

/** Refused for what the request is or for who asks: not executed, and repeating it will not help. */
export class EtcdRequestError extends EtcdError {
  /** Only the token was refused: a fresh one may do. */
  readonly tokenRefused: boolean;

  constructor(what: string, why: string, options?: ErrorOptions & { tokenRefused?: boolean }) {
    super(`${what}: refused: ${why}`, false, options);
    this.tokenRefused = options?.tokenRefused ?? false;
  }
}

/** A watch on which nothing comes any more, not even answers. */
export class WatchSilentError extends EtcdUnavailableError {
  constructor(silentMs: number) {
    super('watch', `silent for ${Math.round(silentMs)} ms`);
  }
}

/** A status of gRPC: the numeric code and its text. */
export interface Status {
  code: number;
  details: string;
}

/** Codes of gRPC whose call was answered with a refusal before it had any effect. */
const REFUSALS: ReadonlySet<number> = new Set([3, 5, 6, 7, 9, 11, 12, 16]);
const UNKNOWN_CODE = 2;
const DEADLINE_EXCEEDED_CODE = 4;
const RESOURCE_EXHAUSTED_CODE = 8;
/** Of etcd 3.4, which gives it no code of its own: refused before it was proposed. */
const TOO_MANY = /too many requests/;
/** The words of etcd's own deadlines. */
const LATE = /request timed out|deadline exceeded/;

/** Words of grpc-js for a call that never left this process. */
const NEVER_SENT =
  /No connection established|before call started|Name resolution failed|Waiting for LB pick/;
const TOKEN_REFUSED = /invalid auth token|revision of auth store is old|auth token refused/;

/** Details that keep the code, and no words that etcd3 acts on; `translateError` reads them. */
export function hiddenDetails({ code, details }: Status): string {
  return `[${code}] ${TOKEN_REFUSED.test(details) ? 'auth token refused' : details}`;
}

/**
 * The error to throw for what the client library threw: the one place where foreign errors become
 * ours. `writes`: a lost answer leaves the outcome open.
 */
export function translateError(error: unknown, what: string, writes: boolean): Error {
  if (error instanceof EtcdError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const { code, details } = statusOf(error);
  const cause = { cause: error };
  if (details.includes('requested lease not found')) return new LeaseNotFoundError(what, cause);
  if (/revision has been compacted|is a future revision/.test(details)) {
    return new CompactedError(what, details, cause);
  }
  if (details.includes('database space exceeded')) return new NoSpaceError(what, cause);
  const tokenRefused = TOKEN_REFUSED.test(details);
  if (tokenRefused || REFUSALS.has(code)) {
    return new EtcdRequestError(what, details, { ...cause, tokenRefused });
  }
  if (code === RESOURCE_EXHAUSTED_CODE || TOO_MANY.test(details)) {
    return new EtcdUnavailableError(what, details, { ...cause, exhausted: true });
  }
  // Without a connection nobody was asked.
  if (NEVER_SENT.test(details)) return new EtcdUnavailableError(what, details, cause);
  const how = { ...cause, late: code === DEADLINE_EXCEEDED_CODE || LATE.test(details) };
  if (writes) return new OutcomeUnknownError(what, details, how);
  return new EtcdUnavailableError(what, details, how);
}

/**
 * Whether etcd seems to be asked for more than it can do: it said so, or did not answer in time. Who
 * comes again as soon as ever keeps it so.
 */
export function isOverloaded(error: unknown): boolean {
  if (error instanceof EtcdUnavailableError) return error.exhausted || error.late;
  return error instanceof OutcomeUnknownError && error.late;
}

/** Whether the token of the connection is not taken (any more). */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof EtcdRequestError && error.tokenRefused;
}

/** Whether an error puts the connection in doubt, and not just what was asked. */
export function isBroken(error: unknown): boolean {
  if (error instanceof EtcdUnavailableError) return !error.exhausted;
  return error instanceof OutcomeUnknownError;
}

function statusOf(error: unknown): Status {
  if (!(error instanceof Error)) return { code: UNKNOWN_CODE, details: String(error) };
  if (error.name === 'TimeoutError') return { code: 4, details: 'deadline exceeded' };
  // etcd3's typed errors drop `code`, but the message keeps it: "11 OUT_OF_RANGE: [14] why".
  const [, outer, inner, details] =
    /^(\d+) [A-Z_]+: (?:\[(\d+)\] )?(.*)$/s.exec(error.message) ?? [];
  return { code: Number(inner ?? outer ?? UNKNOWN_CODE), details: details ?? error.message };
}
