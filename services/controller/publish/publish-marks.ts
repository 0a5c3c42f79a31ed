import type { Logger } from '#libs/telemetry';
import { refKey } from '../domain/config-row.ts';
import type { PublishedItem, PublishStore } from './publish-store.ts';

/** Rows in one statement. */
const BATCH_MAX = 500;
/** Marks waiting. Dropped ones cost nothing but work: the dirty scan finds their rows again. */
const WAITING_MAX = 50_000;

/** Records publications in MySQL behind the callers' backs: while a statement runs, the next gathers. */
export class PublishMarks implements AsyncDisposable {
  readonly #store: Pick<PublishStore, 'markPublished'>;
  readonly #log: Logger;
  #waiting = new Map<string, { item: PublishedItem; epoch: number }>();
  #flushing: Promise<void> | undefined;

  constructor(deps: { store: Pick<PublishStore, 'markPublished'>; log: Logger }) {
    this.#store = deps.store;
    this.#log = deps.log;
  }

  /** Records `item` as published in `epoch`, soon. */
  add(item: PublishedItem, epoch: number): void {
    if (this.#waiting.size >= WAITING_MAX) return;
    this.#waiting.set(refKey(item), { item, epoch });
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
  }

  /** Resolves when what was added has been recorded, or given up. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flushed();
  }

  async #flush(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const [first] = this.#waiting.values();
      const epoch = first?.epoch ?? 0;
      const batch = [...this.#waiting.entries()]
        .filter(([, mark]) => mark.epoch === epoch)
        .slice(0, BATCH_MAX);
      for (const [key] of batch) this.#waiting.delete(key);
      const items = batch.map(([, mark]) => mark.item);
      try {
        await this.#store.markPublished(items, epoch);
      } catch (error) {
        this.#log.warn({ err: error, epoch, count: items.length }, 'publications not recorded');
      }
    }
  }
}
