import { raceSignal } from './signals.ts';

export interface CompletedOptions {
  /** Most items that are at work or whose results were not taken yet. */
  readonly width: number;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` on each item and yields the results in the order of completion. No more than `width`
 * items are taken from `source` ahead of the results taken here. Ends with the first error of `source`
 * or `work`, or the signal's reason; what is at work then is left to the signal.
 */
export async function* completedStream<T, R>(
  source: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  { width, signal }: CompletedOptions,
): AsyncGenerator<R> {
  const done: R[] = [];
  let open = 0;
  let ended = false;
  let failure: { error: unknown } | undefined;
  let progress = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();
  const fail = (error: unknown) => {
    failure ??= { error };
    progress.resolve();
  };
  const runOne = async (item: T) => {
    done.push(await work(item));
    progress.resolve();
  };
  const readAll = async () => {
    for await (const item of source) {
      open += 1;
      void runOne(item).catch(fail);
      if (open >= width && !failure) {
        room = Promise.withResolvers<void>();
        await raceSignal(room.promise, signal);
      }
      if (failure) return;
    }
    ended = true;
    progress.resolve();
  };
  const reading = readAll().catch(fail);
  try {
    for (;;) {
      for (let result = done.shift(); result !== undefined; result = done.shift()) {
        yield result;
        open -= 1;
        room.resolve();
      }
      if (failure) throw failure.error;
      if (ended && open === 0) return;
      progress = Promise.withResolvers<void>();
      await raceSignal(progress.promise, signal);
    }
  } finally {
    // Nobody takes results any more: the reader must not wait for room.
    fail(undefined);
    room.resolve();
    if (signal.aborted) await reading;
  }
}
