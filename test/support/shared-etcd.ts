// Clients of etcd for many agents in one process, over the connections of one: what thousands of agents
// cost etcd in connections is not what a machine with all of them can show.

import type {
  ILeaseKeepAliveRequest,
  ILeaseKeepAliveResponse,
  IWatchRequest,
  IWatchResponse,
} from 'etcd3';
import {
  type CallOptions,
  type EtcdClient,
  type EtcdStream,
  EtcdUnavailableError,
  type LeaseId,
  OutcomeUnknownError,
  openEtcd,
  type Page,
  type RangeRequest,
  type RangeResult,
  type Revision,
  type TxnRequest,
  type TxnResult,
} from '#libs/etcd';
import { raceSignal } from '#libs/lifecycle';
import { KeepaliveRoutes } from './shared-keepalive.ts';
import { StreamPool } from './shared-stream.ts';
import { WatchRoutes } from './shared-watch.ts';

/** Disposal ends every client that it has opened. */
export interface SharedEtcd extends AsyncDisposable {
  /** As `openEtcd`, and the settings of the first hold for all. */
  readonly open: typeof openEtcd;
}

/** Opens nothing before the first client is asked for. */
export function shareEtcd(): SharedEtcd {
  let shared: Shared | undefined;
  return {
    open: (settings, deps) => {
      shared ??= sharedOver(openEtcd(settings, deps));
      return new User(shared);
    },
    [Symbol.asyncDispose]: async () => {
      shared?.watches.close();
      shared?.keepalives.close();
      await shared?.client[Symbol.asyncDispose]();
    },
  };
}

interface Shared {
  readonly client: EtcdClient;
  readonly watches: StreamPool<IWatchRequest, IWatchResponse>;
  readonly keepalives: StreamPool<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>;
}

function sharedOver(client: EtcdClient): Shared {
  return {
    client,
    watches: new StreamPool({
      what: 'watch',
      open: (signal) => client.openWatch(signal),
      routes: (write) => new WatchRoutes(write),
    }),
    keepalives: new StreamPool({
      what: 'keepalive',
      open: (signal) => client.openKeepalive(signal),
      routes: (write) => new KeepaliveRoutes(write),
    }),
  };
}

/** One agent's client: calls and streams of its own on what all share. */
class User implements EtcdClient {
  readonly #shared: Shared;
  readonly #closed = new AbortController();
  readonly #streams = new Set<{ close(): void }>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get link(): string {
    return this.#shared.client.link;
  }

  async range(request: RangeRequest, options?: CallOptions): Promise<RangeResult> {
    return await this.#read('range', () => this.#shared.client.range(request, options));
  }

  async txn(request: TxnRequest, options?: CallOptions): Promise<TxnResult> {
    return await this.#write('txn', () => this.#shared.client.txn(request, options));
  }

  async *list(
    prefix: string,
    options?: CallOptions & { revision?: Revision },
  ): AsyncGenerator<Page> {
    for await (const page of this.#shared.client.list(prefix, options)) {
      if (this.#closed.signal.aborted) throw new EtcdUnavailableError('list', 'client is closed');
      yield page;
    }
  }

  async leaseGrant(ttlSeconds: number, options?: CallOptions): Promise<LeaseId> {
    const grant = () => this.#shared.client.leaseGrant(ttlSeconds, options);
    return await this.#read('grant lease', grant);
  }

  async leaseRevoke(lease: LeaseId, options?: CallOptions): Promise<void> {
    await this.#write('revoke lease', () => this.#shared.client.leaseRevoke(lease, options));
  }

  async openWatch(signal: AbortSignal): Promise<EtcdStream<IWatchRequest, IWatchResponse>> {
    return this.#own(await this.#shared.watches.join(signal));
  }

  async openKeepalive(
    signal: AbortSignal,
  ): Promise<EtcdStream<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>> {
    return this.#own(await this.#shared.keepalives.join(signal));
  }

  dropToken(): void {
    this.#shared.client.dropToken();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    for (const stream of this.#streams) stream.close();
    await Promise.resolve();
  }

  #read<T>(what: string, call: () => Promise<T>): Promise<T> {
    return this.#call(call, new EtcdUnavailableError(what, 'client is closed'));
  }

  #write<T>(what: string, call: () => Promise<T>): Promise<T> {
    return this.#call(call, new OutcomeUnknownError(what, 'client is closed'));
  }

  /** The call ends with this client; the one that all share goes on with it. */
  async #call<T>(call: () => Promise<T>, closed: Error): Promise<T> {
    const { signal } = this.#closed;
    if (signal.aborted) throw closed;
    try {
      return await raceSignal(call(), signal);
    } catch (error) {
      throw error === signal.reason ? closed : error;
    }
  }

  #own<Request, Response>(stream: EtcdStream<Request, Response>): EtcdStream<Request, Response> {
    const close = () => {
      this.#streams.delete(own);
      stream.close();
    };
    const own = { ...stream, close };
    this.#streams.add(own);
    if (this.#closed.signal.aborted) close();
    return own;
  }
}
