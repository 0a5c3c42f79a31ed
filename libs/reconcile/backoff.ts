export interface BackoffOptions {
  /** First wait. */
  minMs: number;
  /** Longest wait. */
  maxMs: number;
  random?: () => number;
}

/** Waits that double from `minMs` to `maxMs`, each jittered into its upper half. */
export interface Backoff {
  /** The next wait in milliseconds. */
  next(): number;
  /** Begins anew: call it after a success. */
  reset(): void;
}

export function createBackoff({ minMs, maxMs, random = Math.random }: BackoffOptions): Backoff {
  let currentMs = minMs;
  return {
    next: () => {
      const waitMs = currentMs * (0.5 + random() / 2);
      currentMs = Math.min(currentMs * 2, maxMs);
      return waitMs;
    },
    reset: () => {
      currentMs = minMs;
    },
  };
}
