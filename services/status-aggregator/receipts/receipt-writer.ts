import { type Clock, deriveSignal, type Run, sleepUntilAborted } from '#libs/lifecycle';
import { MysqlError, MysqlStatementError } from '#libs/mysql';
import { createBackoff } from '#libs/reconcile';
import { counter, type Logger } from '#libs/telemetry';
import type { ConfigRef } from '../domain/completion.ts';
import type { View, ViewChange } from '../domain/view.ts';
import type { AcceptedReader } from '../store/accepted-reader.ts';
import type { Receipt } from './receipt.ts';
import { planReceipt, settleReceipt } from './receipt-plan.ts';
import { keyOfReceipt, type ReceiptStore } from './receipt-store.ts';

/** Rows of one statement. */
const BATCH_MAX = 200;
/** Receipts that wait for MySQL. Without it nothing new is accepted, so that no more can come up. */
const QUEUE_MAX = 100_000;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
/** A wake-up is never missed; this only bounds the wait. */
const IDLE_MS = 60_000;
/** What the last write may take at a stop. Whatever is left another process finds to hold. */
const LAST_WRITE_MS = 2_000;

const written = counter('rollcall_receipts_written', 'receipts sent to MySQL');
const dropped = counter('rollcall_receipts_dropped', 'receipts that found no place in the queue');

export interface ReceiptWriterDeps {
  /** Name of this aggregator. */
  name: string;
  view: () => View;
  /** Why the view is not trusted; undefined: it is. */
  unknownReason: () => string | undefined;
  store: Pick<ReceiptStore, 'insert' | 'present'>;
  reader: Pick<AcceptedReader, 'read'>;
  /** Told of each receipt once it is in MySQL. */
  onReceipt?: (receipt: Receipt) => void;
  clock: Clock;
  log: Logger;
  random?: () => number;
}

/**
 * Writes a receipt when a generation is first complete, or gone. Any number of writers race: the
 * primary key lets one win. What cannot be written waits.
 */
export class ReceiptWriter {
  readonly #deps: ReceiptWriterDeps;
  readonly #queue = new Map<string, Receipt>();
  #wake: (() => void) | undefined;

  constructor(deps: ReceiptWriterDeps) {
    this.#deps = deps;
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
        if (this.#queue.size === 0) await this.#pause(signal);
        await this.#writeBatch();
        backoff.reset();
        isFailing = false;
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
    const { name, view, clock, log } = this.#deps;
    const receipt = planReceipt(view(), ref, { name, nowMs: clock.now() });
    if (!receipt) return;
    const milestones = view().env(ref.env)?.entries.get(ref.id)?.milestones;
    if (milestones) milestones.isReceipted = true;
    this.#queue.set(keyOfReceipt(receipt), receipt);
    if (this.#queue.size > QUEUE_MAX) {
      const [oldest] = this.#queue.keys();
      if (oldest !== undefined) this.#queue.delete(oldest);
      dropped(1);
      log.error({ receipt: oldest }, 'too many receipts wait for mysql: one was dropped');
    }
    this.#wake?.();
  }

  /** False: nothing waits. Throws MysqlErrors; what was not written stays. */
  async #writeBatch(): Promise<boolean> {
    const batch = [...this.#queue].slice(0, BATCH_MAX);
    if (batch.length === 0) return false;
    const receipts = await this.#settle(batch.map(([, receipt]) => receipt));
    await this.#insert(receipts);
    for (const [key, receipt] of batch)
      if (this.#queue.get(key) === receipt) this.#queue.delete(key);
    return true;
  }

  /** With what MySQL knows of them; without those that were written before this process looked. */
  async #settle(receipts: readonly Receipt[]): Promise<Receipt[]> {
    const { store, reader } = this.#deps;
    const late = receipts.filter((receipt) => receipt.late);
    const present = late.length > 0 ? await store.present(late) : new Set<string>();
    const due = receipts.filter((receipt) => !present.has(keyOfReceipt(receipt)));
    const accepted = await reader.read(due);
    if (!accepted.known && due.length > 0) throw new MysqlError('mysql cannot be asked');
    return due.flatMap((receipt) => {
      const row = accepted.accepted(receipt);
      const isRow = row?.generation === receipt.generation;
      const facts = {
        minAgents: accepted.minAgents(receipt.env),
        acceptedAtMs: isRow ? row.acceptedAtMs : undefined,
      };
      const settled = settleReceipt(receipt, facts);
      if (!settled) this.#reconsider(receipt);
      return settled ? [settled] : [];
    });
  }

  /** Too few members: the next change may bring more. */
  #reconsider({ env, id }: ConfigRef): void {
    const milestones = this.#deps.view().env(env)?.entries.get(id)?.milestones;
    if (milestones) milestones.isReceipted = false;
  }

  async #insert(receipts: readonly Receipt[]): Promise<void> {
    const { store, log, onReceipt } = this.#deps;
    if (receipts.length === 0) return;
    try {
      await store.insert(receipts);
    } catch (error) {
      if (!(error instanceof MysqlStatementError)) throw error;
      if (receipts.length > 1) {
        // One that does not fit must not keep the others.
        for (const receipt of receipts) await this.#insert([receipt]);
        return;
      }
      log.error({ err: error, receipt: receipts[0] }, 'a receipt was refused');
      return;
    }
    written(receipts.length);
    for (const receipt of receipts) {
      const { env, id, generation, kind, late } = receipt;
      log.info({ env, id, generation, kind, late }, 'receipt written');
      onReceipt?.(receipt);
    }
  }

  async #writeLast(): Promise<void> {
    const { log } = this.#deps;
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LAST_WRITE_MS);
    const writeAll = async () => {
      while (await this.#writeBatch());
    };
    await Promise.race([
      tooLate,
      writeAll().catch((error: unknown) => log.warn({ err: error }, 'receipts are not written')),
    ]);
    clearTimeout(timer);
  }

  /** Until there is something to write. */
  async #pause(signal: AbortSignal): Promise<void> {
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(IDLE_MS, wake.signal);
    this.#wake = undefined;
  }
}
