import { ExitError } from '#libs/config';
import { deriveSignal, sleepUntilAborted } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import {
  describeMaterial,
  isSameMaterial,
  readMaterial,
  type TlsMaterial,
  type TlsPaths,
} from './material.ts';

/** A certificate is renewed days before it ends; a mounted secret takes a minute to arrive. */
const POLL_MS = 5000;
const USAGE_EXIT_CODE = 2;

export interface TlsFilesDeps {
  log: Logger;
  /** How often the files are read again; every 5 s by default. */
  pollMs?: number;
}

/**
 * Opens keys and certificates that may be replaced while the process runs. `name` says in the log
 * what they are for. Throws ExitError for files that cannot be read, or not be used together.
 */
export async function openTlsFiles(
  name: string,
  paths: TlsPaths,
  { log, pollMs = POLL_MS }: TlsFilesDeps,
): Promise<TlsFiles> {
  const first = await readMaterial(paths).catch((error: unknown) => {
    const { message } = error as Error;
    throw new ExitError(USAGE_EXIT_CODE, `TLS files of ${name}: ${message}`, { cause: error });
  });
  return new TlsFiles({ paths, first, pollMs, log: log.child({ tls: name }) });
}

interface Deps extends Required<TlsFilesDeps> {
  paths: TlsPaths;
  first: TlsMaterial;
}

/**
 * What the files held when they last were whole. Read the fields when a connection is made, not
 * before. Disposal ends the reading.
 */
export class TlsFiles implements TlsMaterial, AsyncDisposable {
  readonly #paths: TlsPaths;
  readonly #pollMs: number;
  readonly #log: Logger;
  readonly #listeners: (() => void)[] = [];
  readonly #stop = deriveSignal();
  readonly #polling: Promise<void>;
  #held: TlsMaterial;
  #complaint = '';

  constructor({ paths, first, pollMs, log }: Deps) {
    this.#paths = paths;
    this.#pollMs = pollMs;
    this.#log = log;
    this.#held = first;
    log.info(describeMaterial(first), 'certificates read');
    this.#polling = this.#poll(this.#stop.signal);
  }

  get ca(): Buffer | undefined {
    return this.#held.ca;
  }

  get cert(): Buffer | undefined {
    return this.#held.cert;
  }

  get key(): Buffer | undefined {
    return this.#held.key;
  }

  /** Calls `listener` after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#polling;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleepUntilAborted(this.#pollMs, signal);
      if (signal.aborted) return;
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    try {
      const found = await readMaterial(this.#paths);
      this.#complaint = '';
      if (isSameMaterial(found, this.#held)) return;
      this.#held = found;
      this.#log.info(describeMaterial(found), 'certificates replaced');
      for (const listener of this.#listeners) listener();
    } catch (error) {
      // Whoever renews writes one file after the other: the next look may find a pair again.
      const { message } = error as Error;
      if (message !== this.#complaint) this.#log.warn({ err: error }, 'certificates not replaced');
      this.#complaint = message;
    }
  }
}
