import type { CompletionState } from './completion.ts';
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
  /** The state in which it was told of last; undefined: not yet in any. */
  told: CompletionState | undefined;
  /** Somebody had settled it before this process looked: who comes next is not the first. */
  #isFirstMissed = false;

  constructor(publishedAtMs: number | undefined) {
    this.publishedAtMs = publishedAtMs;
  }

  /** A live member was seen to settle it. */
  done(atMs: number): void {
    if (!this.#isFirstMissed) this.firstDoneAtMs ??= atMs;
    this.lastDoneAtMs = atMs;
  }

  /** A list shows more members that have settled it than were seen to. */
  doneUnseen(): void {
    this.#isFirstMissed ||= this.firstDoneAtMs === undefined;
    this.lastDoneAtMs = undefined;
  }
}

/** Whether two targets are the same generation with the same content. */
export function isSameTarget(a: Target | undefined, b: Target | undefined): boolean {
  if (!a || !b) return a === b;
  return a.generation === b.generation && a.digest === b.digest && a.deleted === b.deleted;
}
