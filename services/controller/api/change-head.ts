import { raceSignal, sleep } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { ChangePlace, ChangeStore } from '../store/change-store.ts';

/** Between two looks: how late a change is told, at one cheap query. */
const POLL_MS = 250;

export interface ChangeHeadDeps {
  changes: Pick<ChangeStore, 'newest'>;
  log: Logger;
}

/** How far the history goes, looked up once for all who wait for it; not at all while nobody does. */
export class ChangeHead {
  readonly #deps: ChangeHeadDeps;
  #sequence = 0;
  #waiting = Promise.withResolvers<void>();
  #next = Promise.withResolvers<void>();
  #waiters = 0;

  constructor(deps: ChangeHeadDeps) {
    this.#deps = deps;
    ignoreUnheard(this.#next);
  }

  /** Looks until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#waiters === 0) {
          this.#waiting = Promise.withResolvers();
          await raceSignal(this.#waiting.promise, signal);
        }
        await this.#look();
        await sleep(POLL_MS, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  /**
   * Waits until the history does not end with the transaction of `place`: with a later one, or with an
   * earlier one after a restore. Throws MysqlErrors, or the signal's reason.
   */
  async waitBehind(place: ChangePlace | undefined, signal: AbortSignal): Promise<void> {
    const known = place?.sequence ?? 0;
    this.#waiters += 1;
    this.#waiting.resolve();
    try {
      // Only the next look counts: what the last one saw may be older than `place`.
      do await raceSignal(this.#next.promise, signal);
      while (this.#sequence === known);
    } finally {
      this.#waiters -= 1;
    }
  }

  async #look(): Promise<void> {
    const next = this.#next;
    this.#next = Promise.withResolvers();
    ignoreUnheard(this.#next);
    try {
      const newest = await this.#deps.changes.newest();
      this.#sequence = newest?.sequence ?? 0;
      next.resolve();
    } catch (error) {
      this.#deps.log.debug({ err: error }, 'the history cannot be read');
      next.reject(error);
    }
  }
}

/** A failure that nobody waits for is no failure. */
function ignoreUnheard({ promise }: PromiseWithResolvers<void>): void {
  promise.catch(() => undefined);
}
