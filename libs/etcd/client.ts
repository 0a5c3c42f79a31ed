import { randomInt } from 'node:crypto';
import type { ClientDuplexStream, CallOptions as RawCallOptions } from '@grpc/grpc-js';
import type {
  Etcd3,
  ILeaseKeepAliveRequest,
  ILeaseKeepAliveResponse,
  IWatchRequest,
  IWatchResponse,
} from 'etcd3';
import { deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { CALL_TIMEOUT_MS } from './call-timeout.ts';
import type { Connection } from './connection.ts';
import { createDialer, type Dialer, type EtcdSettings } from './dialer.ts';
import {
  EtcdUnavailableError,
  isBroken,
  isTokenRefused,
  LeaseNotFoundError,
  translateError,
} from './errors.ts';
import { pagesOf } from './pages.ts';
import type {
  CallOptions,
  EtcdKv,
  LeaseId,
  Page,
  PagesOptions,
  RangeRequest,
  RangeResult,
  TxnRequest,
  TxnResult,
} from './types.ts';
import { keyValueFromRaw, opResultFromRaw, toRawRange, toRawTxn, writes } from './wire.ts';

/** Kept from grpc-js's own deadline, for what it does not end. */
const DEADLINE_GRACE_MS = 50;

/** Lease ids fit a double, so that every tool shows them right. */
const LEASE_ID_LIMIT = 2 ** 48 - 1;

/** A two-way stream on a channel of its own. Whoever opened it closes it. */
export interface EtcdStream<Request, Response> {
  /** Ends by throwing: an EtcdError, also when the other side ended it properly. Read it once. */
  readonly messages: AsyncIterable<Response>;
  write(request: Request): void;
  /** Ends it and its channel at once. May be repeated. */
  close(): void;
}

/** What the lease and the list-watch are built on; not for others. */
export interface EtcdStreams {
  /**
   * Names the sockets over which calls go. While it stays the same, all answers came from servers that
   * have not been restarted: an etcd that is put back to a backup ends every socket.
   */
  readonly link: string;
  openWatch(signal: AbortSignal): Promise<EtcdStream<IWatchRequest, IWatchResponse>>;
  openKeepalive(
    signal: AbortSignal,
  ): Promise<EtcdStream<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>>;
  /** Our token was refused: what is opened from now on authenticates anew. */
  dropToken(): void;
}

/** A client of one etcd. Disposal ends every call, stream and socket of it. */
export interface EtcdClient extends EtcdKv, EtcdStreams, AsyncDisposable {}

/** Opens a client at once; etcd need not be up. Throws a TypeError for an unreadable endpoint. */
export function openEtcd(settings: EtcdSettings, { log }: { log: Logger }): EtcdClient {
  return new Client(createDialer(settings), log);
}

interface Call<T> {
  what: string;
  writes: boolean;
  run(etcd: Etcd3, options: RawCallOptions): Promise<T>;
}

/** The connection of the unary calls: closed once it failed and nobody waits on it any more. */
interface Shared {
  readonly connection: Promise<Connection>;
  readonly dial: number;
  /** Opened so far. */
  sockets: number;
  active: number;
  retired: boolean;
}

class Client implements EtcdClient {
  readonly #dialer: Dialer;
  readonly #log: Logger;
  readonly #closed = new AbortController();
  readonly #streams = new Set<{ close(): void }>();
  #shared: Shared | undefined;
  #dials = 0;

  constructor(dialer: Dialer, log: Logger) {
    this.#dialer = dialer;
    this.#log = log;
  }

  get link(): string {
    const { dial = 0, sockets = 0 } = this.#shared ?? {};
    return `${dial}.${sockets}`;
  }

  async range(request: RangeRequest, options?: CallOptions): Promise<RangeResult> {
    const answer = await this.#call(
      {
        what: `range ${request.key}`,
        writes: false,
        run: (etcd, call) => etcd.kv.range(toRawRange(request), call),
      },
      options,
    );
    return {
      revision: BigInt(answer.header.revision),
      kvs: answer.kvs.map(keyValueFromRaw),
      count: Number(answer.count),
      more: answer.more,
    };
  }

  async txn(request: TxnRequest, options?: CallOptions): Promise<TxnResult> {
    const answer = await this.#call(
      {
        what: 'txn',
        writes: writes(request),
        run: (etcd, call) => etcd.kv.txn(toRawTxn(request), call),
      },
      options,
    );
    return {
      succeeded: answer.succeeded,
      revision: BigInt(answer.header.revision),
      results: answer.responses.map(opResultFromRaw),
    };
  }

  async *list(prefix: string, options: CallOptions & PagesOptions = {}): AsyncGenerator<Page> {
    const what = `list ${prefix}`;
    yield* pagesOf(prefix, options, (request) =>
      this.#call(
        { what, writes: false, run: (etcd, call) => etcd.kv.range(request, call) },
        options,
      ),
    );
  }

  async leaseGrant(ttlSeconds: number, options?: CallOptions): Promise<LeaseId> {
    const lease = randomInt(1, LEASE_ID_LIMIT).toString();
    // A grant whose answer is lost harms nobody: the lease expires unused.
    await this.#call(
      {
        what: 'grant lease',
        writes: false,
        run: (etcd, call) => etcd.leaseClient.leaseGrant({ TTL: ttlSeconds, ID: lease }, call),
      },
      options,
    );
    return lease;
  }

  async leaseRevoke(lease: LeaseId, options?: CallOptions): Promise<void> {
    try {
      await this.#call(
        {
          what: `revoke lease ${lease}`,
          writes: true,
          run: (etcd, call) => etcd.leaseClient.leaseRevoke({ ID: lease }, call),
        },
        options,
      );
    } catch (error) {
      if (!(error instanceof LeaseNotFoundError)) throw error;
    }
  }

  openWatch(signal: AbortSignal): Promise<EtcdStream<IWatchRequest, IWatchResponse>> {
    return this.#openStream('watch', signal, (etcd) => etcd.watchClient.watch());
  }

  openKeepalive(
    signal: AbortSignal,
  ): Promise<EtcdStream<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>> {
    return this.#openStream('keepalive', signal, (etcd) => etcd.leaseClient.leaseKeepAlive());
  }

  dropToken(): void {
    this.#dialer.dropToken();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    for (const stream of this.#streams) stream.close();
    const connection = await this.#shared?.connection.catch(() => undefined);
    connection?.close();
  }

  async #call<T>(call: Call<T>, options: CallOptions = {}): Promise<T> {
    const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS;
    options.signal?.throwIfAborted();
    // grpc-js says more of a call that is late: whether there was a connection.
    using deadline = deadlineSignal(options.signal, timeoutMs + DEADLINE_GRACE_MS);
    const deadlineAt = Date.now() + timeoutMs;
    const once = () => this.#once(call, deadline.signal, deadlineAt);
    try {
      return await once().catch((error: unknown) => {
        // Refused unread, so this is no repetition: once more, with a fresh token.
        if (isTokenRefused(error)) return once();
        throw error;
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error;
    }
  }

  async #once<T>(call: Call<T>, signal: AbortSignal, deadline: number): Promise<T> {
    const shared = this.#use(call.what);
    try {
      const connection = await raceSignal(shared.connection, signal).catch((error: unknown) => {
        throw translateError(error, call.what, false);
      });
      const answer = connection.run(() => call.run(connection.etcd, { deadline }));
      return await raceSignal(answer, signal);
    } catch (error) {
      const ours = translateError(error, call.what, call.writes);
      if (isTokenRefused(ours)) this.#dialer.dropToken();
      if (isTokenRefused(ours) || isBroken(ours)) this.#retire(shared);
      throw ours;
    } finally {
      shared.active -= 1;
      closeWhenIdle(shared);
    }
  }

  /** The connection of the moment, counted as used. */
  #use(what: string): Shared {
    if (this.#closed.signal.aborted) throw new EtcdUnavailableError(what, 'client is closed');
    this.#shared ??= this.#dial();
    this.#shared.active += 1;
    return this.#shared;
  }

  #dial(): Shared {
    const connection = this.#dialer.dial(this.#closed.signal, () => {
      shared.sockets += 1;
    });
    this.#dials += 1;
    const shared: Shared = { connection, dial: this.#dials, sockets: 0, active: 0, retired: false };
    connection.catch(() => this.#retire(shared));
    return shared;
  }

  /** Makes the next call open a fresh connection. Calls under way keep theirs. */
  #retire(shared: Shared): void {
    if (this.#shared !== shared) return;
    this.#log.debug({}, 'etcd connection given up');
    shared.retired = true;
    this.#shared = undefined;
  }

  async #openStream<Request, Response>(
    what: string,
    signal: AbortSignal,
    open: (etcd: Etcd3) => Promise<unknown>,
  ): Promise<EtcdStream<Request, Response>> {
    const connection = await this.#dialer.dial(signal).catch((error: unknown) => {
      throw translateError(error, what, false);
    });
    const raw = await connection
      .run(() => open(connection.etcd) as Promise<ClientDuplexStream<Request, Response>>)
      .catch((error: unknown) => {
        connection.close();
        throw translateError(error, what, false);
      });
    const stream = {
      messages: messagesOf<Response>(raw, what, () => this.#dialer.dropToken()),
      write: (request: Request) => void raw.write(request),
      close: () => {
        this.#streams.delete(stream);
        raw.cancel();
        connection.close();
      },
    };
    this.#streams.add(stream);
    if (this.#closed.signal.aborted || signal.aborted) stream.close();
    return stream;
  }
}

async function* messagesOf<Response>(
  raw: AsyncIterable<Response>,
  what: string,
  onTokenRefused: () => void,
): AsyncGenerator<Response> {
  try {
    yield* raw;
  } catch (error) {
    const ours = translateError(error, what, false);
    if (isTokenRefused(ours)) onTokenRefused();
    throw ours;
  }
  throw new EtcdUnavailableError(what, 'stream ended');
}

function closeWhenIdle(shared: Shared): void {
  if (!shared.retired || shared.active > 0) return;
  void shared.connection.then(
    (connection) => connection.close(),
    () => undefined,
  );
}
