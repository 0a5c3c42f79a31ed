// Timers of the code under test become things that the scheduler may let happen. While no scheduler is
// installed the real ones serve.

import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Action, Scheduler } from './scheduler.ts';

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  delay: timers.setTimeout,
};

let installed: Scheduler | undefined;
let isPatched = false;

/** A timer as the code under test holds it. */
class VirtualTimer {
  readonly action: Action;

  constructor(action: Action) {
    this.action = action;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** From now on timers are the scheduler's, until it is uninstalled with `undefined`. */
export function installTime(scheduler: Scheduler | undefined): void {
  installed = scheduler;
  if (isPatched) return;
  isPatched = true;
  const setTimer = (fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    if (!installed) return real.setTimeout(fire, ms, ...args);
    return new VirtualTimer(installed.timer(ms, () => fire(...args)));
  };
  const clearTimer = (timer: unknown) => {
    if (timer instanceof VirtualTimer) timer.action.isDone = true;
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  const delay = async <T>(ms = 0, value?: T, options: { signal?: AbortSignal } = {}) =>
    installed
      ? await virtualDelay(installed, ms, value, options.signal)
      : await real.delay(ms, value, options);
  Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer });
  Object.assign(timers, { setTimeout: delay });
  syncBuiltinESMExports();
}

async function virtualDelay<T>(
  scheduler: Scheduler,
  ms: number,
  value: T | undefined,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal?.aborted) throw abortError(signal);
  return await new Promise((resolve, reject) => {
    const onAbort = () => {
      action.isDone = true;
      reject(abortError(signal));
    };
    const action = scheduler.timer(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** As Node's own: an AbortError, whatever the signal's reason is. */
function abortError(signal: AbortSignal | undefined): Error {
  return Object.assign(new Error('aborted', { cause: signal?.reason }), { name: 'AbortError' });
}
