// A lease that one stream keeps alive.
//
// etcd alone ends a lease: it says TTL 0, or that it does not know it. Silence ends nothing: it only
// takes the right to write away, and beating goes on, because the lease may outlive the silence. A
// beat without an answer is repeated on fresh channels, while the older ones stay open for a while:
// on a slow link the answer still comes.

import type { ILeaseKeepAliveRequest, ILeaseKeepAliveResponse } from 'etcd3';
import { type Clock, openNap, sleepUntilAborted, systemClock } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { EtcdClient, EtcdStream } from './client.ts';
import { LeaseLostError, LeaseNotFoundError } from './errors.ts';
import type { CallOptions, LeaseId } from './types.ts';

/** How long a beat waits for its answer before the channel is doubted. */
const ANSWER_TIMEOUT_MS = 1500;
/** Between the repetitions of a beat, each on a fresh channel. */
const RETRY_MS = 300;
/** Unanswered channels kept at a time: a fresh one needs two round trips of a slow link. */
const CHANNELS_MAX = 16;
/** Kept from the end of the lease: a write sent before it arrives before it. */
const WRITE_MARGIN_MS = 500;
/** Of the revoke on disposal: the lease ends by itself anyway. */
const REVOKE_TIMEOUT_MS = 1000;

/** Signal and timeout are the grant's: they have no effect on an open lease. */
export interface LeaseOptions extends CallOptions {
  ttlSeconds: number;
  heartbeatMs: number;
  clock?: Clock;
  log: Logger;
}

/** A lease that is kept alive until it is disposed, which also revokes it. */
export interface Lease extends AsyncDisposable {
  readonly id: LeaseId;
  /**
   * Fires with a LeaseLostError once etcd said that the lease is gone, or after `end`. Silence of
   * etcd never fires it: the lease may still be alive there.
   */
  readonly ended: AbortSignal;
  /** Whether a write sent now is still covered by the last answered keepalive. */
  writable(): boolean;
  /** Gives the lease up, for a reason such as the DELETE of one's own key. */
  end(reason: string): void;
}

/** Grants a lease and keeps it alive. Rejects as `leaseGrant` does. Dispose it. */
export async function openLease(client: EtcdClient, options: LeaseOptions): Promise<Lease> {
  const { ttlSeconds, signal, timeoutMs, clock = systemClock } = options;
  const sentAtMs = clock.monotonicMs();
  const id = await client.leaseGrant(ttlSeconds, { signal, timeoutMs });
  const lease = new KeptLease({
    ...options,
    client,
    clock,
    id,
    validUntilMs: sentAtMs + ttlSeconds * 1000,
    sentAtMs,
  });
  lease.start();
  return lease;
}

interface KeptLeaseDeps {
  client: EtcdClient;
  id: LeaseId;
  heartbeatMs: number;
  validUntilMs: number;
  /** When the grant went out: it lives from then on, however late the answer came. */
  sentAtMs: number;
  clock: Clock;
  log: Logger;
}

type Keepalive = EtcdStream<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>;

/** A keepalive stream, with the send times of the beats that are not answered yet. */
interface BeatChannel {
  beat(): void;
  close(): void;
}

class KeptLease implements Lease {
  readonly id: LeaseId;
  readonly #deps: KeptLeaseDeps;
  readonly #ended = new AbortController();
  readonly #stop = new AbortController();
  readonly #channels = new Set<BeatChannel>();
  /** The channel of the next beat. */
  #main: BeatChannel | undefined;
  /** The channel that answered last, if it is still open. */
  #proven: BeatChannel | undefined;
  #validUntilMs: number;
  #beating: Promise<void> = Promise.resolve();
  #gone = false;
  #onAnswer: (() => void) | undefined;
  #onFailure: (() => void) | undefined;

  constructor(deps: KeptLeaseDeps) {
    this.id = deps.id;
    this.#deps = deps;
    this.#validUntilMs = deps.validUntilMs;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  start(): void {
    this.#beating = this.#beat();
  }

  writable(): boolean {
    if (this.#stop.signal.aborted) return false;
    return this.#deps.clock.monotonicMs() < this.#validUntilMs - WRITE_MARGIN_MS;
  }

  end(reason: string): void {
    if (this.#stop.signal.aborted) return;
    this.#deps.log.warn({ lease: this.id, reason }, 'lease ended');
    this.#stop.abort();
    this.#ended.abort(new LeaseLostError(this.id, reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    if (this.#gone) return;
    await this.#deps.client
      .leaseRevoke(this.id, { timeoutMs: REVOKE_TIMEOUT_MS })
      .catch((error: unknown) =>
        this.#deps.log.debug({ lease: this.id, err: error }, 'lease not revoked, left to expire'),
      );
  }

  /** Beats until the lease is stopped. */
  async #beat(): Promise<void> {
    const stop = this.#stop.signal;
    // The grant was the first beat.
    const { clock, sentAtMs, heartbeatMs } = this.#deps;
    await sleepUntilAborted(Math.max(0, sentAtMs + heartbeatMs - clock.monotonicMs()), stop);
    while (!stop.aborted) {
      const beganMs = this.#deps.clock.monotonicMs();
      let answered = await this.#try(ANSWER_TIMEOUT_MS, true);
      while (!answered && !stop.aborted) {
        this.#deps.log.debug({ lease: this.id }, 'keepalive not answered, trying a fresh channel');
        this.#main = undefined;
        answered = await this.#try(RETRY_MS, false);
      }
      const restMs = beganMs + this.#deps.heartbeatMs - this.#deps.clock.monotonicMs();
      await sleepUntilAborted(Math.max(0, restMs), stop);
    }
    for (const channel of this.#channels) channel.close();
  }

  /**
   * One beat on the main channel, or on a fresh one. True once any channel answered; false after
   * `waitMs`, or with `orFailure` as soon as the main channel broke.
   */
  async #try(waitMs: number, orFailure: boolean): Promise<boolean> {
    const wait = openNap(waitMs, this.#stop.signal);
    let answered = false;
    this.#onAnswer = () => {
      answered = true;
      wait.end();
    };
    if (orFailure) this.#onFailure = wait.end;
    this.#main ??= this.#openChannel();
    this.#main.beat();
    // Where only answers are lost, beats on the old channel still arrive.
    if (this.#proven !== this.#main) this.#proven?.beat();
    await wait.over;
    this.#onAnswer = undefined;
    this.#onFailure = undefined;
    return answered;
  }

  #openChannel(): BeatChannel {
    const oldest = [...this.#channels].find((channel) => channel !== this.#proven);
    if (this.#channels.size >= CHANNELS_MAX) oldest?.close();
    const { client, clock, id } = this.#deps;
    const closed = new AbortController();
    const opened = client.openKeepalive(closed.signal);
    const sentAtMs: number[] = [];
    const channel: BeatChannel = {
      beat: () => {
        const send = (stream: Keepalive) => {
          sentAtMs.push(clock.monotonicMs());
          stream.write({ ID: id });
        };
        opened.then(send, () => undefined);
      },
      close: () => {
        this.#channels.delete(channel);
        if (this.#main === channel) this.#main = undefined;
        if (this.#proven === channel) this.#proven = undefined;
        closed.abort();
        opened.then(
          (stream) => stream.close(),
          () => undefined,
        );
      },
    };
    this.#channels.add(channel);
    void this.#listen(channel, opened, sentAtMs);
    return channel;
  }

  async #listen(
    channel: BeatChannel,
    opened: Promise<Keepalive>,
    sentAtMs: number[],
  ): Promise<void> {
    try {
      for await (const { TTL } of (await opened).messages) {
        this.#take(channel, Number(TTL), sentAtMs.shift());
      }
    } catch (error) {
      if (error instanceof LeaseNotFoundError) this.#lose(error.message);
      const isMain = this.#main === channel;
      channel.close();
      if (isMain) this.#onFailure?.();
    }
  }

  #take(channel: BeatChannel, ttlSeconds: number, sentAtMs: number | undefined): void {
    if (ttlSeconds <= 0) {
      this.#lose(`TTL ${ttlSeconds}`);
      return;
    }
    if (sentAtMs === undefined) return;
    this.#validUntilMs = Math.max(this.#validUntilMs, sentAtMs + ttlSeconds * 1000);
    this.#main = channel;
    this.#proven = channel;
    for (const other of this.#channels) if (other !== channel) other.close();
    this.#onAnswer?.();
  }

  #lose(reason: string): void {
    this.#gone = true;
    this.end(reason);
  }
}
