import type { ListWatch } from '#libs/etcd';
import { EtcdError } from '#libs/etcd';
import { isAbortError, type Run, sleepUntilAborted } from '#libs/lifecycle';
import { createBackoff } from '#libs/reconcile';
import type { Logger } from '#libs/telemetry';
import { Wake } from '../wake.ts';
import type { EnvironmentView } from './environment-view.ts';

/** Spread of the lists of all agents after a new epoch. */
const JITTER_MS = 300;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;
/** A wake-up is never missed; this only bounds the wait. */
const IDLE_MS = 60_000;

export interface EpochRelistDeps {
  view: Pick<EnvironmentView, 'meta' | 'listed'>;
  listWatch: Pick<ListWatch, 'relist'>;
  log: Logger;
  random: () => number;
}

/** Lists again when the epoch is another one than at the last list: etcd may hold other content. */
export class EpochRelist {
  readonly #deps: EpochRelistDeps;
  readonly #wake = new Wake();

  constructor(deps: EpochRelistDeps) {
    this.#deps = deps;
  }

  /** The meta keys have changed. */
  metaChanged(): void {
    if (this.#isDue()) this.#wake.wake();
  }

  readonly run: Run = async (signal) => {
    const { listWatch, log, random } = this.#deps;
    const backoff = createBackoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, random });
    while (!signal.aborted) {
      if (!this.#isDue()) {
        backoff.reset();
        await this.#wake.wait(signal, IDLE_MS);
        continue;
      }
      await sleepUntilAborted(random() * JITTER_MS, signal);
      try {
        await listWatch.relist(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EtcdError) && !isAbortError(error)) throw error;
        log.warn({ err: error }, 'list after a new epoch failed');
        await sleepUntilAborted(backoff.next(), signal);
      }
    }
  };

  #isDue(): boolean {
    const { view } = this.#deps;
    return view.listed !== undefined && view.listed.epoch !== view.meta.epoch;
  }
}
