import { isOverloaded } from '#libs/etcd';
import { type Backoff, createBackoff } from '#libs/reconcile';

/** For an answer, at first; and after many that did not come. etcd's own deadline is 7 s. */
const TIMEOUT_MIN_MS = 2_000;
const TIMEOUT_MAX_MS = 8_000;
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
  #timeoutMs = TIMEOUT_MIN_MS;

  constructor({ random }: { random: () => number }) {
    this.#rest = createBackoff({ minMs: REST_MIN_MS, maxMs: REST_MAX_MS, random });
  }

  /** How long to wait for an answer now. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** How long to leave etcd alone after this failure; 0: no longer than ever. */
  restAfter(error: unknown): number {
    if (!isOverloaded(error)) return 0;
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, TIMEOUT_MAX_MS);
    return this.#rest.next();
  }

  /** It answers. */
  reset(): void {
    this.#timeoutMs = TIMEOUT_MIN_MS;
    this.#rest.reset();
  }
}
