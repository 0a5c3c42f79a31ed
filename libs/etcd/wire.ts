// Between our plain types and the messages of etcd3's raw clients. Reading never throws on content.

import type {
  ICompare,
  IKeyValue,
  IRangeRequest,
  IRequestOp,
  IResponseOp,
  ITxnRequest,
  IWatchResponse,
} from 'etcd3';
import type {
  Compare,
  CompareOp,
  KeyValue,
  LeaseId,
  Op,
  OpResult,
  RangeRequest,
  Revision,
  TxnRequest,
  WatchEvent,
} from './types.ts';

const COMPARE_RESULT = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const;

/** Condition on a value, compared bytewise. False on a missing key, whatever the operator. */
export function compareValue(key: string, op: CompareOp, value: string): Compare {
  return { key, target: 'value', op, value };
}

/** Condition on the revision that created a key; 0 for a missing key. */
export function compareCreate(key: string, op: CompareOp, revision: Revision): Compare {
  return { key, target: 'create', op, value: revision };
}

/** Condition on the revision that last wrote a key; 0 for a missing key. */
export function compareMod(key: string, op: CompareOp, revision: Revision): Compare {
  return { key, target: 'mod', op, value: revision };
}

/** Writes a key. Without a lease a put detaches the key from the lease it had. */
export function put(key: string, value: string, lease?: LeaseId): Op {
  return { put: lease === undefined ? { key, value } : { key, value, lease } };
}

/** Deletes one key; a missing one is no error. */
export function del(key: string): Op {
  return { delete: { key } };
}

/** Reads one key. */
export function get(key: string): Op {
  return { range: { key } };
}

export function toRawRange(request: RangeRequest): IRangeRequest {
  return {
    key: Buffer.from(request.key),
    ...(request.rangeEnd !== undefined && { range_end: Buffer.from(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: request.limit }),
    ...(request.revision !== undefined && { revision: request.revision.toString() }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
  };
}

export function toRawTxn(request: TxnRequest): ITxnRequest {
  return {
    compare: request.compare.map(toRawCompare),
    success: request.success.map(toRawOp),
    failure: (request.failure ?? []).map(toRawOp),
  };
}

/** Whether any branch of a transaction writes. */
export function writes(request: TxnRequest): boolean {
  return [...request.success, ...(request.failure ?? [])].some(
    (op) => 'put' in op || 'delete' in op || ('txn' in op && writes(op.txn)),
  );
}

function toRawCompare(compare: Compare): ICompare {
  const { key, rangeEnd, op } = compare;
  const common = {
    ...{ key: Buffer.from(key), result: COMPARE_RESULT[op] },
    ...(rangeEnd !== undefined && { range_end: Buffer.from(rangeEnd) }),
  };
  switch (compare.target) {
    case 'value':
      return { ...common, target: 'Value', value: Buffer.from(compare.value) };
    case 'create':
      return { ...common, target: 'Create', create_revision: compare.value.toString() };
    case 'mod':
      return { ...common, target: 'Mod', mod_revision: compare.value.toString() };
    case 'version':
      return { ...common, target: 'Version', version: compare.value.toString() };
    default:
      return { ...common, target: 'Lease', lease: compare.value };
  }
}

function toRawOp(op: Op): IRequestOp {
  if ('put' in op) {
    const { key, value, lease } = op.put;
    return {
      request_put: {
        key: Buffer.from(key),
        value: Buffer.from(value),
        ...(lease !== undefined && { lease }),
      },
    };
  }
  if ('delete' in op) {
    const { key, rangeEnd } = op.delete;
    return {
      request_delete_range: {
        key: Buffer.from(key),
        ...(rangeEnd !== undefined && { range_end: Buffer.from(rangeEnd) }),
      },
    };
  }
  if ('range' in op) return { request_range: toRawRange(op.range) };
  return { request_txn: toRawTxn(op.txn) };
}

export function keyValueFromRaw(raw: IKeyValue): KeyValue {
  return {
    key: raw.key.toString('utf8'),
    value: raw.value,
    createRevision: BigInt(raw.create_revision),
    modRevision: BigInt(raw.mod_revision),
    lease: raw.lease,
  };
}

export function opResultFromRaw(raw: IResponseOp): OpResult {
  // With oneofs decoded, only the member that is set is there, whatever the declaration says.
  const answer: Partial<IResponseOp> = raw;
  if (answer.response_range) {
    const { kvs, count, more } = answer.response_range;
    return { kind: 'range', kvs: kvs.map(keyValueFromRaw), count: Number(count), more };
  }
  if (answer.response_delete_range) {
    return { kind: 'delete', deleted: Number(answer.response_delete_range.deleted) };
  }
  if (answer.response_txn) {
    const { succeeded, responses } = answer.response_txn;
    return { kind: 'txn', succeeded, results: responses.map(opResultFromRaw) };
  }
  return { kind: 'put' };
}

/** What one message of a watch stream says. `watch` is the id that its creation asked for. */
export type WatchMessage =
  | { kind: 'created'; watch: number; revision: Revision }
  /** `last`: the rest of the response does not follow in further fragments. */
  | { kind: 'events'; watch: number; events: WatchEvent[]; last: boolean }
  | { kind: 'progress'; revision: Revision }
  | { kind: 'compacted'; watch: number; compactRevision: Revision }
  | { kind: 'canceled'; watch: number; reason: string };

export function watchMessageFromRaw(raw: IWatchResponse): WatchMessage {
  const watch = Number(raw.watch_id);
  const revision = BigInt(raw.header?.revision ?? 0);
  if (raw.canceled) {
    // A refused watch is created and canceled in one message: look at the cancel first.
    const compactRevision = BigInt(raw.compact_revision);
    return compactRevision > 0n
      ? { kind: 'compacted', watch, compactRevision }
      : { kind: 'canceled', watch, reason: raw.cancel_reason };
  }
  if (raw.created) return { kind: 'created', watch, revision };
  if (raw.events.length === 0) return { kind: 'progress', revision };
  const events = raw.events.map(({ type, kv }): WatchEvent => {
    return type === 'Delete'
      ? { type: 'delete', key: kv.key.toString('utf8'), modRevision: BigInt(kv.mod_revision) }
      : { type: 'put', kv: keyValueFromRaw(kv) };
  });
  return { kind: 'events', watch, events, last: !raw.fragment };
}
