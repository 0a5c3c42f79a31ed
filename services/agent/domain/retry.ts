/** First wait after a failed try; it doubles. */
const RETRY_MIN_MS = 250;
/** Longest wait: what a fault that ended may cost on top. */
const RETRY_MAX_MS = 4_000;
/** Tries of one version until its failure counts as final: half a minute. A relist tries it again. */
export const ATTEMPTS_MAX = 10;

/** Milliseconds to wait after `attempts` failed tries, or undefined when the failure is final. */
export function retryDelayMs(attempts: number, random: () => number): number | undefined {
  if (attempts >= ATTEMPTS_MAX) return undefined;
  const fullMs = Math.min(RETRY_MIN_MS * 2 ** Math.max(0, attempts - 1), RETRY_MAX_MS);
  return fullMs * (0.5 + random() / 2);
}
