/** A key of etcd with its value, as lists and watches give it. */
export interface ViewKeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly modRevision: bigint;
  /** In decimal, '0' for none. */
  readonly lease: string;
}

/** One change of etcd. */
export type ViewEvent =
  | { type: 'put'; kv: ViewKeyValue }
  | { type: 'delete'; key: string; modRevision: bigint };
