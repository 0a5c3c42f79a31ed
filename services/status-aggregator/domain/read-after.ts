import type { ConfigRef } from './completion.ts';
import type { View } from './view.ts';

/** A write, as Set answered it. */
export interface ReadAfter {
  /** 0: it was not published yet. */
  readonly epoch: number;
  readonly revision: number;
  readonly generation: number;
}

/** Whether the view shows the write or something after it. */
export function isReached(view: View, ref: ConfigRef, after: ReadAfter): boolean {
  if (after.epoch !== 0 && after.epoch === view.epoch) {
    return Number(view.revision) >= after.revision;
  }
  // In another epoch revisions say nothing: what counts is that the write itself is there again.
  const isLater = after.epoch === 0 || (view.epoch !== undefined && view.epoch > after.epoch);
  const stored = view.env(ref.env)?.entries.get(ref.id)?.target?.generation ?? 0;
  return isLater && (after.epoch === 0 || view.isReady) && stored >= after.generation;
}
