import { aborted, deriveSignal, sleep } from './signals.ts';

/**
 * Does its work until the signal fires: resolves once everything it started has ended, rejects on a
 * fatal error. Returning before the signal is itself a failure.
 */
export type Run = (signal: AbortSignal) => Promise<void>;

export interface RunAllOptions {
  /** How long the parts may take to end after the signal. */
  graceMs: number;
  /** Told of every failure but the first, which is thrown. */
  onError?: (part: string, error: unknown) => void;
}

/** A part that returned although nobody asked it to. */
export class ReturnedEarlyError extends Error {
  constructor(part: string) {
    super(`${part} returned before it was asked to stop`);
    this.name = 'ReturnedEarlyError';
  }
}

/** A part that did not end within its grace. */
export class GraceExceededError extends Error {
  constructor(parts: readonly string[], graceMs: number) {
    super(`${parts.join(', ')} did not end within ${graceMs} ms`);
    this.name = 'GraceExceededError';
  }
}

/**
 * Runs all parts together. The first failure stops the others; it is thrown when they have ended or
 * `graceMs` is over.
 */
export async function runAll(
  signal: AbortSignal,
  parts: Readonly<Record<string, Run>>,
  { graceMs, onError }: RunAllOptions,
): Promise<void> {
  using stop = deriveSignal(signal);
  const running = new Set(Object.keys(parts));
  const failures: unknown[] = [];
  const all = Object.entries(parts).map(async ([name, run]) => {
    try {
      await run(stop.signal);
      if (!stop.signal.aborted) throw new ReturnedEarlyError(name);
    } catch (error) {
      if (!(stop.signal.aborted && isStop(error, stop.signal))) {
        if (failures.length > 0) onError?.(name, error);
        failures.push(error);
      }
      stop.abort(error);
    } finally {
      running.delete(name);
    }
  });
  await aborted(stop.signal);
  using grace = deriveSignal();
  const late = sleep(graceMs, grace.signal).then(
    () => failures.push(new GraceExceededError([...running], graceMs)),
    () => undefined,
  );
  await Promise.race([Promise.all(all), late]);
  grace.abort();
  if (failures.length > 0) throw failures[0];
}

function isStop(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
