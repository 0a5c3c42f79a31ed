import { raceSignal } from '#libs/lifecycle';

export interface BatchQueueOptions<C, R> {
  /** Runs a batch; one result a command, in order. */
  run: (commands: readonly C[]) => Promise<R[]>;
  /** Size of a command, in the unit of `batchSizeMax`. */
  sizeOf: (command: C) => number;
  /** Most commands of a batch. */
  batchMax: number;
  /** Most of all commands' sizes together; one command alone may be larger. */
  batchSizeMax: number;
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

/** Group commit: one batch runs at a time, the next gathers meanwhile, in the order of arrival. */
export class BatchQueue<C, R> {
  readonly #options: BatchQueueOptions<C, R>;
  #waiting: Waiting<C, R>[] = [];
  #running = false;

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
    if (!this.#running) void this.#drain();
    return await (signal ? raceSignal(promise, signal) : promise);
  }

  async #drain(): Promise<void> {
    this.#running = true;
    // Calls of the same turn share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      if (batch.length > 0) await this.#runBatch(batch);
    }
    this.#running = false;
  }

  #takeBatch(): Waiting<C, R>[] {
    const { batchMax, batchSizeMax, sizeOf } = this.#options;
    this.#waiting = this.#waiting.filter(({ signal }) => !signal?.aborted);
    let size = 0;
    let count = 0;
    for (const { command } of this.#waiting) {
      size += sizeOf(command);
      if (count === batchMax || (count > 0 && size > batchSizeMax)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
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
