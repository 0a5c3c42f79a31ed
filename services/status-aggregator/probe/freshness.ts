import { raceSignal } from '#libs/lifecycle';

/** Beats and sightings kept until they meet: far more than fit into the limit. */
const KEPT_MAX = 16;

export interface FreshnessOptions {
  /** A beat not seen for so long means that the view is behind or blind. */
  limitMs: number;
}

/** Somebody who needs the view to hold everything from before a moment. */
interface Waiter {
  readonly sinceMs: number;
  resolve(): void;
}

interface Beat {
  readonly revision: bigint;
  readonly sentAtMs: number;
}

/**
 * How old the view may be. The own registration is put again and again; the moment that its revision
 * is seen in the watch, the view is known to hold everything from before the put was sent. The exact
 * revision counts: a lower bound would be met by the old revisions of an etcd that went back.
 * All times are of one monotonic clock, in milliseconds.
 */
export class Freshness {
  readonly #limitMs: number;
  /** Sightings that came before the answer to their put. */
  readonly #seen: { revision: bigint; atMs: number }[] = [];
  readonly #unseen: Beat[] = [];
  /** Linearizable reads whose revision the watch has not reached yet. */
  readonly #reads: Beat[] = [];
  readonly #waiters = new Set<Waiter>();
  #shown = 0n;
  #provenAtMs: number | undefined;
  #lagMs: number | undefined;
  #upSinceMs: number | undefined;

  constructor({ limitMs }: FreshnessOptions) {
    this.#limitMs = limitMs;
  }

  /** A put of the own key appeared in the view. */
  seen(revision: bigint, atMs: number): void {
    const index = this.#unseen.findIndex((beat) => beat.revision === revision);
    const [beat] = index < 0 ? [] : this.#unseen.splice(0, index + 1).slice(-1);
    if (beat) this.#prove(beat, atMs);
    else pushBounded(this.#seen, { revision, atMs });
  }

  /** etcd answered a put that was sent at `sentAtMs`. */
  answered(beat: Beat): void {
    const seen = this.#seen.find(
      ({ revision, atMs }) => revision === beat.revision && atMs >= beat.sentAtMs,
    );
    this.#seen.length = 0;
    if (seen) this.#prove(beat, seen.atMs);
    else pushBounded(this.#unseen, beat);
  }

  /**
   * etcd answered a linearizable read that was sent at `sentAtMs`: the probe while it takes no puts.
   * A revision below what is shown already is an etcd that went back: it proves nothing.
   */
  read(beat: Beat, atMs: number): void {
    if (beat.revision < this.#shown) return;
    if (beat.revision === this.#shown) this.#prove(beat, atMs);
    else pushBounded(this.#reads, beat);
  }

  /** The watch has delivered everything up to this revision. */
  shown(revision: bigint, atMs: number): void {
    if (revision > this.#shown) this.#shown = revision;
    while (this.#reads[0] && this.#reads[0].revision <= this.#shown) {
      const beat = this.#reads.shift();
      if (beat) this.#prove(beat, atMs);
    }
  }

  /** A list has replaced the view, which now shows exactly this revision. */
  listed(revision: bigint): void {
    this.#shown = revision;
    this.#reads.length = 0;
  }

  /** Resolves once the view is proven to hold everything from before `sinceMs`, or the signal fires. */
  async provenSince(sinceMs: number, signal: AbortSignal): Promise<void> {
    if ((this.#provenAtMs ?? Number.NEGATIVE_INFINITY) >= sinceMs) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { sinceMs, resolve };
    this.#waiters.add(waiter);
    try {
      await raceSignal(promise, signal);
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  /** The watch came up or broke. */
  connected(up: boolean, atMs: number): void {
    this.#upSinceMs = up ? atMs : undefined;
  }

  /** Why the view is not to be trusted at `nowMs`; undefined: it is. */
  unknownReason(nowMs: number): string | undefined {
    if (this.#upSinceMs === undefined) return 'the watch of etcd is down';
    if (this.#provenAtMs === undefined || this.#provenAtMs < this.#upSinceMs) {
      return 'the watch of etcd has just come up and is not proven yet';
    }
    const ageMs = nowMs - this.#provenAtMs;
    if (ageMs <= this.#limitMs) return undefined;
    return `the watch of etcd shows nothing of the last ${Math.round(ageMs)} ms`;
  }

  /** How far the view was behind when last measured, or has been since: milliseconds. */
  lagMs(nowMs: number): number {
    const isTrusted = this.unknownReason(nowMs) === undefined;
    if (isTrusted && this.#lagMs !== undefined) return this.#lagMs;
    return this.#provenAtMs === undefined ? 0 : nowMs - this.#provenAtMs;
  }

  #prove({ sentAtMs }: Beat, atMs: number): void {
    this.#provenAtMs = Math.max(sentAtMs, this.#provenAtMs ?? sentAtMs);
    this.#lagMs = atMs - sentAtMs;
    for (const waiter of this.#waiters) {
      if (waiter.sinceMs <= this.#provenAtMs) waiter.resolve();
    }
  }
}

function pushBounded<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEPT_MAX) list.shift();
}
