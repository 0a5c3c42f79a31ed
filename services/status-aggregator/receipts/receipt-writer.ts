import {
  type Clock,
  deadlineSignal,
  deriveSignal,
  type Run,
  raceSignal,
  sleepUntilAborted,
} from '#libs/lifecycle';
import { MysqlError } from '#libs/mysql';
import { createBackoff } from '#libs/reconcile';
import { counter, type Logger } from '#libs/telemetry';
import type { ConfigRef } from '../domain/completion.ts';
import type { View, ViewChange } from '../domain/view.ts';
import type { AcceptedReader } from '../store/accepted-reader.ts';
import type { Receipt } from './receipt.ts';
import { writeReceipts } from './receipt-batch.ts';
import { planReceipt } from './receipt-plan.ts';
import { ReceiptQueue } from './receipt-queue.ts';
import { keyOfReceipt, type ReceiptStore } from './receipt-store.ts';

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
/** How soon a lower minimum of members is noticed: MySQL tells nobody. */
const LOOK_AGAIN_MS = 2_000;
/** What the last write may take at a stop. Whatever is left another process finds to hold. */
const LAST_WRITE_MS = 2_000;

const written = counter('rollcall_receipts_written', 'receipts that this process wrote');
const dropped = counter('rollcall_receipts_dropped', 'receipts that found no place in the queue');

export interface ReceiptWriterDeps {
  /** Name of this aggregator. */
  name: string;
  view: () => View;
  /** Why the view is not trusted; undefined: it is. */
  unknownReason: () => string | undefined;
  store: Pick<ReceiptStore, 'insert' | 'authors'>;
  reader: Pick<AcceptedReader, 'read'>;
  /** Told of each receipt once it is in MySQL, by the one that wrote it. */
  onReceipt?: (receipt: Receipt) => void;
  clock: Clock;
  log: Logger;
  queue?: ReceiptQueue;
  random?: () => number;
}

/**
 * Writes a receipt when a generation is first complete, or gone. Any number of writers race: the
 * primary key lets one win. What cannot be written waits; what found no place to wait is found again
 * at the next list.
 */
export class ReceiptWriter {
  readonly #deps: ReceiptWriterDeps;
  readonly #queue: ReceiptQueue;
  /** A config of each environment that had too few members. */
  readonly #heldBack = new Map<string, ConfigRef>();
  #wake: (() => void) | undefined;
  #isDropping = false;

  constructor(deps: ReceiptWriterDeps) {
    this.#deps = deps;
    this.#queue = deps.queue ?? new ReceiptQueue();
  }

  /** Receipts that are not in MySQL yet. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Looks at what a change touched. Called when the view shows it. */
  changed({ configs, envs, all }: ViewChange): void {
    if (all) {
      this.changedAll();
      return;
    }
    if (!this.#isTrusted()) return;
    for (const env of envs) this.#lookAtAll(env);
    for (const [env, ids] of configs) {
      if (!envs.has(env)) for (const id of ids) this.#look({ env, id });
    }
  }

  /** Looks at everything: after a list, and when the view has come to be trusted. */
  changedAll(): void {
    if (!this.#isTrusted()) return;
    for (const { name } of this.#deps.view().envs) this.#lookAtAll(name);
  }

  readonly run: Run = async (signal) => {
    const { log, random = Math.random } = this.#deps;
    const backoff = createBackoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, random });
    let isFailing = false;
    while (!signal.aborted) {
      try {
        if (this.#queue.size === 0) await this.#pause(LOOK_AGAIN_MS, signal);
        await this.#writeBatch();
        await this.#lookAgain();
        if (isFailing) log.info({}, 'receipts are written again');
        isFailing = false;
        backoff.reset();
      } catch (error) {
        if (!(error instanceof MysqlError)) throw error;
        // One line for an outage.
        log[isFailing ? 'debug' : 'warn']({ err: error }, 'receipts are not written');
        isFailing = true;
        await sleepUntilAborted(backoff.next(), signal);
      }
    }
    await this.#writeLast();
  };

  #isTrusted(): boolean {
    return this.#deps.view().isReady && this.#deps.unknownReason() === undefined;
  }

  #lookAtAll(env: string): void {
    for (const id of this.#deps.view().env(env)?.entries.keys() ?? []) this.#look({ env, id });
  }

  #look(ref: ConfigRef): void {
    const { name, view, clock } = this.#deps;
    const receipt = planReceipt(view(), ref, { name, nowMs: clock.now() });
    if (!receipt) return;
    this.#mark(ref, true);
    const oldest = this.#queue.add(receipt);
    if (oldest) this.#onDropped(oldest);
    this.#wake?.();
  }

  /** Whether the receipt of what etcd holds needs no further look. */
  #mark({ env, id }: ConfigRef, isReceipted: boolean): void {
    const milestones = this.#deps.view().env(env)?.entries.get(id)?.milestones;
    if (milestones) milestones.isReceipted = isReceipted;
  }

  #onDropped(receipt: Receipt): void {
    this.#mark(receipt, false);
    dropped(1);
    if (!this.#isDropping) {
      const oldest = keyOfReceipt(receipt);
      this.#deps.log.error({ oldest }, 'too many receipts wait for mysql: the oldest are dropped');
    }
    this.#isDropping = true;
  }

  /** False: nothing waits. Throws MysqlErrors; what was not written stays. */
  async #writeBatch(): Promise<boolean> {
    const { log, onReceipt } = this.#deps;
    const batch = this.#queue.peek();
    if (batch.length === 0) return false;
    const result = await writeReceipts(this.#deps, batch);
    this.#queue.remove(batch);
    this.#isDropping = false;
    for (const receipt of result.tooFew) {
      this.#mark(receipt, false);
      this.#heldBack.set(receipt.env, { env: receipt.env, id: receipt.id });
    }
    for (const receipt of result.written) {
      const { env, id, generation, kind, late } = receipt;
      log.info({ env, id, generation, kind, late }, 'receipt written');
      onReceipt?.(receipt);
    }
    written(result.written.length);
    return true;
  }

  /** Members that come are seen; that fewer are enough has to be asked for. */
  async #lookAgain(): Promise<void> {
    const { reader, view } = this.#deps;
    if (this.#heldBack.size === 0) return;
    const settings = await reader.read([...this.#heldBack.values()]);
    if (!settings.known) return;
    for (const env of this.#heldBack.keys()) {
      const members = view().env(env)?.memberCount ?? 0;
      if (members > 0 && members < settings.minAgents(env)) continue;
      this.#heldBack.delete(env);
      if (this.#isTrusted()) this.#lookAtAll(env);
    }
  }

  async #writeLast(): Promise<void> {
    using deadline = deadlineSignal(undefined, LAST_WRITE_MS);
    const writeAll = async () => {
      while (!deadline.signal.aborted && (await this.#writeBatch()));
    };
    await raceSignal(writeAll(), deadline.signal).catch((error: unknown) => {
      this.#deps.log.warn({ err: error, waiting: this.waiting }, 'receipts were not written');
    });
  }

  /** Until there is something to write, or the time is over. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(ms, wake.signal);
    this.#wake = undefined;
  }
}
