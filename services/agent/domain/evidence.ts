import type { MetaView, PassMark } from './record.ts';

/** Whole passes that must have ended since an absence was noticed: one of them also began since. */
const PASSES_NEEDED = 2;

/** An unexplained absence, from when it was noticed until it is explained or over. */
export interface Absence {
  /** Milliseconds since 1970, for people. */
  readonly sinceMs: number;
  /** Highest mark when it was noticed. Undefined: etcd was not READY, nothing is counted yet. */
  readonly mark: PassMark | undefined;
}

/** The mark of a READY etcd (a full pass has completed in its epoch), or undefined. */
export function readyMark(meta: MetaView): PassMark | undefined {
  const { epoch, ready, pass } = meta;
  if (epoch === undefined || ready !== epoch || pass === undefined) return undefined;
  return { epoch, pass };
}

/** Negative, 0 or positive, as `a` is before, at or after `b`. */
export function compareMarks(a: PassMark, b: PassMark): number {
  return a.epoch - b.epoch || a.pass - b.pass;
}

/** The later of two marks. */
export function highestMark(
  a: PassMark | undefined,
  b: PassMark | undefined,
): PassMark | undefined {
  if (!a || !b) return a ?? b;
  return compareMarks(a, b) >= 0 ? a : b;
}

/**
 * Takes one more look at an absence. `proven` is true once two passes ended in the epoch in which it
 * was noticed. A mark lower than the highest ever seen is no evidence: the counting begins anew.
 */
export function observeAbsence(
  absence: Absence,
  meta: MetaView,
  highest: PassMark | undefined,
): { absence: Absence; proven: boolean } {
  const now = readyMark(meta);
  if (!now || (highest && compareMarks(now, highest) < 0)) {
    return { absence: { sinceMs: absence.sinceMs, mark: undefined }, proven: false };
  }
  if (absence.mark?.epoch !== now.epoch) {
    return { absence: { sinceMs: absence.sinceMs, mark: now }, proven: false };
  }
  return { absence, proven: now.pass >= absence.mark.pass + PASSES_NEEDED };
}
