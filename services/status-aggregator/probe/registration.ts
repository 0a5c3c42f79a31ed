import {
  type EtcdClient,
  EtcdError,
  type Lease,
  LeaseNotFoundError,
  NoSpaceError,
  openLease,
  put,
} from '#libs/etcd';
import {
  type Clock,
  deriveSignal,
  isAbortError,
  type Run,
  sleepUntilAborted,
} from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';

/** Deadline of a put, and of the delete at a clean exit: then the lease ends the key. */
const CALL_TIMEOUT_MS = 1_000;
/** Between tries while etcd is away: the state is UNKNOWN meanwhile. */
const RETRY_MS = 300;

export interface RegistrationDeps {
  client: EtcdClient;
  key: string;
  value: () => string;
  ttlSeconds: number;
  heartbeatMs: number;
  /** Told of each answered put. Times are monotonic. */
  onBeat: (beat: { revision: bigint; sentAtMs: number }) => void;
  /** Told of each linearizable read that stands in for a put that etcd has no space for. */
  onRead: (beat: { revision: bigint; sentAtMs: number }) => void;
  clock: Clock;
  log: Logger;
}

/**
 * Keeps the own registration under a lease, and puts it anew at each heartbeat: the revision of the
 * put is what the watch is measured by. Whatever happens to the key, the next beat restores it.
 */
export class Registration {
  readonly #deps: RegistrationDeps;
  #wake: (() => void) | undefined;
  #isDue = false;
  #isFailing = false;

  constructor(deps: RegistrationDeps) {
    this.#deps = deps;
  }

  /** Makes the next beat now. */
  beatNow(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  readonly run: Run = async (signal) => {
    while (!signal.aborted) {
      try {
        await this.#holdLease(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#onFailure(error);
        // Without space there is no new lease either.
        if (error instanceof NoSpaceError) await this.#read();
      }
      await sleepUntilAborted(RETRY_MS, signal);
    }
  };

  /** One lease, from its grant to its end or the signal. */
  async #holdLease(signal: AbortSignal): Promise<void> {
    const { client, ttlSeconds, heartbeatMs, clock, log } = this.#deps;
    await using lease = await openLease(client, { ttlSeconds, heartbeatMs, signal, clock, log });
    using held = deriveSignal(signal);
    const onEnded = () => held.abort(lease.ended.reason);
    lease.ended.addEventListener('abort', onEnded, { once: true });
    try {
      while (!held.signal.aborted) {
        const delayMs = await this.#beat(lease);
        await this.#pause(delayMs, held.signal);
      }
    } finally {
      lease.ended.removeEventListener('abort', onEnded);
      if (signal.aborted) await this.#remove(lease);
    }
  }

  /** Puts the key; answers how long to wait for the next beat. */
  async #beat(lease: Lease): Promise<number> {
    const { client, key, value, heartbeatMs, clock, onBeat, log } = this.#deps;
    this.#isDue = false;
    const sentAtMs = clock.monotonicMs();
    try {
      const success = [put(key, value(), lease.id)];
      const { revision } = await client.txn(
        { compare: [], success },
        { timeoutMs: CALL_TIMEOUT_MS },
      );
      onBeat({ revision, sentAtMs });
      if (this.#isFailing) log.info({ key }, 'registered again');
      this.#isFailing = false;
      return Math.max(0, sentAtMs + heartbeatMs - clock.monotonicMs());
    } catch (error) {
      if (error instanceof LeaseNotFoundError) lease.end('not found at the put');
      this.#onFailure(error);
      if (error instanceof NoSpaceError) return await this.#read();
      return RETRY_MS;
    }
  }

  /** Answers how long to wait for the next beat. */
  async #read(): Promise<number> {
    const { client, key, heartbeatMs, clock, onRead } = this.#deps;
    const sentAtMs = clock.monotonicMs();
    try {
      const { revision } = await client.range(
        { key, keysOnly: true },
        { timeoutMs: CALL_TIMEOUT_MS },
      );
      onRead({ revision, sentAtMs });
      return heartbeatMs;
    } catch (error) {
      this.#onFailure(error);
      return RETRY_MS;
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#isDue) return;
    using wake = deriveSignal(signal);
    this.#wake = wake.abort;
    await sleepUntilAborted(ms, wake.signal);
    this.#wake = undefined;
  }

  /** One line for an outage: its every try would fill the log. */
  #onFailure(error: unknown): void {
    if (!(error instanceof EtcdError) && !isAbortError(error)) throw error;
    const { log, key } = this.#deps;
    log[this.#isFailing ? 'debug' : 'warn']({ key, err: error }, 'not registered');
    this.#isFailing = true;
  }

  /** A successor of the same name has another lease: its key stays. */
  async #remove(lease: Lease): Promise<void> {
    const { client, key } = this.#deps;
    const isOurs = { key, target: 'lease', op: '=', value: lease.id } as const;
    await client
      .txn({ compare: [isOurs], success: [{ delete: { key } }] }, { timeoutMs: CALL_TIMEOUT_MS })
      .catch(() => undefined);
  }
}
