import type { CallOptions, EtcdKv, Page, RangeRequest, RangeResult, TxnRequest } from '#libs/etcd';
import { prefixEnd } from '#libs/etcd';
import type { Random } from '#test/random';
import type { EtcdServer } from './etcd-server.ts';
import type { Process, Scheduler } from './scheduler.ts';
import type { Production } from './world.ts';

/** Keys in a page of a list: few, so that things happen in between. */
const PAGE_KEYS = 3;

/** What can go wrong on the way to a server. */
export interface Network {
  /** How often a call goes wrong. */
  faultChance: number;
  /** Calls of these processes do not arrive. */
  readonly cut: Set<Process>;
  /** The server does not answer anybody. */
  isEtcdDown: boolean;
  isMysqlDown: boolean;
  /** etcd takes no write of these keys, as it takes none that is too big for it. */
  readonly refusedKeys: Set<string>;
}

/** Why a call fails: refused before it did anything, or not answered. */
interface Failures {
  refused(what: string): Error;
  unknown(what: string): Error;
}

interface Call<T> {
  readonly what: string;
  readonly writes: boolean;
  readonly isDown: () => boolean;
  readonly execute: () => T;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes calls whose answers the scheduler decides about: answered, refused, executed without an answer,
 * or given up and executed late, maybe after the caller's death.
 */
export class Caller {
  readonly #scheduler: Scheduler;
  readonly #network: Network;
  readonly #process: Process;
  readonly #failures: Failures;

  constructor(scheduler: Scheduler, network: Network, process: Process, failures: Failures) {
    this.#scheduler = scheduler;
    this.#network = network;
    this.#process = process;
    this.#failures = failures;
  }

  call<T>({ what, writes, isDown, execute, signal }: Call<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const run = (random: Random) => {
      signal?.removeEventListener('abort', onAbort);
      const { faultChance, cut } = this.#network;
      if (isDown() || cut.has(this.#process)) {
        reject(this.#failures.refused(what));
        return;
      }
      const fault = random.chance(faultChance) ? random.next() : 1;
      if (fault < 0.3) {
        reject(this.#failures.refused(what));
      } else if (fault < 0.55) {
        settle(
          execute,
          () => undefined,
          () => undefined,
        );
        reject(writes ? this.#failures.unknown(what) : this.#failures.refused(what));
      } else if (fault < 1) {
        if (writes) this.#late(what, isDown, execute);
        reject(writes ? this.#failures.unknown(what) : this.#failures.refused(what));
      } else {
        settle(execute, resolve, reject);
      }
    };
    const action = this.#scheduler.call(what, run, this.#process);
    // Given up, but sent: it may still be executed.
    const onAbort = () => {
      action.isDone = true;
      if (writes) this.#late(what, isDown, execute);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  /** On its way to the server, whatever becomes of who sent it. */
  #late(what: string, isDown: () => boolean, execute: () => unknown): void {
    this.#scheduler.callOfNobody(`late ${what}`, () => {
      if (!isDown())
        settle(
          execute,
          () => undefined,
          () => undefined,
        );
    });
  }
}

function settle<T>(
  execute: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(execute());
  } catch (error) {
    reject(error);
  }
}

/** etcd as one process reaches it. */
export class EtcdPort implements EtcdKv {
  readonly #server: EtcdServer;
  readonly #caller: Caller;
  readonly #network: Network;

  constructor(
    deps: { scheduler: Scheduler; network: Network; server: EtcdServer; production: Production },
    process: Process,
  ) {
    const { scheduler, network, server, production } = deps;
    this.#server = server;
    this.#network = network;
    this.#caller = new Caller(scheduler, network, process, {
      refused: (what) => new production.EtcdUnavailableError(what, 'refused'),
      unknown: (what) => new production.OutcomeUnknownError(what, 'lost'),
    });
  }

  /** Names the sockets: an etcd that comes back with another history has ended the ones before. */
  link = '';

  async range(request: RangeRequest, options?: CallOptions) {
    const what = `range ${request.key}`;
    return await this.#call(what, false, () => this.#server.range(request), options);
  }

  async txn(request: TxnRequest, options?: CallOptions) {
    const writes = request.success.some((op) => !('range' in op)) || request.failure !== undefined;
    const what = `txn ${described(request)}`;
    const execute = () => this.#server.txn(request);
    if (this.#isRefused(request)) {
      const isDown = () => true;
      return await this.#caller.call({
        what,
        writes: false,
        isDown,
        execute,
        signal: options?.signal,
      });
    }
    return await this.#call(what, writes, execute, options);
  }

  async *list(
    prefix: string,
    options: CallOptions & { revision?: bigint } = {},
  ): AsyncGenerator<Page> {
    const rangeEnd = prefixEnd(prefix);
    let { revision } = options;
    let key: string | undefined = prefix;
    while (key !== undefined) {
      const request: RangeRequest = { key, rangeEnd, ...(revision !== undefined && { revision }) };
      const found: RangeResult = await this.#call(
        `list ${key}`,
        false,
        () => this.#server.range(request),
        options,
      );
      revision ??= found.revision;
      const at = revision;
      const kvs = found.kvs.slice(0, PAGE_KEYS);
      yield { revision: at, kvs };
      key = found.kvs.length > PAGE_KEYS ? `${kvs.at(-1)?.key}\0` : undefined;
    }
  }

  async leaseGrant(_ttlSeconds: number, options?: CallOptions): Promise<string> {
    return await this.#call('grant', true, () => this.#server.grant(), options);
  }

  async leaseRevoke(lease: string, options?: CallOptions): Promise<void> {
    await this.#call(`revoke ${lease}`, true, () => this.#server.endLease(lease), options);
  }

  #isRefused({ success, failure = [] }: TxnRequest): boolean {
    const { refusedKeys } = this.#network;
    if (refusedKeys.size === 0) return false;
    return [...success, ...failure].some((op) =>
      'txn' in op ? this.#isRefused(op.txn) : 'put' in op && refusedKeys.has(op.put.key),
    );
  }

  async #call<T>(what: string, writes: boolean, execute: () => T, options: CallOptions = {}) {
    const isDown = () => this.#network.isEtcdDown;
    const { signal } = options;
    const { store } = this.#server;
    const overSocket = () => {
      this.link = String(store.timeline);
      return execute();
    };
    return await this.#caller.call({ what, writes, isDown, execute: overSocket, signal });
  }
}

/** The keys that a transaction may write, for the story. */
function described({ success, failure = [] }: TxnRequest): string {
  const keys = [...success, ...failure].flatMap((op): string[] => {
    if ('put' in op) return [`put ${op.put.key} ${op.put.value.slice(0, 60)}`];
    if ('delete' in op) return [`del ${op.delete.key}`];
    return 'txn' in op ? [described(op.txn)] : [];
  });
  return keys.join('; ');
}
