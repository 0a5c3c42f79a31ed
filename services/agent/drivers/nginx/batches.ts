import { raceSignal, sleep } from '#libs/lifecycle';

/** A burst is one batch: long enough for calls that come together, too short to be noticed. */
const GATHER_MS = 50;

/** What became of one item: undefined when it is done. */
export type Outcomes = ReadonlyMap<string, unknown>;

interface Waiting<T> {
  readonly item: T;
  readonly signal: AbortSignal;
  settle(this: void, error: unknown): void;
}

/** Gathers calls into batches and works on one batch at a time, in the order of the calls. */
export class Batches<T extends { readonly id: string }> {
  readonly #work: (items: readonly T[]) => Promise<Outcomes>;
  #waiting: Waiting<T>[] = [];
  #running: Promise<void> | undefined;

  /** `work` never rejects for one item: it names the failures by id. */
  constructor(work: (items: readonly T[]) => Promise<Outcomes>) {
    this.#work = work;
  }

  /** Resolves when the item's batch is done. An item whose signal fires before that is left out. */
  async join(item: T, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const done = new Promise<void>((resolve, reject) => {
      const settle = (error: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('failed', { cause: error }));
      };
      this.#waiting.push({ item, signal, settle });
    });
    this.#running ??= this.#run();
    await raceSignal(done, signal);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await sleep(GATHER_MS);
      const batch = this.#take();
      if (batch.length === 0) continue;
      const outcomes = await this.#outcomes(batch.map(({ item }) => item));
      for (const { item, settle } of batch) settle(outcomes.get(item.id));
    }
    this.#running = undefined;
  }

  /** One item for an id at a time; a later one for the same id waits for the next batch. */
  #take(): Waiting<T>[] {
    const taken = new Map<string, Waiting<T>>();
    const left: Waiting<T>[] = [];
    for (const waiting of this.#waiting) {
      if (waiting.signal.aborted) continue;
      if (taken.has(waiting.item.id)) left.push(waiting);
      else taken.set(waiting.item.id, waiting);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #outcomes(items: readonly T[]): Promise<Outcomes> {
    try {
      return await this.#work(items);
    } catch (error) {
      return new Map(items.map(({ id }) => [id, error]));
    }
  }
}
