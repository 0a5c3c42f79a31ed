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
  /** By the keys that run: what waits for them, in the order of arrival. */
  readonly #held = new Map<string, Waiting<C, R>[]>();
  #heldCount = 0;
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
    const { waitingMax, fullError, keyOf } = this.#options;
    if (this.#waiting.length + this.#heldCount >= waitingMax) throw fullError();
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const waiting = { command, signal, resolve, reject };
    if (!this.#hold(keyOf(command), waiting)) this.#waiting.push(waiting);
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

  /** Lets it wait for its key, if that runs. */
  #hold(key: string, waiting: Waiting<C, R>): boolean {
    const held = this.#held.get(key);
    if (!held) return false;
    held.push(waiting);
    this.#heldCount += 1;
    return true;
  }

  /** The first that fit. Their keys run from now on: those behind them of one wait for it. */
  #takeBatch(): Waiting<C, R>[] {
    const { batchMax, batchSizeMax, sizeOf, keyOf } = this.#options;
    const waiting = this.#waiting.filter(({ signal }) => !signal?.aborted);
    let size = 0;
    let count = 0;
    for (const { command } of waiting) {
      size += sizeOf(command);
      if (count === batchMax || (count > 0 && size > batchSizeMax)) break;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    for (const { command } of batch) this.#held.set(keyOf(command), []);
    const rest = waiting.slice(count);
    this.#waiting = rest.filter((one) => !this.#hold(keyOf(one.command), one));
    return batch;
  }

  async #run(batch: readonly Waiting<C, R>[]): Promise<void> {
    const keys = new Set(batch.map(({ command }) => this.#options.keyOf(command)));
    this.#runs += 1;
    await this.#runBatch(batch);
    this.#runs -= 1;
    const released = [...keys].flatMap((key) => this.#held.get(key) ?? []);
    for (const key of keys) this.#held.delete(key);
    this.#heldCount -= released.length;
    // Whoever waited for a key has waited for longest.
    if (released.length > 0) this.#waiting = [...released, ...this.#waiting];
    this.#pump();
  }

  async #runBatch(batch: readonly Waiting<C, R>[]): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ command }) => command));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R);
    } catch (error) {
      if (batch.length > 1 && this.#options.isOneCommands(error)) await this.#runEach(batch);
      else this.#fail(batch, error);
    }
  }

  /** Each by itself, until one of them tells of a failure of all. */
  async #runEach(batch: readonly Waiting<C, R>[]): Promise<void> {
    for (const [index, one] of batch.entries()) {
      if (one.signal?.aborted) continue;
      try {
        const [result] = await this.#options.run([one.command]);
        one.resolve(result as R);
      } catch (error) {
        const failure = this.#fail([one], error);
        if (!failure) continue;
        for (const { reject } of batch.slice(index + 1)) reject(failure);
        return;
      }
    }
  }

  /** Returns what those get that wait, if it is a failure of all. */
  #fail(batch: readonly Waiting<C, R>[], error: unknown): Error | undefined {
    for (const { reject } of batch) reject(error);
    const failure = this.#options.failureOfWaiting(error);
    if (!failure) return undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
    for (const held of this.#held.values())
      for (const { reject } of held.splice(0)) reject(failure);
    this.#heldCount = 0;
    return failure;
  }
}
