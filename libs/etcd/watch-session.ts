import type { IWatchRequest, IWatchResponse } from 'etcd3';

import { type Clock, deriveSignal, sleep } from '#libs/lifecycle';
import type { EtcdClient, EtcdStream } from './client.ts';
import {
  CompactedError,
  EtcdRequestError,
  EtcdUnavailableError,
  WatchSilentError,
} from './errors.ts';
import { prefixEnd } from './prefix-end.ts';
import type { CallOptions, RangeRequest, Revision, WatchEvent } from './types.ts';
import {
  type Anchor,
  ASK_AFTER_MS,
  deliveredPosition,
  follows,
  probesHold,
  probesOf,
  RevisionJoiner,
  revisionOf,
  type WatchPosition,
} from './watch-plan.ts';
import { type WatchMessage, watchMessageFromRaw } from './wire.ts';

/** How often a silence is looked at that has lasted for so long that etcd is asked. */
const TICK_MS = 500;
/** Messages held back until all watches are created and the probe is answered. */
const HELD_MAX = 1000;

/** Why the content has to be listed anew. */
export interface RelistNeeded {
  reason: string;
  compacted: boolean;
  /** etcd has another history than the one that was delivered: it was restored or wiped. */
  rewound: boolean;
}

export interface WatchSessionDeps {
  client: EtcdClient;
  ranges: readonly string[];
  /** Where to watch from. */
  position: WatchPosition;
  /** The client's link when the list was read. */
  listedOver: string;
  /** Longest silence, before which etcd is asked whether it is there. */
  silenceMs: number;
  /** How long to wait for each answer. */
  callTimeoutMs: number;
  clock: Clock;
  /** All watches run and the history is proven: events follow. */
  onUp(): void;
  /** Everything up to this revision has been delivered. */
  onProgress(revision: Revision): void;
  /** Whole revisions of one range, the position after them, and the silence before them. */
  onEvents(events: readonly WatchEvent[], position: WatchPosition, gapMs: number): void;
}

/** One life of a watch stream over all ranges. */
export class WatchSession {
  readonly #deps: WatchSessionDeps;
  readonly #joiners: RevisionJoiner[];
  readonly #held: WatchMessage[] = [];
  #position: WatchPosition;
  #toCreate: number;
  #up = false;
  #heardAtMs: number;
  #gapMs = 0;

  constructor(deps: WatchSessionDeps) {
    this.#deps = deps;
    this.#position = deps.position;
    this.#toCreate = deps.ranges.length;
    this.#joiners = deps.ranges.map(() => new RevisionJoiner());
    this.#heardAtMs = deps.clock.monotonicMs();
  }

  /** Resolves when a new list is needed; rejects when the stream broke or the signal fired. */
  async run(signal: AbortSignal): Promise<RelistNeeded> {
    using scope = deriveSignal(signal);
    const stream = await this.#deps.client.openWatch(scope.signal);
    this.#create(stream);
    const reading = this.#read(stream, scope.signal);
    const guarding = this.#guard(stream, scope.signal);
    try {
      return await Promise.race([reading, guarding]);
    } finally {
      scope.abort();
      stream.close();
      await Promise.allSettled([reading, guarding]);
    }
  }

  #create(stream: EtcdStream<IWatchRequest, IWatchResponse>): void {
    for (const [range, key] of this.#deps.ranges.entries()) {
      stream.write({
        create_request: {
          key: Buffer.from(key),
          ...(key.endsWith('/') && { range_end: Buffer.from(prefixEnd(key)) }),
          start_revision: String(this.#position.starts[range]),
          progress_notify: true,
          fragment: true,
          // 0 means "choose one": so ids begin at 1.
          watch_id: range + 1,
        },
      });
    }
  }

  async #read(
    stream: EtcdStream<IWatchRequest, IWatchResponse>,
    signal: AbortSignal,
  ): Promise<RelistNeeded> {
    for await (const raw of stream.messages) {
      const nowMs = this.#deps.clock.monotonicMs();
      this.#gapMs = nowMs - this.#heardAtMs;
      this.#heardAtMs = nowMs;
      const message = watchMessageFromRaw(raw);
      // While a question is under way nothing more is read: the stream's flow control holds it.
      const relist =
        message.kind === 'events' ? this.#onEvents(message) : await this.#onOther(message, signal);
      if (relist) return relist;
      this.#heardAtMs = this.#deps.clock.monotonicMs();
    }
    throw new EtcdUnavailableError('watch', 'stream ended');
  }

  /** Notices a stream on which nothing comes, not even the answer to a question. */
  async #guard(
    stream: EtcdStream<IWatchRequest, IWatchResponse>,
    signal: AbortSignal,
  ): Promise<never> {
    for (let silentMs = 0; ; ) {
      await sleep(Math.max(TICK_MS, ASK_AFTER_MS - silentMs), signal);
      silentMs = this.#deps.clock.monotonicMs() - this.#heardAtMs;
      if (silentMs >= this.#deps.silenceMs) throw new WatchSilentError(silentMs);
      if (this.#up && silentMs >= ASK_AFTER_MS) stream.write({ progress_request: {} });
    }
  }

  async #onOther(
    message: Exclude<WatchMessage, { kind: 'events' }>,
    signal: AbortSignal,
  ): Promise<RelistNeeded | undefined> {
    switch (message.kind) {
      case 'compacted':
        return compacted(`compacted up to ${message.compactRevision}`);
      case 'canceled':
        // A stale token looks like a missing right: the next stream gets a fresh one.
        this.#deps.client.dropToken();
        throw new EtcdRequestError('watch', message.reason || 'canceled');
      case 'progress': {
        const back = await this.#checkBack(message.revision, this.#position.highest, signal);
        if (!back) this.#deps.onProgress(message.revision);
        return back;
      }
      default: {
        const start = this.#position.starts[message.watch - 1] ?? 0n;
        const back = await this.#checkBack(message.revision, start - 1n, signal);
        this.#toCreate -= 1;
        return back ?? (this.#toCreate === 0 ? await this.#onCreated(signal) : undefined);
      }
    }
  }

  #onEvents(message: Extract<WatchMessage, { kind: 'events' }>): RelistNeeded | undefined {
    if (!this.#up) {
      if (this.#held.length >= HELD_MAX) {
        throw new EtcdUnavailableError('watch', 'events before all watches were created');
      }
      this.#held.push(message);
      return undefined;
    }
    const range = message.watch - 1;
    const events = this.#joiners[range]?.push(message.events, message.last) ?? [];
    const last = events.at(-1);
    if (!last) return undefined;
    if (!follows(this.#position, range, events)) {
      return rewound(`event of old revision ${revisionOf(last)}`);
    }
    this.#position = deliveredPosition(this.#position, range, events);
    this.#deps.onEvents(events, this.#position, this.#gapMs);
    return undefined;
  }

  /** All watches exist, so whatever happens from now on is seen: now prove what came before. */
  async #onCreated(signal: AbortSignal): Promise<RelistNeeded | undefined> {
    const relist = await this.#probe(signal);
    if (relist) return relist;
    this.#up = true;
    this.#deps.onUp();
    for (const message of this.#held.splice(0)) {
      const relist = message.kind === 'events' ? this.#onEvents(message) : undefined;
      if (relist) return relist;
    }
    return undefined;
  }

  async #probe(signal: AbortSignal): Promise<RelistNeeded | undefined> {
    const { client } = this.#deps;
    const { anchor, fresh } = this.#position;
    if (fresh) return await this.#probeList(signal);
    if (!anchor) return { reason: 'no anchor to probe', compacted: false, rewound: false };
    try {
      if (await isInHistory(client, anchor, this.#calls(signal))) return undefined;
      return rewound(`history differs at revision ${anchor.modRevision}`);
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      // Also said of a revision that is not there any more.
      return (await this.#checkBack(0n, anchor.modRevision, signal)) ?? compacted(error.message);
    }
  }

  /**
   * A list is followed while the servers that answered it go on: it may hold no key that could tell
   * their history from another one.
   */
  async #probeList(signal: AbortSignal): Promise<undefined> {
    const { client, ranges, listedOver } = this.#deps;
    await client.range({ key: ranges[0] ?? '/', keysOnly: true }, this.#calls(signal));
    if (client.link !== listedOver) throw brokenList();
  }

  /** A member may lag behind what another has shown us; only the quorum's word counts. */
  async #checkBack(
    revision: Revision,
    expected: Revision,
    signal: AbortSignal,
  ): Promise<RelistNeeded | undefined> {
    if (revision >= expected) return undefined;
    const request: RangeRequest = { key: this.#deps.ranges[0] ?? '/', keysOnly: true };
    const quorum = await this.#deps.client.range(request, this.#calls(signal));
    if (quorum.revision >= expected) return undefined;
    return rewound(`revision went back to ${quorum.revision} < ${expected}`);
  }

  #calls(signal: AbortSignal): CallOptions {
    return { signal, timeoutMs: this.#deps.callTimeoutMs };
  }
}

function compacted(reason: string): RelistNeeded {
  return { reason, compacted: true, rewound: false };
}

function rewound(reason: string): RelistNeeded {
  return { reason, compacted: false, rewound: true };
}

/** Whether what is known of the history is part of it. Throws CompactedError when nobody can tell. */
export async function isInHistory(
  client: EtcdClient,
  anchor: Anchor,
  options: CallOptions,
): Promise<boolean> {
  const probes = probesOf(anchor).map((probe) => client.range(probe, options));
  const answers = await Promise.all(probes);
  return probesHold(
    anchor,
    answers.map(({ kvs }) => kvs[0]),
  );
}

/** Pages that came from two histories make no whole. */
export function brokenList(): EtcdUnavailableError {
  return new EtcdUnavailableError('list', 'the connection broke before a watch took it over');
}
