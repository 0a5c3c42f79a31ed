import type { DueReceipt } from './receipt-plan.ts';
import { keyOfReceipt } from './receipt-store.ts';

/** Rows of one statement. */
const BATCH_MAX = 200;
/** Exceptions of one statement: some 2 MB, which every server takes. One receipt alone may have more. */
const BATCH_EXCEPTIONS_MAX = 20_000;
/** Receipts that wait for MySQL: each is some 500 bytes. Without it hardly anything new comes up. */
const QUEUE_MAX = 100_000;

/** Receipts that wait to be written, oldest first, each key once. */
export class ReceiptQueue {
  readonly #max: number;
  readonly #receipts = new Map<string, DueReceipt>();

  constructor({ max = QUEUE_MAX }: { max?: number } = {}) {
    this.#max = max;
  }

  get size(): number {
    return this.#receipts.size;
  }

  /** Adds one. Answers the oldest, when that had to go for it. */
  add(receipt: DueReceipt): DueReceipt | undefined {
    this.#receipts.set(keyOfReceipt(receipt), receipt);
    if (this.#receipts.size <= this.#max) return undefined;
    const [oldest] = this.#receipts.values();
    if (oldest) this.#receipts.delete(keyOfReceipt(oldest));
    return oldest;
  }

  /** The oldest that fit into one statement. They stay until they are removed. */
  peek(): DueReceipt[] {
    const batch: DueReceipt[] = [];
    let exceptions = 0;
    for (const receipt of this.#receipts.values()) {
      exceptions += receipt.exceptions.length + receipt.forgotten.length;
      const isFull = batch.length === BATCH_MAX || exceptions > BATCH_EXCEPTIONS_MAX;
      if (isFull && batch.length > 0) break;
      batch.push(receipt);
    }
    return batch;
  }

  /** Takes these off, and none that has come in their place. */
  remove(receipts: readonly DueReceipt[]): void {
    for (const receipt of receipts) {
      const key = keyOfReceipt(receipt);
      if (this.#receipts.get(key) === receipt) this.#receipts.delete(key);
    }
  }
}
