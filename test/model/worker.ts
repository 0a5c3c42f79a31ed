// Runs batches of the model on a thread of its own.
import { parentPort } from 'node:worker_threads';
import { type Batch, type BatchResult, runBatch } from './batch.ts';

/** Hands a result to whoever asked for the batch. */
function answer(result: BatchResult): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
  parentPort?.postMessage(result);
}

parentPort?.on('message', (batch: Batch) => {
  void runBatch(batch).then(answer);
});
