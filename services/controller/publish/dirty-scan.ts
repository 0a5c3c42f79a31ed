import { jittered } from '#libs/lifecycle';
import { runEvery } from '#libs/reconcile';
import type { Logger } from '#libs/telemetry';
import { refKey } from '../domain/config-row.ts';
import type { PublishStore } from './publish-store.ts';
import type { Publisher } from './publisher.ts';

/** Time between scans; jittered, so that controllers do not scan in step. */
const SCAN_EVERY_MS = 500;
const SCAN_JITTER = 0.2;
/** A row this young is still in the hands of the call that wrote it. */
const DIRTY_OLDER_THAN_MS = 1_000;
/** Rows of a scan, published together: each holds a config of up to 256 KiB. */
const ROWS_MAX = 240;
/** Below every epoch: what is published in any does. */
const ANY_EPOCH = 0;
/** Budget of one row's publication: the calls in it have shorter ones. */
const PUBLISH_TIMEOUT_MS = 5_000;

export interface DirtyScanDeps {
  store: Pick<PublishStore, 'dirty'>;
  publisher: Pick<Publisher, 'publish' | 'readEpoch' | 'recorded'>;
  /** Whether a full pass is known to have completed in `epoch`. */
  isReady: (epoch: number) => boolean;
  log: Logger;
  random?: () => number;
}

/**
 * Publishes what its own writer did not: after a crash, or while etcd was away. Rows that only a new epoch
 * has made dirty are left to the passes until it is READY: those publish them many times cheaper, and go on
 * until none is left.
 */
export class DirtyScan {
  readonly #deps: DirtyScanDeps;
  #failing = false;

  constructor(deps: DirtyScanDeps) {
    this.#deps = deps;
  }

  /** Scans until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const everyMs = () => jittered(SCAN_EVERY_MS, SCAN_JITTER, this.#deps.random);
    await runEvery(
      signal,
      everyMs,
      async () => {
        await this.#scanAll(signal);
        this.#failing = false;
      },
      (error) => {
        if (!this.#failing) this.#deps.log.warn({ err: error }, 'scan for unpublished rows failed');
        this.#failing = true;
      },
    );
  }

  /** Full scans follow each other at once: a long outage leaves more rows than one holds. */
  async #scanAll(signal: AbortSignal): Promise<void> {
    let before: string | undefined;
    for (;;) {
      const { first, isFull } = await this.#scan(signal);
      // The same rows again: MySQL takes no marks, and at once it will not either.
      if (!isFull || first === before) return;
      before = first;
      signal.throwIfAborted();
    }
  }

  /** One scan; whether it was full, and all of it is published. */
  async #scan(signal: AbortSignal): Promise<{ first?: string; isFull: boolean }> {
    const { store, publisher, isReady, log } = this.#deps;
    // Read, not watched: the answer's revision also shows an etcd that was rolled back.
    const epoch = await publisher.readEpoch(signal);
    if (epoch === undefined) return { isFull: false };
    const refs = await store.dirty({
      epoch: isReady(epoch) ? epoch : ANY_EPOCH,
      olderThanMs: DIRTY_OLDER_THAN_MS,
      limit: ROWS_MAX,
    });
    const results = await Promise.all(
      refs.map((ref) => publisher.publish(ref, { signal, timeoutMs: PUBLISH_TIMEOUT_MS })),
    );
    // Recorded before the next scan looks, which would take the same rows again.
    await publisher.recorded();
    const published = results.filter(({ state }) => state === 'PUBLISHED').length;
    if (published > 0) log.debug({ published, found: refs.length, epoch }, 'published dirty rows');
    const [first] = refs;
    return { ...(first && { first: refKey(first) }), isFull: published === ROWS_MAX };
  }
}
