import { RpcError, StatusError } from '#libs/grpc';

/** Media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** What a caller is told of a failure: RFC 9457, with what google.rpc.Status says. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Canonical name of the code, such as ABORTED. */
  code: string;
  /** Stable word, as in ErrorInfo. */
  reason: string;
  violations?: { field: string; description: string }[];
  retryAfterMs?: number;
}

/** An HTTP answer for each canonical code, by its number; as google.rpc.Code says. */
const HTTP: readonly (readonly [string, number])[] = [
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
];

/** What the server says when a condition on the generation does not hold. */
const GENERATION_CONFLICT = 'GENERATION_CONFLICT';

/** A failure of HTTP itself, before any method is called. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    { code, reason, message }: { code: string; reason: string; message: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.headers = headers;
  }
}

/** The problem that an error is; `isConditional`: the caller sent If-Match or If-None-Match. */
export function problemOf(error: unknown, { isConditional }: { isConditional: boolean }): Problem {
  if (error instanceof HttpError) {
    const { status, code, reason, message } = error;
    return problem({ status, code, reason, detail: message });
  }
  if (!(error instanceof RpcError || error instanceof StatusError)) {
    return problem({ status: 500, code: 'INTERNAL', reason: 'INTERNAL', detail: 'internal error' });
  }
  const [code, mapped] = HTTP[error.code] ?? ['UNKNOWN', 500];
  const isMismatch = isConditional && error.reason === GENERATION_CONFLICT;
  const { violations, retryAfterMs } = error;
  return {
    ...problem({
      status: isMismatch ? 412 : mapped,
      code,
      reason: error.reason || code,
      detail: error instanceof RpcError ? error.said : error.message,
    }),
    ...(violations.length > 0 && { violations: [...violations] }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function problem(facts: Pick<Problem, 'status' | 'code' | 'reason' | 'detail'>): Problem {
  const title = facts.code.toLowerCase().replaceAll('_', ' ');
  return { type: `urn:rollcall:problem:${facts.reason}`, title, ...facts };
}
