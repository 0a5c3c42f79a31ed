import { deriveSignal, isAbortError, jittered, sleepUntilAborted } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { EtcdClient } from './client.ts';
import { LeaseNotFoundError } from './errors.ts';
import { type Lease, openLease } from './lease.ts';
import { ListWatch } from './list-watch.ts';
import type { KeyValue, ListWatchSink, WatchEvent } from './types.ts';

/** Between tries while etcd refuses or is away: a service is back in the list within a second. */
const RETRY_MS = 300;
const RETRY_JITTER = 0.3;
/** Deadline of a put. */
const PUT_TIMEOUT_MS = 1_000;
/** Deadline of the delete at a clean exit: etcd may be gone, and then the lease ends it. */
const DELETE_TIMEOUT_MS = 1_000;

export interface ServiceRegistrationOptions {
  client: EtcdClient;
  key: string;
  /** Written as it is, each time. */
  value: string;
  ttlSeconds: number;
  heartbeatMs: number;
  log: Logger;
}

/**
 * Keeps `key` under a lease of its own until the signal fires, then deletes it. Registers anew after a
 * lost lease, and puts the key again when somebody removes it. Waits for etcd as long as it takes.
 */
export async function runServiceRegistration(
  signal: AbortSignal,
  options: ServiceRegistrationOptions,
): Promise<void> {
  let failing = false;
  const onError = (error: unknown) => {
    if (signal.aborted && isAbortError(error)) return;
    if (!failing) options.log.warn({ key: options.key, err: error }, 'not registered');
    failing = true;
  };
  while (!signal.aborted) {
    try {
      await holdLease(signal, options, () => {
        failing = false;
      });
    } catch (error) {
      onError(error);
    }
    await sleepUntilAborted(jittered(RETRY_MS, RETRY_JITTER), signal);
  }
}

/** One lease, from its grant to its end or the signal. */
async function holdLease(
  signal: AbortSignal,
  { client, key, value, ttlSeconds, heartbeatMs, log }: ServiceRegistrationOptions,
  onRegistered: () => void,
): Promise<void> {
  await using lease = await openLease(client, { ttlSeconds, heartbeatMs, signal, log });
  using held = deriveSignal(signal);
  const onEnded = () => held.abort(lease.ended.reason);
  lease.ended.addEventListener('abort', onEnded, { once: true });
  if (lease.ended.aborted) onEnded();
  const own = new OwnKey(key, lease, log);
  const put = { put: { key, value, lease: lease.id } };
  let watching: Promise<void> | undefined;
  try {
    while (!held.signal.aborted) {
      own.missing = false;
      await client.txn({ compare: [], success: [put] }, { timeoutMs: PUT_TIMEOUT_MS });
      log.info({ key, lease: lease.id }, 'registered');
      onRegistered();
      // Listed after the put, so that a missing key was removed.
      watching ??= new ListWatch({ client, name: 'own-key', ranges: [key], sink: own, log })
        .run(held.signal)
        .catch((error: unknown) => held.abort(error));
      await own.whenMissing(held.signal);
    }
  } catch (error) {
    if (error instanceof LeaseNotFoundError) lease.end('not found at the put');
    throw error;
  } finally {
    held.abort();
    lease.ended.removeEventListener('abort', onEnded);
    await watching;
    if (signal.aborted) await removeKey(client, key, lease);
  }
}

/** A successor of the same name has another lease: its key stays. */
async function removeKey(client: EtcdClient, key: string, lease: Lease): Promise<void> {
  const isOurs = { key, target: 'lease', op: '=', value: lease.id } as const;
  await client
    .txn({ compare: [isOurs], success: [{ delete: { key } }] }, { timeoutMs: DELETE_TIMEOUT_MS })
    .catch(() => undefined);
}

/** What a watch of the one key tells: that it is gone, or that another process holds it. */
class OwnKey implements ListWatchSink {
  missing = false;
  readonly #key: string;
  readonly #lease: Lease;
  readonly #log: Logger;
  #wake: () => void = () => undefined;

  constructor(key: string, lease: Lease, log: Logger) {
    this.#key = key;
    this.#lease = lease;
    this.#log = log;
  }

  async whenMissing(signal: AbortSignal): Promise<void> {
    if (this.missing || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  begin() {
    let found: KeyValue | undefined;
    return {
      page: (kvs: readonly KeyValue[]) => {
        found = kvs[0] ?? found;
      },
      commit: () => this.#see(found),
    };
  }

  events(events: readonly WatchEvent[]): void {
    const last = events.at(-1);
    if (last) this.#see(last.type === 'put' ? last.kv : undefined);
  }

  #see(kv: KeyValue | undefined): void {
    if (!kv) {
      this.#log.warn({ key: this.#key }, 'own registration is gone: registering again');
      this.missing = true;
      this.#wake();
    } else if (kv.lease !== this.#lease.id) {
      this.#log.warn({ key: this.#key, lease: kv.lease }, 'another process has the same name');
    }
  }
}
