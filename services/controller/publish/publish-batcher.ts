import { type EtcdKv, LeaseNotFoundError, OutcomeUnknownError } from '#libs/etcd';
import { fillingTxn } from './filling-txn.ts';
import {
  epochOf,
  type GuardedItem,
  guardedTxn,
  type ItemOutcome,
  outcomeOf,
  sizeOf,
  takeBatch,
} from './guarded-txn.ts';
import type { TombstoneLease } from './tombstone-lease.ts';

/** Operations of a transaction that etcd allows are 128, and two nested levels count towards it. */
const ITEMS_MAX = 120;
/** etcd refuses requests above 1.5 MiB. */
const BYTES_MAX = 1024 * 1024;
/** Deadline of one call. */
const CALL_TIMEOUT_MS = 1_000;
/** Repetitions of a transaction whose outcome is unknown: it guards itself, so each is safe. */
const UNKNOWN_REPEATS_MAX = 2;
/** Transactions at once: the second fills while the first waits for etcd's disk. */
const IN_FLIGHT_MAX = 2;
/** Of the rows that are handed over together: a rebuild has only them. */
const TOGETHER_IN_FLIGHT_MAX = 4;
/** Publications waiting; more are refused. A wait of a second or so at etcd's batch rate. */
const WAITING_MAX = 20_000;

/** What etcd made of one publication, and its revision after that. */
export type PublishOutcome =
  | (ItemOutcome & { revision: bigint })
  | { kind: 'epoch'; epoch?: number };

/** Of rows that are handed over together, one transaction may fail while others do not. */
export type TogetherOutcome = PublishOutcome | { kind: 'failed'; error: unknown };

/** The queue is full: etcd takes less than is written. */
export class PublishQueueFullError extends Error {
  constructor() {
    super(`more than ${WAITING_MAX} publications are waiting for etcd`);
    this.name = 'PublishQueueFullError';
  }
}

interface Waiting {
  readonly epoch: number;
  readonly item: GuardedItem;
  readonly bytes: number;
  readonly settle: PromiseWithResolvers<PublishOutcome>;
}

/**
 * Publishes rows in as few transactions as possible: while some are under way the next batch gathers,
 * and a lone row leaves at once.
 */
export class PublishBatcher {
  readonly #etcd: Pick<EtcdKv, 'txn'>;
  readonly #lease: TombstoneLease;
  #waiting: Waiting[] = [];
  #inFlight = 0;

  constructor(deps: { etcd: Pick<EtcdKv, 'txn'>; lease: TombstoneLease }) {
    this.#etcd = deps.etcd;
    this.#lease = deps.lease;
  }

  /**
   * Publishes one item, guarded by `epoch`. Rejects with the errors of libs/etcd, for every item of
   * the batch: OutcomeUnknownError only after bounded repetitions.
   */
  async publish(epoch: number, item: GuardedItem): Promise<PublishOutcome> {
    if (this.#waiting.length >= WAITING_MAX) throw new PublishQueueFullError();
    const settle = Promise.withResolvers<PublishOutcome>();
    this.#waiting.push({ epoch, item, bytes: sizeOf(item), settle });
    // A microtask later, so that rows handed over together leave together.
    queueMicrotask(() => this.#pump());
    return await settle.promise;
  }

  /**
   * Publishes items that are at hand together, each config once, in full transactions of their own.
   * `intoEmpty`: etcd seems to hold none of them, which makes it cheaper if it is true. What `publish`
   * rejects with, the outcomes of a failed transaction hold.
   */
  async publishTogether(
    epoch: number,
    items: readonly GuardedItem[],
    { intoEmpty = false } = {},
  ): Promise<readonly TogetherOutcome[]> {
    const outcomes = new Map<GuardedItem, TogetherOutcome>();
    let waiting = items.map((item) => ({ item, bytes: sizeOf(item) }));
    const sendNext = async () => {
      while (waiting.length > 0) {
        const { batch, rest } = takeBatch(waiting, ITEMS_MAX, BYTES_MAX);
        waiting = rest;
        const taken = batch.map(({ item }) => item);
        try {
          const filled = intoEmpty ? await this.#fill(epoch, taken) : undefined;
          const found = filled ?? (await this.#execute(epoch, taken));
          for (const [at, item] of taken.entries())
            outcomes.set(item, found[at] ?? { kind: 'epoch' });
        } catch (error) {
          for (const item of taken) outcomes.set(item, { kind: 'failed', error });
        }
      }
    };
    await Promise.all(Array.from({ length: TOGETHER_IN_FLIGHT_MAX }, sendNext));
    return items.map((item) => outcomes.get(item) ?? { kind: 'epoch' });
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT_MAX && this.#waiting.length > 0) {
      const epoch = this.#waiting[0]?.epoch ?? 0;
      const same = this.#waiting.filter((entry) => entry.epoch === epoch);
      const others = this.#waiting.filter((entry) => entry.epoch !== epoch);
      const { batch, rest } = takeBatch(same, ITEMS_MAX, BYTES_MAX);
      this.#waiting = [...rest, ...others];
      this.#inFlight += 1;
      void this.#send(epoch, batch).finally(() => {
        this.#inFlight -= 1;
        this.#pump();
      });
    }
  }

  async #send(epoch: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#execute(
        epoch,
        batch.map((entry) => entry.item),
      );
      batch.forEach((entry, at) => {
        entry.settle.resolve(outcomes[at] ?? { kind: 'epoch' });
      });
    } catch (error) {
      for (const entry of batch) entry.settle.reject(error);
    }
  }

  /** Undefined: something stands there, or nobody knows. */
  async #fill(epoch: number, items: readonly GuardedItem[]): Promise<PublishOutcome[] | undefined> {
    const request = fillingTxn(epoch, items);
    if (!request) return undefined;
    try {
      const { succeeded, revision } = await this.#etcd.txn(request, { timeoutMs: CALL_TIMEOUT_MS });
      return succeeded ? items.map(() => ({ kind: 'applied', revision })) : undefined;
    } catch (error) {
      if (error instanceof OutcomeUnknownError) return undefined;
      throw error;
    }
  }

  async #execute(epoch: number, items: readonly GuardedItem[]): Promise<PublishOutcome[]> {
    const needsLease = items.some((item) => item.row.deleted);
    for (let repeats = 0; ; repeats += 1) {
      const lease = needsLease ? await this.#lease.get(epoch) : undefined;
      try {
        const request = guardedTxn(epoch, items, lease);
        const { succeeded, revision, results } = await this.#etcd.txn(request, {
          timeoutMs: CALL_TIMEOUT_MS,
        });
        if (succeeded) return items.map((_, at) => ({ ...outcomeOf(results[at]), revision }));
        const found = epochOf(results);
        return items.map(() => ({ kind: 'epoch', ...(found !== undefined && { epoch: found }) }));
      } catch (error) {
        // One dead lease refuses the whole transaction.
        const isLeaseGone = error instanceof LeaseNotFoundError && lease !== undefined;
        if (isLeaseGone) this.#lease.drop(lease);
        const mayRepeat = isLeaseGone || error instanceof OutcomeUnknownError;
        if (!mayRepeat || repeats >= UNKNOWN_REPEATS_MAX) throw error;
      }
    }
  }
}
