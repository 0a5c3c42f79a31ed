import type { KeyValue, ListWatchSink, WatchEvent, WatchPosition } from '#libs/etcd';
import type { Random } from '#test/random';
import type { EtcdServer } from './etcd-server.ts';
import type { EtcdPort } from './ports.ts';
import type { Process, Scheduler } from './scheduler.ts';
import type { Production } from './world.ts';

export interface ListWatchDeps {
  readonly scheduler: Scheduler;
  readonly server: EtcdServer;
  readonly port: EtcdPort;
  readonly process: Process;
  readonly production: Production;
  readonly ranges: readonly string[];
  readonly sink: ListWatchSink;
}

/**
 * A list-watch whose stream is simulated: each range falls behind by itself, events come when the
 * scheduler says so, and the stream breaks at any moment. Where to resume and whether the history is
 * still the one that was delivered are the product's own decisions.
 */
export class ModelListWatch {
  readonly process: Process;
  readonly #deps: ListWatchDeps;
  #position: WatchPosition | undefined;
  /** Where there was nothing to deliver: so it is until one of them moves. */
  #idle: { readonly position: WatchPosition; readonly revision: bigint } | undefined;
  /** A range whose events are late, while those of the others come. */
  #stalled: number | undefined;
  #timeline = 0;
  #listedIn = 0;
  #isUp = false;
  #waiting: PromiseWithResolvers<bigint>[] = [];
  #wake: (why: 'cut' | 'relist') => void = () => undefined;

  constructor(deps: ListWatchDeps) {
    this.#deps = deps;
    this.process = deps.process;
  }

  /** Whether a stream is up, which events may come on. */
  get isUp(): boolean {
    return this.#isUp && this.process.alive;
  }

  /**
   * Whether what was delivered is believed to be of the present history: while no stream is up a view
   * says UNKNOWN in the product, as soon as it hears nothing of itself.
   */
  get isOfPresent(): boolean {
    const { timeline } = this.#deps.server.store;
    return (this.#isUp ? this.#timeline : this.#listedIn) === timeline;
  }

  /** The newest thing that was ever delivered. */
  #known: WatchPosition['anchor'];
  #listedOver = '';

  async run(): Promise<void> {
    const { production } = this.#deps;
    for (;;) {
      try {
        if (!this.#position || this.#waiting.length > 0) await this.#list();
        await this.#watch();
      } catch (error) {
        this.#down();
        const { CompactedError } = production;
        if (error instanceof CompactedError || this.#position?.fresh) this.#position = undefined;
      }
    }
  }

  /** Lists everything anew, and resolves with the revision of a list begun after this call. */
  async relist(_signal: AbortSignal): Promise<bigint> {
    const waiter = Promise.withResolvers<bigint>();
    this.#waiting.push(waiter);
    this.#wake('relist');
    return await waiter.promise;
  }

  /** A list is due. */
  relistNow(): void {
    this.#wake('relist');
  }

  /** The connection breaks. */
  cut(): void {
    this.#wake('cut');
  }

  /** The events of one range are late from now on, until the stream breaks. */
  stall(range: number): void {
    this.#stalled = range;
  }

  get isStalled(): boolean {
    return this.#stalled !== undefined;
  }

  get rangeCount(): number {
    return this.#deps.ranges.length;
  }

  /** What was late comes. */
  catchUp(): void {
    this.#stalled = undefined;
    this.#idle = undefined;
  }

  /** Whether there is something to deliver. */
  hasBacklog(): boolean {
    const { server, ranges } = this.#deps;
    const position = this.#position;
    if (!this.isUp || !position || this.#timeline !== server.store.timeline) return false;
    const { revision } = server;
    if (this.#idle?.position === position && this.#idle.revision === revision) return false;
    const from = position.starts.reduce((low, start) => (start < low ? start : low));
    if (revision < from) return false;
    const log = server.store.after(from - 1n);
    if (!log) return true;
    const isBehind = ranges.some((range, at) => {
      if (at === this.#stalled) return false;
      const start = position.starts[at] ?? 0n;
      return log.some((entry) => entry.revision >= start && entry.events.some(isIn(range)));
    });
    if (!isBehind) this.#idle = { position, revision };
    return isBehind;
  }

  /** Some of what one range has in store arrives, whole revisions only. */
  deliver(random: Random): void {
    const { server, ranges, sink, production } = this.#deps;
    const { deliveredPosition, follows } = production;
    for (const at of random.shuffled(ranges.map((_, index) => index))) {
      if (at === this.#stalled) continue;
      const position = this.#position;
      if (!position) return;
      const start = position.starts[at] ?? 0n;
      const log = server.store.after(start - 1n);
      if (!log) {
        // The server says so itself: this watch was too slow.
        this.#position = undefined;
        this.#wake('cut');
        return;
      }
      const revisions = log
        .map(({ events }) => events.filter(isIn(ranges[at] ?? '')))
        .filter((events) => events.length > 0);
      if (revisions.length === 0) continue;
      const events = revisions.slice(0, random.int(1, revisions.length)).flat();
      if (!follows(position, at, events)) throw new Error('the model delivered an old revision');
      const next = deliveredPosition(position, at, events);
      this.#position = next;
      this.#known = next.anchor;
      sink.events(events, next.highest);
      return;
    }
  }

  async #list(): Promise<void> {
    const { port, ranges, sink, production } = this.#deps;
    const { listedAnchor, listedPosition } = production;
    const served = this.#waiting.splice(0);
    this.#listedIn = this.#deps.server.store.timeline;
    try {
      const snapshot = sink.begin();
      let revision: bigint | undefined;
      let anchor: Parameters<typeof listedAnchor>[0];
      let link = '';
      for (const range of ranges) {
        for await (const page of this.#pages(port, range, revision)) {
          revision ??= page.revision;
          link ||= port.link;
          anchor = listedAnchor(anchor, page.kvs, revision);
          snapshot.page(page.kvs);
        }
      }
      const at = revision ?? 0n;
      await this.#compareHistory(at);
      if (port.link !== link) throw brokenList(production);
      snapshot.commit(at);
      this.#position = listedPosition(ranges.length, at, anchor);
      this.#known = anchor;
      this.#listedOver = link;
      for (const { resolve } of served) resolve(at);
    } catch (error) {
      this.#waiting.unshift(...served);
      throw error;
    }
  }

  async *#pages(port: EtcdPort, range: string, revision: bigint | undefined) {
    const pinned = revision === undefined ? {} : { revision };
    if (range.endsWith('/')) {
      yield* port.list(range, pinned);
    } else {
      const answer = await port.range({ key: range, ...pinned });
      yield { revision: revision ?? answer.revision, kvs: answer.kvs };
    }
  }

  /** Watches until the stream breaks, or a list is due. */
  async #watch(): Promise<void> {
    const { port, ranges, sink, server, production } = this.#deps;
    const position = this.#position;
    if (!position || this.#waiting.length > 0) return;
    // Creating the watches is a call like any other; the answer names the store's revision.
    const created = await port.range({ key: ranges[0] ?? '/' });
    this.#timeline = server.store.timeline;
    if (position.fresh) {
      if (port.link !== this.#listedOver) throw brokenList(production);
    } else if (!(await this.#follows(position, created.revision))) {
      this.#position = undefined;
      this.#down();
      this.#rewound();
      return;
    }
    // etcd ends the stream when it goes.
    if (this.#timeline !== server.store.timeline) return;
    this.#position = production.followedPosition(position);
    this.catchUp();
    this.#isUp = true;
    sink.connected?.(true);
    const why = await this.#woken();
    if (why === 'relist') this.#position = undefined;
    else this.#down();
    this.#isUp = false;
  }

  /** What ends the watch. A list may have been asked for while the watch was being made. */
  async #woken(): Promise<'cut' | 'relist'> {
    if (this.#waiting.length > 0) return 'relist';
    const { promise, resolve } = Promise.withResolvers<'cut' | 'relist'>();
    this.#wake = resolve;
    const why = await promise;
    this.#wake = () => undefined;
    return why;
  }

  async #follows({ starts, anchor }: WatchPosition, revision: bigint): Promise<boolean> {
    const lowest = starts.reduce((low, start) => (start < low ? start : low));
    return revision >= lowest - 1n && anchor !== undefined && (await this.#isInHistory(anchor));
  }

  async #compareHistory(listed: bigint): Promise<void> {
    const known = this.#known;
    if (!known) return;
    try {
      if (listed < known.readAt || !(await this.#isInHistory(known))) this.#rewound();
    } catch (error) {
      if (!(error instanceof this.#deps.production.CompactedError)) throw error;
    }
  }

  #rewound(): void {
    this.#known = undefined;
    this.#deps.sink.rewound?.();
  }

  async #isInHistory(anchor: NonNullable<WatchPosition['anchor']>): Promise<boolean> {
    const { port, production } = this.#deps;
    const { probesHold, probesOf } = production;
    const answers: (KeyValue | undefined)[] = [];
    for (const probe of probesOf(anchor)) {
      const { kvs } = await port.range(probe);
      answers.push(kvs[0]);
    }
    return probesHold(anchor, answers);
  }

  #down(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#deps.sink.connected?.(false);
  }
}

function brokenList({ EtcdUnavailableError }: Production): Error {
  return new EtcdUnavailableError('list', 'the connection broke before a watch took it over');
}

function isIn(range: string): (event: WatchEvent) => boolean {
  return (event) => {
    const key = event.type === 'put' ? event.kv.key : event.key;
    return range.endsWith('/') ? key.startsWith(range) : key === range;
  };
}
