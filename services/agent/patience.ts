import { type CallOptions, callTimeoutMs, isOverloaded } from '#libs/etcd';
import { type Backoff, createBackoff } from '#libs/reconcile';

/** Until the next try. */
const REST_MIN_MS = 1_000;
const REST_MAX_MS = 8_000;

/**
 * How to bear with an etcd that is asked for more than it can do, as when thousands come at once: wait
 * longer for each answer, because what was given up in vain is carried out all the same, and longer before
 * the next try.
 */
export class Patience {
  readonly #rest: Backoff;
  /** Calls in a row that it was too busy for. */
  #late = 0;

  constructor({ random }: { random: () => number }) {
    this.#rest = createBackoff({ minMs: REST_MIN_MS, maxMs: REST_MAX_MS, random });
  }

  /** Options of a call that waits for its answer as long as is right now. */
  calls(signal: AbortSignal): CallOptions {
    return { signal, timeoutMs: callTimeoutMs(this.#late) };
  }

  /** How long to leave etcd alone after this failure; 0: no longer than ever. */
  restAfter(error: unknown): number {
    if (!isOverloaded(error)) return 0;
    this.#late += 1;
    return this.#rest.next();
  }

  /** It answers. */
  reset(): void {
    this.#late = 0;
    this.#rest.reset();
  }
}
