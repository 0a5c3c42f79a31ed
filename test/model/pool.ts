import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Batch, BatchResult } from './batch.ts';

/** A run leaves much that is young and short-lived: a tenth faster than with Node's own size. */
const YOUNG_MB = 192;

/** Threads that run batches, one at a time each. Dispose it. */
export class Pool implements AsyncDisposable {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () =>
      new Worker(new URL('./worker.ts', import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      }),
  );

  /** Runs the batches in any order, and hands out each result, until `onResult` says stop. */
  async run<B extends Batch>(
    batches: Iterable<B>,
    onResult: (batch: B, result: BatchResult) => 'go on' | 'stop',
  ): Promise<void> {
    const queue = batches[Symbol.iterator]();
    let isStopped = false;
    const serve = async (worker: Worker) => {
      for (;;) {
        const next = isStopped ? undefined : queue.next();
        if (!next || next.done) return;
        const result = await onWorker(worker, next.value);
        if (!isStopped && onResult(next.value, result) === 'stop') isStopped = true;
      }
    };
    await Promise.all(this.#workers.map(serve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => await worker.terminate()));
  }
}

async function onWorker(worker: Worker, batch: Batch): Promise<BatchResult> {
  return await new Promise((resolve, reject) => {
    const onMessage = (result: BatchResult) => {
      worker.off('error', reject);
      resolve(result);
    };
    worker.once('message', onMessage);
    worker.once('error', reject);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
    worker.postMessage(batch);
  });
}
