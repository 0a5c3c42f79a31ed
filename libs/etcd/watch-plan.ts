// The decisions of a list-watch: where to resume, how to prove that the history is still the one
// that was delivered, and how long to wait after a failure. No I/O, no clock.

import { prefixEnd } from './prefix-end.ts';
import type { KeyValue, RangeRequest, Revision, WatchEvent } from './types.ts';

const WAIT_MIN_MS = 100;
/** After the network failed: etcd may be back any moment. */
const TRANSPORT_WAIT_MAX_MS = 1000;
/** After etcd asked for less, or compacts faster than we list. */
const SLOW_WAIT_MAX_MS = 30_000;
/** Of an etcd that may only be away: it is looked for more often than one that asked for less. */
const LATE_WAIT_MAX_MS = 8_000;

/** Silence of an idle watch that etcd is asked about; it answers at once. */
export const ASK_AFTER_MS = 1500;
/** Silence after which a watch is given up. */
const SILENCE_MIN_MS = 3000;
/** A slow link gets up to this much, so that a large message arrives at all. */
const SILENCE_MAX_MS = 30_000;

/** Something that is known of the history at one revision. */
export interface Anchor {
  readonly key: string;
  /** Revision that last wrote or deleted the key. */
  readonly modRevision: Revision;
  readonly deleted: boolean;
  /** What was put: another history may have another write of the key at the same revision. */
  readonly put?: Pick<KeyValue, 'value' | 'createRevision'>;
  /** Revision at which this is known to hold. */
  readonly readAt: Revision;
}

/** How far a list-watch has delivered. */
export interface WatchPosition {
  /** First revision not delivered yet, for each range. */
  readonly starts: readonly Revision[];
  /** The newest known thing, if there is one. */
  readonly anchor: Anchor | undefined;
  /** The highest revision seen anywhere. */
  readonly highest: Revision;
  /** Nothing was delivered that proves the history: the list is followed over the same sockets only. */
  readonly fresh: boolean;
}

export function revisionOf(event: WatchEvent): Revision {
  return event.type === 'put' ? event.kv.modRevision : event.modRevision;
}

/** The newer of the anchor so far and the newest of some listed pairs. */
export function listedAnchor(
  anchor: Anchor | undefined,
  kvs: readonly KeyValue[],
  readAt: Revision,
): Anchor | undefined {
  let newest = anchor;
  for (const kv of kvs) {
    const { key, modRevision } = kv;
    if (modRevision > (newest?.modRevision ?? 0n) && isReadable(key)) {
      newest = { key, modRevision, deleted: false, put: kv, readAt };
    }
  }
  return newest;
}

/** Where to watch from after a list of `ranges` prefixes at `revision`. */
export function listedPosition(
  ranges: number,
  revision: Revision,
  anchor: Anchor | undefined,
): WatchPosition {
  const starts = Array.from({ length: ranges }, () => revision + 1n);
  return { starts, anchor, highest: revision, fresh: true };
}

/**
 * The position once a watch has taken the list over. The newest key proves the history only when it was
 * the last thing written: deletes after it leave no trace that another history would not have.
 */
export function followedPosition(position: WatchPosition): WatchPosition {
  const isProven = position.anchor?.modRevision === position.highest;
  return isProven ? { ...position, fresh: false } : position;
}

/** The position once `events`, whole revisions of one range, are delivered. */
export function deliveredPosition(
  position: WatchPosition,
  range: number,
  events: readonly WatchEvent[],
): WatchPosition {
  const last = events.at(-1);
  if (!last) return position;
  const revision = revisionOf(last);
  const known = events.findLast((event) => isReadable(keyOf(event)));
  const anchor = known && anchorOf(known);
  const newer = anchor && anchor.modRevision > (position.anchor?.readAt ?? 0n);
  return {
    starts: position.starts.with(range, revision + 1n),
    anchor: newer ? anchor : position.anchor,
    highest: revision > position.highest ? revision : position.highest,
    fresh: position.fresh && !newer,
  };
}

/** Whether events may follow the position: never anything that was delivered before. */
export function follows(
  position: WatchPosition,
  range: number,
  events: readonly WatchEvent[],
): boolean {
  const [first] = events;
  const start = position.starts[range];
  return first === undefined || (start !== undefined && revisionOf(first) >= start);
}

/**
 * Reads whose answers prove that an anchor is part of the history. A delete takes two: that the key
 * is gone proves nothing in a store that never had it, it must have been there just before.
 */
export function probesOf({ key, deleted, readAt }: Anchor): RangeRequest[] {
  const at = (revision: Revision): RangeRequest => ({ key, revision });
  return deleted ? [at(readAt), at(readAt - 1n)] : [at(readAt)];
}

/** Whether the answers to `probesOf` show the history that was delivered. */
export function probesHold(
  { deleted, modRevision, put }: Anchor,
  answers: readonly (KeyValue | undefined)[],
): boolean {
  const [now, before] = answers;
  if (deleted) return now === undefined && before !== undefined;
  if (now?.modRevision !== modRevision) return false;
  return !put || (put.createRevision === now.createRevision && put.value.equals(now.value));
}

/**
 * Reads that find nothing when a list of `ranges` at `revision` that found nothing is part of the
 * history. Without them another history, that has got further meanwhile, would pass for this one.
 */
export function emptyProbesOf(ranges: readonly string[], revision: Revision): RangeRequest[] {
  return ranges.map((key) => ({
    key,
    ...(key.endsWith('/') && { rangeEnd: prefixEnd(key) }),
    ...{ revision, limit: 1, keysOnly: true },
  }));
}

/** Joins the fragments of one range's responses into whole revisions. */
export class RevisionJoiner {
  #held: WatchEvent[] = [];

  /** Takes in a fragment and gives out what is complete. `last`: no more fragments follow. */
  push(events: readonly WatchEvent[], last: boolean): readonly WatchEvent[] {
    const all = this.#held.length === 0 ? [...events] : this.#held.concat(events);
    const newest = all.at(-1);
    if (last || !newest) {
      this.#held = [];
      return all;
    }
    const open = revisionOf(newest);
    const from = all.findIndex((event) => revisionOf(event) === open);
    this.#held = all.slice(from);
    return all.slice(0, from);
  }
}

/** Failures in a row since the last healthy period, by what they ask for. */
export interface Pace {
  readonly transport: number;
  readonly slow: number;
  readonly silent: number;
}

export const FRESH_PACE: Pace = { transport: 0, slow: 0, silent: 0 };

/**
 * The pace once something was delivered, `gapMs` after the message before it: a late one shows a
 * slow link, for which the patience stays.
 */
export function calmed({ silent }: Pace, gapMs: number): Pace {
  return gapMs < SILENCE_MIN_MS ? FRESH_PACE : { ...FRESH_PACE, silent };
}

/**
 * `exhausted`: etcd has too many requests. `late`: it did not answer in time. `compacted`: the revision to
 * list or watch from is gone.
 */
export type FailureKind = 'transport' | 'silent' | 'late' | 'exhausted' | 'compacted';

/** What a failure makes of the pace, and how long to wait before the next try. */
export function paceAfter(
  pace: Pace,
  kind: FailureKind,
  random: () => number,
): { pace: Pace; waitMs: number } {
  const jitter = 0.5 + random() / 2;
  if (kind === 'late' || kind === 'exhausted' || kind === 'compacted') {
    // One compaction is everyday life; only in a row do they show that we are too slow.
    const first = kind === 'compacted' && pace.slow === 0;
    const maxMs = kind === 'late' ? LATE_WAIT_MAX_MS : SLOW_WAIT_MAX_MS;
    const waitMs = first ? 0 : doubled(WAIT_MIN_MS, pace.slow, maxMs) * jitter;
    return { pace: { ...pace, slow: pace.slow + 1 }, waitMs };
  }
  const silent = kind === 'silent' ? pace.silent + 1 : pace.silent;
  const waitMs = doubled(WAIT_MIN_MS, pace.transport, TRANSPORT_WAIT_MAX_MS) * jitter;
  return { pace: { ...pace, silent, transport: pace.transport + 1 }, waitMs };
}

/** Silence to bear: grows with every watch that fell silent, so that a slow link gets through. */
export function silenceLimitMs(pace: Pace): number {
  return doubled(SILENCE_MIN_MS, pace.silent, SILENCE_MAX_MS);
}

function doubled(minMs: number, times: number, maxMs: number): number {
  return Math.min(minMs * 2 ** times, maxMs);
}

function keyOf(event: WatchEvent): string {
  return event.type === 'put' ? event.kv.key : event.key;
}

function anchorOf(event: WatchEvent): Anchor {
  const modRevision = revisionOf(event);
  const deleted = event.type === 'delete';
  const put = event.type === 'put' ? { put: event.kv } : {};
  return { key: keyOf(event), modRevision, deleted, ...put, readAt: modRevision };
}

/** A foreign key that is not UTF-8 was decoded with losses: it cannot be read again. */
function isReadable(key: string): boolean {
  return !key.includes('\uFFFD');
}
