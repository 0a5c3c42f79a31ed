import { setTimeout as delay } from 'node:timers/promises';

/** A signal that ends with its parent or by its own `abort`. Dispose it in the function that made it. */
export interface DerivedSignal extends Disposable {
  readonly signal: AbortSignal;
  abort(this: void, reason?: unknown): void;
}

/** A child of `parent`: disposal detaches it, so that a long-lived parent keeps no listener. */
export function deriveSignal(parent?: AbortSignal): DerivedSignal {
  const controller = new AbortController();
  const forward = () => controller.abort(parent?.reason);
  if (parent?.aborted) forward();
  else parent?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => parent?.removeEventListener('abort', forward),
  };
}

/** As `deriveSignal`, and aborted with a TimeoutError after `ms`. */
export function deadlineSignal(parent: AbortSignal | undefined, ms: number): DerivedSignal {
  const derived = deriveSignal(parent);
  const timer = setTimeout(() => derived.abort(new DOMException('timed out', 'TimeoutError')), ms);
  return {
    signal: derived.signal,
    abort: derived.abort,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      derived[Symbol.dispose]();
    },
  };
}

/** Resolves after `ms`; rejects with an AbortError as soon as the signal fires. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {});
}

/** As `sleep`, but resolves when the signal fires: for loops that look at the signal themselves. */
export async function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  await openNap(ms, signal).over;
}

/** A sleep that somebody may end. */
export interface Nap {
  readonly over: Promise<void>;
  end(this: void): void;
}

/**
 * Sleeps for `ms`, or until the signal fires. Without an error, whose stack would cost more than all
 * the rest: heartbeats and idle loops of thousands of agents are made of it.
 */
export function openNap(ms: number, signal: AbortSignal): Nap {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return { over: promise, end };
}

/** Resolves when the signal fires. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Settles as `promise`, or rejects with the signal's reason when that comes first. */
export async function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const gaveUp = Promise.withResolvers<never>();
  const stopWaiting = whenAborted(signal, gaveUp.reject);
  try {
    return await Promise.race([promise, gaveUp.promise]);
  } finally {
    stopWaiting();
  }
}

type Give = (reason: Error) => void;

/** Those who wait beside a signal: one listener for all, because a signal looks for one in a list. */
const waitingBeside = new WeakMap<AbortSignal, { waiting: Set<Give>; onAbort: () => void }>();

/** Calls `give` with the reason once the signal fires; the returned function ends that. */
function whenAborted(signal: AbortSignal, give: Give): () => void {
  const beside = waitingBeside.get(signal) ?? startWaiting(signal);
  beside.waiting.add(give);
  return () => {
    beside.waiting.delete(give);
    if (beside.waiting.size > 0 || waitingBeside.get(signal) !== beside) return;
    waitingBeside.delete(signal);
    signal.removeEventListener('abort', beside.onAbort);
  };
}

function startWaiting(signal: AbortSignal) {
  const waiting = new Set<Give>();
  const onAbort = () => {
    for (const give of waiting) give(signal.reason as Error);
  };
  const beside = { waiting, onAbort };
  waitingBeside.set(signal, beside);
  signal.addEventListener('abort', onAbort, { once: true });
  return beside;
}

/** Whether an error only says that somebody gave up waiting. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
