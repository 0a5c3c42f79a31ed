import { raceSignal } from '#libs/lifecycle';

export interface BatchQueueOptions<C, R> {
  /** Runs a batch; one result a command, in order. */
  run: (commands: readonly C[]) => Promise<R[]>;
  /** Commands of one key run one after the other, in the order of arrival. */
  keyOf: (command: C) => string;
  /** Size of a command, in the unit of `batchSizeMax`. */
  sizeOf: (command: C) => number;
  /** Most commands of a batch. */
  batchMax: number;
  /** Most of all commands' sizes together; one command alone may be larger. */
  batchSizeMax: number;
  /** A batch begins beside one that runs when so many wait: fewer are not worth one of their own. */
  besideMin: number;
  /** Most commands waiting for a batch. */
  waitingMax: number;
  /** What a command gets that finds the queue full. */
  fullError: () => Error;
  /** After a batch failed: what those get that gathered behind it, or undefined to go on with them. */
  failureOfWaiting: (error: unknown) => Error | undefined;
  /** Whether a batch's error may be one command's own: each is then run by itself. */
  isOneCommands: (error: unknown) => boolean;
}

interface Waiting<C, R> {
  readonly command: C;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches at once: the second is prepared while the first waits for the disk. */
const RUNS_MAX = 2;

/** Group commit: while a batch runs the next gathers, in the order of arrival. */
export class BatchQueue<C, R> {
  readonly #options: BatchQueueOptions<C, R>;
  #waiting: Waiting<C, R>[] = [];
  /** Keys of the commands that run. */
  readonly #keys = new Set<string>();
  #runs = 0;
  #isPumpDue = false;

  constructor(options: BatchQueueOptions<C, R>) {
    this.#options = options;
  }

  /**
   * The command's result. Rejects with the signal's reason as soon as it fires: a command not yet in
   * a batch is then dropped, of one that is the outcome stays unknown.
   */
  async submit(command: C, signal?: AbortSignal): Promise<R> {
    signal?.throwIfAborted();
    if (this.#waiting.length >= this.#options.waitingMax) throw this.#options.fullError();
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    this.#waiting.push({ command, signal, resolve, reject });
    this.#pumpSoon();
    return await (signal ? raceSignal(promise, signal) : promise);
  }

  /** Calls of the same turn share a batch. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#mayBegin()) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      void this.#run(batch);
    }
  }

  #mayBegin(): boolean {
    const waiting = this.#waiting.length;
    if (this.#runs === 0) return waiting > 0;
    return this.#runs < RUNS_MAX && waiting >= this.#options.besideMin;
  }

  /** The first that fit, without those whose key runs: they and all behind them of that key stay. */
  #takeBatch(): Waiting<C, R>[] {
    const { batchMax, batchSizeMax, sizeOf, keyOf } = this.#options;
    const batch: Waiting<C, R>[] = [];
    const rest: Waiting<C, R>[] = [];
    let size = 0;
    let isFull = false;
    for (const waiting of this.#waiting) {
      const { command, signal } = waiting;
      if (signal?.aborted) continue;
      const runs = this.#keys.has(keyOf(command));
      if (!(isFull || runs)) {
        size += sizeOf(command);
        isFull = batch.length === batchMax || (batch.length > 0 && size > batchSizeMax);
      }
      if (isFull || runs) rest.push(waiting);
      else batch.push(waiting);
    }
    this.#waiting = rest;
    return batch;
  }

  async #run(batch: readonly Waiting<C, R>[]): Promise<void> {
    const keys = new Set(batch.map(({ command }) => this.#options.keyOf(command)));
    for (const key of keys) this.#keys.add(key);
    this.#runs += 1;
    await this.#runBatch(batch);
    this.#runs -= 1;
    for (const key of keys) this.#keys.delete(key);
    this.#pump();
  }

  async #runBatch(batch: readonly Waiting<C, R>[]): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ command }) => command));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R);
    } catch (error) {
      if (batch.length > 1 && this.#options.isOneCommands(error)) {
        for (const one of batch) await this.#runBatch([one]);
        return;
      }
      for (const { reject } of batch) reject(error);
      const failure = this.#options.failureOfWaiting(error);
      if (failure) for (const { reject } of this.#waiting.splice(0)) reject(failure);
    }
  }
}
