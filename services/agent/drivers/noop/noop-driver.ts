import { sleep } from '#libs/lifecycle';
import { contentHash, type Driver, DriverError } from '../driver.ts';

export interface NoopDriverOptions {
  /** How long each apply and each removal takes. */
  delayMs?: number;
}

/** A driver that only remembers, in memory: for simulations and load. */
export function createNoopDriver({ delayMs = 0 }: NoopDriverOptions = {}): Driver {
  const hashes = new Map<string, string>();
  const pause = async (signal: AbortSignal) => {
    if (delayMs > 0) await sleep(delayMs, signal);
  };
  return {
    name: 'noop',
    validate: async () => undefined,
    apply: async ({ id, content }, signal) => {
      await pause(signal);
      hashes.set(id, contentHash(content));
    },
    remove: async (id, signal) => {
      await pause(signal);
      hashes.delete(id);
    },
    verify: async ({ id, content }) => {
      if (hashes.get(id) !== contentHash(content)) {
        throw new DriverError('retry', 'NOT_IN_FORCE', 'another content is remembered');
      }
      return { level: 'APPLIED', method: 'memory' };
    },
    list: async function* () {
      for (const [id, hash] of hashes) yield { id, hash };
    },
    [Symbol.asyncDispose]: async () => hashes.clear(),
  };
}
