import { HttpError } from '../api/problem.ts';

/** Callers remembered at a time; the one that was quiet for longest is forgotten. */
const CALLERS_MAX = 10_000;

export interface LimitOptions {
  /** Requests that one caller may make in a second, and at once after a pause. */
  requestsPerSecond: number;
  /** Requests of all callers that are answered at a time. */
  inFlightMax: number;
  /** Monotonic milliseconds. */
  now: () => number;
}

/** Who is let in. */
export interface Limits {
  /** Counts a request until the answer is disposed. Throws HttpError when there are too many. */
  enter(caller: string): Disposable;
  inFlight(): number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export function createLimits({ requestsPerSecond, inFlightMax, now }: LimitOptions): Limits {
  const buckets = new Map<string, Bucket>();
  let inFlight = 0;
  const take = (caller: string): boolean => {
    const at = now();
    const { tokens, filledAtMs } = buckets.get(caller) ?? {
      tokens: requestsPerSecond,
      filledAtMs: at,
    };
    const filled = tokens + ((at - filledAtMs) / 1000) * requestsPerSecond;
    const available = Math.min(requestsPerSecond, filled);
    // Taken out first: the map's order is that of the last request.
    buckets.delete(caller);
    const [oldest] = buckets.keys();
    if (buckets.size >= CALLERS_MAX && oldest !== undefined) buckets.delete(oldest);
    buckets.set(caller, { tokens: available < 1 ? available : available - 1, filledAtMs: at });
    return available >= 1;
  };
  return {
    inFlight: () => inFlight,
    enter: (caller) => {
      if (!take(caller)) {
        throw tooMany(429, 'RATE_LIMITED', 'too many requests of one caller; slow down');
      }
      if (inFlight >= inFlightMax) {
        throw tooMany(503, 'GATEWAY_BUSY', 'too many requests at a time; try again');
      }
      inFlight += 1;
      return { [Symbol.dispose]: () => void (inFlight -= 1) };
    },
  };
}

function tooMany(status: number, reason: string, message: string): HttpError {
  const code = status === 429 ? 'RESOURCE_EXHAUSTED' : 'UNAVAILABLE';
  return new HttpError(status, { code, reason, message }, { 'retry-after': '1' });
}
