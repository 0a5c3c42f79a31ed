import { isAbortError, sleep } from '#libs/lifecycle';
import { type Backoff, createBackoff } from './backoff.ts';

// A queue of keys, as in client-go: a key is processed by one worker at a time; added while it is
// processed, it is processed again; duplicates collapse. Level-based: the key says what to look at,
// never what happened.

/** What a pass over one key asks for: nothing more, or another look later. */
export type PassResult = { requeueAfterMs: number } | undefined;

export interface WorkQueueOptions<K> {
  /** Keys processed at once. */
  workersMax: number;
  /** Throw to be called again with back-off. */
  process(key: K, signal: AbortSignal): Promise<PassResult>;
  /** Told of each thrown error that is not an abort. */
  onError(key: K, error: unknown): void;
  retryMinMs?: number;
  retryMaxMs?: number;
  random?: () => number;
}

export interface WorkQueue<K> {
  /** Asks for a pass over `key`, as soon as a worker is free. */
  add(key: K): void;
  /** Keys waiting, in process or due later. */
  readonly size: number;
  /** Works until the signal fires and the passes under way have ended. Keys left are dropped. */
  run(signal: AbortSignal): Promise<void>;
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 30_000;

/** Keys are compared by identity: use strings. The queue's bound is the number of distinct keys. */
export function createWorkQueue<K>(options: WorkQueueOptions<K>): WorkQueue<K> {
  return new KeyQueue(options);
}

class KeyQueue<K> implements WorkQueue<K> {
  readonly #options: WorkQueueOptions<K>;
  readonly #waiting = new Set<K>();
  readonly #active = new Map<K, Promise<void>>();
  readonly #again = new Set<K>();
  readonly #later = new Map<K, NodeJS.Timeout>();
  readonly #backoffs = new Map<K, Backoff>();
  #wake: () => void = () => undefined;

  constructor(options: WorkQueueOptions<K>) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size + this.#active.size + this.#later.size;
  }

  add(key: K): void {
    clearTimeout(this.#later.get(key));
    this.#later.delete(key);
    if (this.#active.has(key)) this.#again.add(key);
    else this.#waiting.add(key);
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const onAbort = () => this.#wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        this.#startDue(signal);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (signal.aborted || this.#hasDue()) resolve();
        });
      }
      await Promise.all(this.#active.values());
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const timer of this.#later.values()) clearTimeout(timer);
      this.#later.clear();
    }
  }

  #hasDue(): boolean {
    return this.#waiting.size > 0 && this.#active.size < this.#options.workersMax;
  }

  #startDue(signal: AbortSignal): void {
    for (const key of this.#waiting) {
      if (this.#active.size >= this.#options.workersMax) return;
      this.#waiting.delete(key);
      this.#active.set(key, this.#pass(key, signal));
    }
  }

  async #pass(key: K, signal: AbortSignal): Promise<void> {
    // The worker's first step comes after it stands in #active.
    await Promise.resolve();
    let againAfterMs: number | undefined;
    try {
      againAfterMs = (await this.#options.process(key, signal))?.requeueAfterMs;
      this.#backoffs.delete(key);
    } catch (error) {
      if (!(signal.aborted && isAbortError(error))) this.#options.onError(key, error);
      againAfterMs = this.#backoffOf(key).next();
    }
    this.#active.delete(key);
    if (this.#again.delete(key)) this.add(key);
    else if (againAfterMs !== undefined && !signal.aborted) this.#addLater(key, againAfterMs);
    this.#wake();
  }

  #addLater(key: K, ms: number): void {
    this.#later.set(
      key,
      setTimeout(() => this.add(key), ms),
    );
  }

  #backoffOf(key: K): Backoff {
    const { retryMinMs = RETRY_MIN_MS, retryMaxMs = RETRY_MAX_MS, random } = this.#options;
    let backoff = this.#backoffs.get(key);
    if (!backoff) {
      backoff = createBackoff({ minMs: retryMinMs, maxMs: retryMaxMs, ...(random && { random }) });
      this.#backoffs.set(key, backoff);
    }
    return backoff;
  }
}

/** Calls `step` again and again, `everyMs()` apart, until the signal fires. Errors go to `onError`. */
export async function runEvery(
  signal: AbortSignal,
  everyMs: () => number,
  step: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await step(signal);
    } catch (error) {
      if (!(signal.aborted && isAbortError(error))) onError(error);
    }
    await sleep(everyMs(), signal).catch(() => undefined);
  }
}
