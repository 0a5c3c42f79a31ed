// What the rest of the product sees of etcd: plain values, no client library types.

/** A revision of the etcd store. Never a config's generation. */
export type Revision = bigint;
/** A lease in decimal, '0' for none. */
export type LeaseId = string;

export interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  readonly lease: LeaseId;
}

export interface CallOptions {
  /** Gives up waiting; a write given up has an unknown outcome. */
  signal?: AbortSignal | undefined;
  /** Deadline of the call; 2,000 by default. */
  timeoutMs?: number | undefined;
}

export interface RangeRequest {
  key: string;
  /** Exclusive end; absent: the one key. */
  rangeEnd?: string;
  /** At most this many; 0 or absent: all. */
  limit?: number;
  /** Read as of this revision; absent: the newest, linearizable. */
  revision?: Revision;
  keysOnly?: boolean;
  countOnly?: boolean;
}

export interface RangeResult {
  /** Revision of the store when it answered (not the one asked for). */
  readonly revision: Revision;
  readonly kvs: readonly KeyValue[];
  readonly count: number;
  readonly more: boolean;
}

/**
 * A condition of a transaction. A value compare on a missing key is false, whatever the operator. With
 * `rangeEnd` (exclusive) it has to hold for each key of the range, or for a missing one if there is none.
 */
export type Compare = { rangeEnd?: string } & (
  | { key: string; target: 'value'; op: CompareOp; value: string | Buffer }
  | { key: string; target: 'create' | 'mod' | 'version'; op: CompareOp; value: bigint }
  | { key: string; target: 'lease'; op: CompareOp; value: LeaseId }
);
export type CompareOp = '=' | '!=' | '<' | '>';

export type Op =
  | { put: { key: string; value: string; lease?: LeaseId } }
  | { delete: { key: string; rangeEnd?: string } }
  | { range: RangeRequest }
  | { txn: TxnRequest };

export interface TxnRequest {
  compare: readonly Compare[];
  success: readonly Op[];
  failure?: readonly Op[];
}

export type OpResult =
  | { kind: 'put' }
  | { kind: 'delete'; deleted: number }
  | { kind: 'range'; kvs: readonly KeyValue[]; count: number; more: boolean }
  | { kind: 'txn'; succeeded: boolean; results: readonly OpResult[] };

export interface TxnResult {
  readonly succeeded: boolean;
  /** Revision of the store after the transaction. */
  readonly revision: Revision;
  /** One per operation of the branch that ran. */
  readonly results: readonly OpResult[];
}

/** How a prefix is read in pages. */
export interface PagesOptions {
  /** Revision to read at; that of the first answer when not given. */
  revision?: Revision | undefined;
  /**
   * A key behind `key` that the next page may end before. For each page etcd walks through all keys up to
   * the end of its range, whatever the limit, so that a million keys in ranges of their own are listed in
   * seconds, and in minutes without.
   */
  boundAfter?: ((key: string) => string | undefined) | undefined;
}

/** One page of a list. All pages of a list show the store at one revision. */
export interface Page {
  readonly revision: Revision;
  readonly kvs: readonly KeyValue[];
}

/**
 * Unary calls to etcd, each under a deadline and never repeated by itself. Reads throw
 * EtcdUnavailableError; writes throw OutcomeUnknownError when the answer was lost.
 */
export interface EtcdKv {
  range(request: RangeRequest, options?: CallOptions): Promise<RangeResult>;
  txn(request: TxnRequest, options?: CallOptions): Promise<TxnResult>;
  /** Pages of a prefix (ending in "/") at one revision: `revision`, or the newest. Sized by bytes. */
  list(prefix: string, options?: CallOptions & PagesOptions): AsyncIterable<Page>;
  leaseGrant(ttlSeconds: number, options?: CallOptions): Promise<LeaseId>;
  leaseRevoke(lease: LeaseId, options?: CallOptions): Promise<void>;
}

export type WatchEvent =
  | { type: 'put'; kv: KeyValue }
  | { type: 'delete'; key: string; modRevision: Revision };

/** Takes in one list, page by page. Dropped without `commit` when the list fails half-way. */
export interface SnapshotSink {
  page(kvs: readonly KeyValue[]): void;
  /** See PagesOptions: where a range with many keys may be cut, by what the pages told so far. */
  boundAfter?(key: string): string | undefined;
  /** The pages were the whole content of all prefixes at `revision`. */
  commit(revision: Revision): void;
}

/** Receiver of a list-watch. Its methods are synchronous and do not throw on foreign content. */
export interface ListWatchSink {
  /** A list begins; what came before stays valid until its commit. */
  begin(): SnapshotSink;
  /** Events after the last commit or call, in revision order, whole revisions only. */
  events(events: readonly WatchEvent[], revision: Revision): void;
  /** The watch broke (true: it is up again). Content may be stale in between. */
  connected?(up: boolean): void;
  /** Everything up to this revision has been delivered, although nothing of it may have changed. */
  progress?(revision: Revision): void;
  /** etcd does not have the history that was delivered: it was restored or wiped. A list follows. */
  rewound?(): void;
}
