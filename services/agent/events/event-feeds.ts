import { type Clock, raceSignal } from '#libs/lifecycle';
import type { AgentEvent } from '../domain/agent-event.ts';

/** Who looks on at once. */
const FEEDS_MAX = 8;
/** Events that wait for one reader, beside as many that it is reading. */
const WAITING_MAX = 10_000;

/** An event as one reader is told of it. */
export interface ToldEvent {
  readonly event: AgentEvent;
  readonly atMs: number;
  /** Events before this one that the reader was too slow for. */
  readonly dropped: number;
}

export interface EventFeedsOptions {
  clock: Pick<Clock, 'now'>;
  waitingMax?: number;
}

/** Hands events to whoever looks on, at the cost of nothing while nobody does. */
export class EventFeeds {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #waitingMax: number;
  readonly #feeds = new Set<EventFeed>();

  constructor({ clock, waitingMax = WAITING_MAX }: EventFeedsOptions) {
    this.#clock = clock;
    this.#waitingMax = waitingMax;
  }

  /** Never waits for a reader. */
  readonly tell = (event: AgentEvent): void => {
    if (this.#feeds.size === 0) return;
    const atMs = this.#clock.now();
    for (const feed of this.#feeds) feed.add(event, atMs);
  };

  /**
   * What happens from now on, of one config or of all; what is about no config always. Undefined: too
   * many look on already. The caller disposes of it.
   */
  open(id?: string): EventFeed | undefined {
    if (this.#feeds.size >= FEEDS_MAX) return undefined;
    const feed: EventFeed = new EventFeed({
      id,
      waitingMax: this.#waitingMax,
      close: () => this.#feeds.delete(feed),
    });
    this.#feeds.add(feed);
    return feed;
  }
}

interface EventFeedOptions {
  id: string | undefined;
  waitingMax: number;
  close: () => void;
}

/** The events that one reader has yet to hear. When too many wait they go, and the next one says how many. */
export class EventFeed implements Disposable {
  readonly #options: EventFeedOptions;
  #waiting: ToldEvent[] = [];
  #dropped = 0;
  #wake: PromiseWithResolvers<void> | undefined;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  add(event: AgentEvent, atMs: number): void {
    const { id, waitingMax } = this.#options;
    if (id !== undefined && event.id !== undefined && event.id !== id) return;
    if (this.#waiting.length >= waitingMax) {
      // All at once: one by one would move the whole rest at each event.
      this.#dropped += this.#waiting.reduce((count, { dropped }) => count + 1 + dropped, 0);
      this.#waiting = [];
    }
    this.#waiting.push({ event, atMs, dropped: this.#dropped });
    this.#dropped = 0;
    this.#wake?.resolve();
  }

  /** The events in order; waits for the next until the signal fires, and rejects then. */
  async *events(signal: AbortSignal): AsyncGenerator<ToldEvent> {
    for (;;) {
      const waiting = this.#waiting;
      this.#waiting = [];
      yield* waiting;
      if (this.#waiting.length > 0) continue;
      this.#wake = Promise.withResolvers();
      await raceSignal(this.#wake.promise, signal);
    }
  }

  [Symbol.dispose](): void {
    this.#options.close();
  }
}
