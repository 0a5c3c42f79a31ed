// Brings the whole content of some ranges into a sink and keeps it there: list at one revision,
// watch from the next one, for ever.
//
// The goal: no event lost, none twice, whatever breaks. The traps: a stream that resumes from a
// header's revision skips its backlog; an etcd that was wiped or restored answers as if nothing had
// happened, with an equal cluster id; and it may overtake the old revision before we are back. So
// the only resume point is the last delivered event, and each new stream first proves that this
// event is part of the store's history. In doubt everything is listed again.

import {
  aborted,
  type Clock,
  deadlineSignal,
  jittered,
  raceSignal,
  systemClock,
} from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { callTimeoutMs } from './call-timeout.ts';
import type { EtcdClient } from './client.ts';
import { CompactedError, EtcdUnavailableError, isOverloaded, WatchSilentError } from './errors.ts';
import type { ListWatchSink, Page, Revision, SnapshotSink } from './types.ts';
import {
  type Anchor,
  calmed,
  type FailureKind,
  FRESH_PACE,
  followedPosition,
  listedAnchor,
  listedPosition,
  type Pace,
  paceAfter,
  silenceLimitMs,
  type WatchPosition,
} from './watch-plan.ts';
import { brokenList, isInHistory, type RelistNeeded, WatchSession } from './watch-session.ts';

/** Lists now and then heal what no rule foresaw. */
const RELIST_INTERVAL_MS = 180_000;
/** So that clients started together do not list together. */
const RELIST_JITTER = 0.1;
/** A watch up for so long has proven the path: failures after it count from zero. */
const HEALTHY_AFTER_MS = 5000;

export interface ListWatchDeps {
  client: EtcdClient;
  /** For logs. */
  name: string;
  /** Prefixes ending in "/", or exact keys. Listed at one revision; watched each by itself. */
  ranges: readonly string[];
  sink: ListWatchSink;
  /** Time between full lists; each is varied by 10 %. */
  relistIntervalMs?: number;
  log: Logger;
  clock?: Clock;
  random?: () => number;
}

/** A list under way. */
interface Listing {
  /** Undefined until the first page. */
  readonly revision: Revision | undefined;
  readonly snapshot: SnapshotSink;
  readonly signal: AbortSignal;
}

/** The sink threw: a bug of ours, not a failure of etcd. */
class SinkFailure extends Error {
  readonly failure: Error;

  constructor(failure: unknown) {
    super('sink threw');
    this.failure = failure instanceof Error ? failure : new Error(String(failure));
  }
}

/**
 * Keeps a sink equal to etcd. Within one range revisions arrive whole and in order; a transaction
 * over two ranges arrives as two calls.
 */
export class ListWatch {
  readonly #deps: ListWatchDeps;
  readonly #clock: Clock;
  readonly #random: () => number;
  #position: WatchPosition | undefined;
  /** The newest thing that was ever delivered. */
  #known: Anchor | undefined;
  /** The client's link when it listed. */
  #listedOver = '';
  #pace: Pace = FRESH_PACE;
  #relistAtMs = 0;
  #upAtMs: number | undefined;
  #waiting: PromiseWithResolvers<Revision>[] = [];
  #interrupt: ((reason: unknown) => void) | undefined;

  constructor(deps: ListWatchDeps) {
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    this.#random = deps.random ?? Math.random;
  }

  /** Runs until the signal fires. Rejects only with what the sink threw. Call it once. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await this.#attempt(signal);
    } finally {
      this.#down();
      for (const { reject } of this.#waiting.splice(0)) {
        reject(signal.reason ?? new Error('list-watch ended'));
      }
    }
  }

  /** Lists everything anew, and resolves with the revision of a list begun after this call. */
  async relist(signal: AbortSignal): Promise<Revision> {
    signal.throwIfAborted();
    const waiter = Promise.withResolvers<Revision>();
    this.#waiting.push(waiter);
    this.#interrupt?.(new DOMException('relist requested', 'AbortError'));
    return await raceSignal(waiter.promise, signal);
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    try {
      if (!this.#position || this.#waiting.length > 0) await this.#list(signal);
      const relist = await this.#watch(signal);
      if (!relist || signal.aborted) return;
      this.#position = undefined;
      this.#down();
      this.#deps.log.info({ listWatch: this.#deps.name, reason: relist.reason }, 'relisting');
      if (relist.rewound) this.#rewound();
      if (relist.compacted) await this.#waitAfter('compacted', signal);
    } catch (error) {
      if (error instanceof SinkFailure) throw error.failure;
      this.#down();
      if (signal.aborted) return;
      // One line for an outage: its every try would fill the log.
      const level = this.#pace === FRESH_PACE ? 'warn' : 'debug';
      const fields = { listWatch: this.#deps.name, err: error };
      this.#deps.log[level](fields, 'list-watch broke, trying again');
      // Nothing that was delivered tells this history from another one.
      if (error instanceof CompactedError || this.#position?.fresh) this.#position = undefined;
      await this.#waitAfter(kindOf(error), signal);
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, ranges } = this.#deps;
    const served = this.#waiting.splice(0);
    try {
      const snapshot = guarded(() => this.#deps.sink.begin());
      let revision: Revision | undefined;
      let anchor: Anchor | undefined;
      let link: string | undefined;
      for (const range of ranges) {
        for await (const page of this.#pages(range, { revision, snapshot, signal })) {
          revision ??= page.revision;
          link ??= client.link;
          anchor = listedAnchor(anchor, page.kvs, revision);
          guarded(() => snapshot.page(page.kvs));
        }
      }
      const at = revision ?? 0n;
      await this.#compareHistory(at, signal);
      if (client.link !== link) throw brokenList();
      guarded(() => snapshot.commit(at));
      this.#listedOver = link;
      this.#known = anchor;
      this.#position = listedPosition(ranges.length, at, anchor);
      for (const { resolve } of served) resolve(at);
    } catch (error) {
      this.#waiting.unshift(...served);
      throw error;
    }
    const intervalMs = this.#deps.relistIntervalMs ?? RELIST_INTERVAL_MS;
    const inMs = jittered(intervalMs, RELIST_JITTER, this.#random);
    this.#relistAtMs = this.#clock.monotonicMs() + inMs;
  }

  /** Tells of another history also when nothing but a list follows what was delivered. */
  async #compareHistory(listed: Revision, signal: AbortSignal): Promise<void> {
    if (!this.#known) return;
    if (listed < this.#known.readAt) {
      this.#rewound();
      return;
    }
    try {
      const options = { signal, timeoutMs: this.#callTimeoutMs };
      if (!(await isInHistory(this.#deps.client, this.#known, options))) this.#rewound();
    } catch (error) {
      // Compacted: nobody can tell, and the list says all that there is.
      if (!(error instanceof CompactedError)) throw error;
    }
  }

  get #callTimeoutMs(): number {
    return callTimeoutMs(this.#pace.slow);
  }

  #rewound(): void {
    this.#known = undefined;
    guarded(() => this.#deps.sink.rewound?.());
  }

  async *#pages(range: string, { revision, snapshot, signal }: Listing): AsyncGenerator<Page> {
    const { client } = this.#deps;
    const pinned = revision === undefined ? {} : { revision };
    const options = { signal, timeoutMs: this.#callTimeoutMs };
    if (range.endsWith('/')) {
      const boundAfter = (key: string) => guarded(() => snapshot.boundAfter?.(key));
      yield* client.list(range, { ...options, ...pinned, boundAfter });
    } else {
      const answer = await client.range({ key: range, ...pinned }, options);
      yield { revision: revision ?? answer.revision, kvs: answer.kvs };
    }
  }

  /** Watches until a relist is due: undefined when the clock or a request says so. */
  async #watch(signal: AbortSignal): Promise<RelistNeeded | undefined> {
    // Somebody asked for a list while the last one was read: it began too early for them.
    if (!this.#position || this.#waiting.length > 0) return undefined;
    const { client, ranges, sink } = this.#deps;
    using due = deadlineSignal(signal, Math.max(0, this.#relistAtMs - this.#clock.monotonicMs()));
    this.#interrupt = due.abort;
    const session = new WatchSession({
      client,
      ranges,
      position: this.#position,
      listedOver: this.#listedOver,
      silenceMs: silenceLimitMs(this.#pace),
      callTimeoutMs: this.#callTimeoutMs,
      clock: this.#clock,
      onUp: () => this.#up(),
      onProgress: (revision) => guarded(() => sink.progress?.(revision)),
      onEvents: (events, position, gapMs) => {
        guarded(() => sink.events(events, position.highest));
        this.#position = position;
        this.#known = position.anchor;
        this.#pace = calmed(this.#pace, gapMs);
      },
    });
    try {
      return await session.run(due.signal);
    } catch (error) {
      if (error instanceof SinkFailure || !due.signal.aborted) throw error;
      if (!signal.aborted) this.#position = undefined;
      return undefined;
    } finally {
      this.#interrupt = undefined;
    }
  }

  #up(): void {
    if (this.#position) this.#position = followedPosition(this.#position);
    if (this.#upAtMs === undefined) guarded(() => this.#deps.sink.connected?.(true));
    this.#upAtMs ??= this.#clock.monotonicMs();
  }

  #down(): void {
    if (this.#upAtMs === undefined) return;
    if (this.#clock.monotonicMs() - this.#upAtMs >= HEALTHY_AFTER_MS) this.#pace = FRESH_PACE;
    this.#upAtMs = undefined;
    guarded(() => this.#deps.sink.connected?.(false));
  }

  async #waitAfter(kind: FailureKind, signal: AbortSignal): Promise<void> {
    const { pace, waitMs } = paceAfter(this.#pace, kind, this.#random);
    this.#pace = pace;
    using wait = deadlineSignal(signal, waitMs);
    this.#interrupt = wait.abort;
    await aborted(wait.signal);
    this.#interrupt = undefined;
  }
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof CompactedError) return 'compacted';
  if (error instanceof WatchSilentError) return 'silent';
  if (error instanceof EtcdUnavailableError && error.exhausted) return 'exhausted';
  return isOverloaded(error) ? 'late' : 'transport';
}

function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new SinkFailure(error);
  }
}
