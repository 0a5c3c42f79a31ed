export { type Backoff, type BackoffOptions, createBackoff } from './backoff.ts';
export {
  createWorkQueue,
  type PassResult,
  runEvery,
  type WorkQueue,
  type WorkQueueOptions,
} from './work-queue.ts';
