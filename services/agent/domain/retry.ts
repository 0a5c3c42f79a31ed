/** First wait after a failed try; it doubles. */
const RETRY_MIN_MS = 250;
/** Longest wait: what a fault that ended may cost on top. */
const RETRY_MAX_MS = 4_000;
/** Tries of one version until its failure counts as final: half a minute. A relist tries it again. */
export const ATTEMPTS_MAX = 10;

/** Longest wait between two repairs: a relist tries again anyway, and each failure is a write to etcd. */
const REPAIR_MAX_MS = 60_000;

/** Milliseconds to wait after `attempts` failed tries, or undefined when the failure is final. */
export function retryDelayMs(attempts: number, random: () => number): number | undefined {
  if (attempts >= ATTEMPTS_MAX) return undefined;
  return jittered(attempts, RETRY_MAX_MS, random);
}

/** Milliseconds to wait after `attempts` failed repairs of what is in force: they never end. */
export function repairDelayMs(attempts: number, random: () => number): number {
  return jittered(attempts, REPAIR_MAX_MS, random);
}

function jittered(attempts: number, maxMs: number, random: () => number): number {
  const fullMs = Math.min(RETRY_MIN_MS * 2 ** Math.max(0, attempts - 1), maxMs);
  return fullMs * (0.5 + random() / 2);
}
