import type { Logger } from '#libs/telemetry';
import { refKey } from '../domain/config-row.ts';
import type { PublishedItem, PublishStore } from './publish-store.ts';

/** Rows in one statement. */
const BATCH_MAX = 500;
/** Marks of one statement that tell of many writes at once: then a moment's marks share the next. */
const MANY = 16;
/** That moment: a tenth of the time after which a row without its mark is looked at. */
const GATHER_MS = 100;
/** Marks waiting. Dropped ones cost nothing but work: the dirty scan finds their rows again. */
const WAITING_MAX = 50_000;

interface Mark {
  readonly item: PublishedItem;
  readonly epoch: number;
  /** In the order of their coming. */
  readonly number: number;
}

/**
 * Records publications in MySQL behind the callers' backs: while a statement runs, the next gathers, and
 * under load for a moment more, because each is a commit of its own beside those of the writes.
 */
export class PublishMarks implements AsyncDisposable {
  readonly #store: Pick<PublishStore, 'markPublished'>;
  readonly #log: Logger;
  readonly #waiting = new Map<string, Mark>();
  /** Of the newest mark. */
  #number = 0;
  /** Of the statement under way. */
  #underWay: readonly Mark[] = [];
  /** The statement under way, or the last one. Never rejects. */
  #recording: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  /** Those who wait for marks to be recorded: nothing is gathered meanwhile. */
  #hurried = 0;
  /** Ends the gathering. */
  #hurry: () => void = () => undefined;

  constructor(deps: { store: Pick<PublishStore, 'markPublished'>; log: Logger }) {
    this.#store = deps.store;
    this.#log = deps.log;
  }

  /** Records `item` as published in `epoch`, soon. */
  add(item: PublishedItem, epoch: number): void {
    if (this.#waiting.size >= WAITING_MAX) return;
    this.#number += 1;
    this.#waiting.set(refKey(item), { item, epoch, number: this.#number });
    if (this.#waiting.size >= BATCH_MAX) this.#hurry();
    this.#flushing ??= this.#flush();
  }

  /**
   * Resolves when what was added so far has been recorded, or given up. What is added later is not
   * waited for: under load there is always something.
   */
  async flushed(): Promise<void> {
    const newest = this.#number;
    const isOlder = ({ number }: Mark) => number <= newest;
    this.#hurried += 1;
    this.#hurry();
    while (this.#underWay.some(isOlder) || [...this.#waiting.values()].some(isOlder)) {
      await this.#recording;
    }
    this.#hurried -= 1;
  }

  /** Resolves when nothing is left. Nothing may be added any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#hurried += 1;
    this.#hurry();
    while (this.#flushing) await this.#flushing;
  }

  async #flush(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const recording = this.#record();
      this.#recording = recording.then(() => undefined);
      if ((await recording) >= MANY) await this.#gather();
    }
    // In the same turn as the look: a mark that comes a moment later begins anew.
    this.#flushing = undefined;
  }

  async #gather(): Promise<void> {
    if (this.#hurried > 0 || this.#waiting.size >= BATCH_MAX) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    const timer = setTimeout(resolve, GATHER_MS);
    await promise;
    clearTimeout(timer);
  }

  /** One statement: marks of one epoch, the oldest first. Resolves with their number. */
  async #record(): Promise<number> {
    const [first] = this.#waiting.values();
    const epoch = first?.epoch ?? 0;
    const batch = [...this.#waiting.values()]
      .filter((mark) => mark.epoch === epoch)
      .slice(0, BATCH_MAX);
    const items = batch.map(({ item }) => item);
    for (const item of items) this.#waiting.delete(refKey(item));
    this.#underWay = batch;
    try {
      await this.#store.markPublished(items, epoch);
    } catch (error) {
      this.#log.warn({ err: error, epoch, count: items.length }, 'publications not recorded');
    } finally {
      this.#underWay = [];
    }
    return batch.length;
  }
}
