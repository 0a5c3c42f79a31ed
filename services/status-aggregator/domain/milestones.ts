import type { Target } from './standing.ts';

/**
 * What this process saw of a target on its way, for as long as it is the target. Times are
 * milliseconds since 1970; undefined: it was so already at the list.
 */
export class Milestones {
  /** Its config or tombstone appeared in etcd. */
  publishedAtMs: number | undefined;
  /** The first and the last live member that settled it. */
  firstDoneAtMs: number | undefined;
  lastDoneAtMs: number | undefined;
  /** Its receipt is written, or on its way. */
  isReceipted = false;

  constructor(publishedAtMs: number | undefined) {
    this.publishedAtMs = publishedAtMs;
  }

  done(atMs: number): void {
    this.firstDoneAtMs ??= atMs;
    this.lastDoneAtMs = atMs;
  }
}

/** Whether two targets are the same generation with the same content. */
export function isSameTarget(a: Target | undefined, b: Target | undefined): boolean {
  if (!a || !b) return a === b;
  return a.generation === b.generation && a.digest === b.digest && a.deleted === b.deleted;
}
