import type { Compare, KeyValue, LeaseId, Op, OpResult, TxnRequest } from '#libs/etcd';
import {
  configGuard,
  configKey,
  decodeConfig,
  EPOCH_KEY,
  encodeConfig,
  fixed20FromValue,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { type ConfigRow, refKey } from '../domain/config-row.ts';
import type { Stored } from '../domain/publish-plan.ts';

// A batch of publications in one transaction: the epoch is compared once, each config guards itself
// in nested transactions, so that a refused one leaves the others alone. "Missing or older" is the
// negation of "there and not older", because a value compare on a missing key is false: that keeps
// the value in one branch only, where the direct form would carry it four times.

/** One config in a batch. */
export interface GuardedItem {
  readonly row: ConfigRow;
  /** Replaces exactly what was seen, whatever it is. */
  readonly overwrite?: Stored;
}

export type ItemOutcome = { kind: 'applied' } | { kind: 'refused'; stored: Stored };

/** Of a value, to know it again: past the digest of one that looks like ours. */
const HEAD_BYTES = 200;
const BYTE_MAX = 0xff;
/** Bytes that an item's keys, compares and framing add to its value: generously counted. */
const ITEM_OVERHEAD_BYTES = 2_048;

/** Bytes that an item takes in a transaction, at most. */
export function sizeOf({ row }: GuardedItem): number {
  // Every UTF-16 unit is at most three bytes of UTF-8, but content is bounded in bytes already.
  const labels = JSON.stringify(row.labels).length * 3;
  return ITEM_OVERHEAD_BYTES + Buffer.byteLength(row.content) + labels;
}

/** The transaction that publishes `items` in `epoch`. Tombstones go under `lease`. */
export function guardedTxn(
  epoch: number,
  items: readonly GuardedItem[],
  lease: LeaseId | undefined,
): TxnRequest {
  return {
    compare: [{ key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) }],
    success: items.map((item) => ({ txn: guard(item, write(item.row, lease)) })),
    failure: [{ range: { key: EPOCH_KEY } }],
  };
}

function write(row: ConfigRow, lease: LeaseId | undefined): Op[] {
  const config = configKey(row.env, row.id);
  const tombstone = tombstoneKey(row.env, row.id);
  if (!row.deleted) {
    return [{ put: { key: config, value: valueOf(row) } }, { delete: { key: tombstone } }];
  }
  if (lease === undefined) throw new TypeError('a tombstone needs a lease');
  const value = toFixed20(row.generation);
  return [{ delete: { key: config } }, { put: { key: tombstone, value, lease } }];
}

/** What stands in etcd for a live row. */
export function valueOf(row: ConfigRow): string {
  const { acceptedAt, createdAt } = row;
  const times = { acceptedAt: acceptedAt.toISOString(), createdAt: createdAt.toISOString() };
  return encodeConfig({ ...row, ...times });
}

function guard({ row, overwrite }: GuardedItem, writes: Op[]): TxnRequest {
  const config = configKey(row.env, row.id);
  const tombstone = tombstoneKey(row.env, row.id);
  const look: Op[] = [{ range: { key: config } }, { range: { key: tombstone } }];
  if (overwrite) {
    const asSeen = [
      ...isAsSeen(config, overwrite.config),
      ...isAsSeen(tombstone, overwrite.tombstone),
    ];
    return { compare: asSeen, success: writes, failure: look };
  }
  // A canonical value is longer than its guard, so "greater than the guard" is "not older".
  const configStands: Compare = {
    key: config,
    target: 'value',
    op: '>',
    value: configGuard(row.generation),
  };
  const tombstoneStands: Compare = {
    key: tombstone,
    target: 'value',
    op: '>',
    value: toFixed20(row.generation - 1),
  };
  const inner: TxnRequest = { compare: [tombstoneStands], success: look, failure: writes };
  return { compare: [configStands], success: look, failure: [{ txn: inner }] };
}

/** Conditions that a key still is what was seen: missing, or at this revision and with this value. */
function isAsSeen(key: string, seen: { modRevision: bigint; head: Buffer } | undefined): Compare[] {
  const mod: Compare = { key, target: 'mod', op: '=', value: seen?.modRevision ?? 0n };
  if (!seen) return [mod];
  const { head } = seen;
  if (head.length < HEAD_BYTES) return [mod, { key, target: 'value', op: '=', value: head }];
  const begins: Compare = { key, target: 'value', op: '>', value: head.subarray(0, -1) };
  const end = endOf(head);
  return [mod, begins, ...(end ? [{ key, target: 'value', op: '<', value: end } as const] : [])];
}

/** What all values that begin with `head` are below; undefined when nothing is. */
function endOf(head: Buffer): Buffer | undefined {
  const last = head.findLastIndex((byte) => byte < BYTE_MAX);
  if (last < 0) return undefined;
  const end = Buffer.from(head.subarray(0, last + 1));
  end[last] = (end[last] ?? 0) + 1;
  return end;
}

/** What became of an item: its entry in the transaction's results. */
export function outcomeOf(result: OpResult | undefined): ItemOutcome {
  let results = result?.kind === 'txn' ? result.results : [];
  while (results[0]?.kind === 'txn') results = results[0].results;
  const [config, tombstone] = results;
  if (config?.kind !== 'range' || tombstone?.kind !== 'range') return { kind: 'applied' };
  return { kind: 'refused', stored: storedFrom(config.kvs[0], tombstone.kvs[0]) };
}

function storedFrom(config: KeyValue | undefined, tombstone: KeyValue | undefined): Stored {
  return {
    ...(config && { config: { ...seenOf(config), ...canonicalOf(config.value) } }),
    ...(tombstone && {
      tombstone: { ...seenOf(tombstone), ...generationOf(tombstone.value) },
    }),
  };
}

function seenOf({ modRevision, value }: KeyValue) {
  return { modRevision, head: value.subarray(0, HEAD_BYTES) };
}

function canonicalOf(value: Buffer): { canonical?: { generation: number; digest: string } } {
  const decoded = decodeConfig(value);
  if ('foreign' in decoded) return {};
  return { canonical: { generation: decoded.generation, digest: decoded.digest } };
}

function generationOf(value: Buffer): { generation?: number } {
  const generation = fixed20FromValue(value);
  return generation === undefined ? {} : { generation };
}

/** The epoch that a refused transaction found, if there is one. */
export function epochOf(results: readonly OpResult[]): number | undefined {
  const [found] = results;
  const kv = found?.kind === 'range' ? found.kvs[0] : undefined;
  return kv && fixed20FromValue(kv.value);
}

/**
 * The first items that fit into one transaction, each config once, and those that are left. At least
 * one is taken.
 */
export function takeBatch<T extends { readonly item: GuardedItem; readonly bytes: number }>(
  waiting: readonly T[],
  itemsMax: number,
  bytesMax: number,
): { batch: T[]; rest: T[] } {
  const batch: T[] = [];
  const rest: T[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  for (const [at, entry] of waiting.entries()) {
    if (batch.length === itemsMax) return { batch, rest: [...rest, ...waiting.slice(at)] };
    const key = refKey(entry.item.row);
    const fits = bytes + entry.bytes <= bytesMax && !taken.has(key);
    if (batch.length > 0 && !fits) {
      rest.push(entry);
      continue;
    }
    taken.add(key);
    bytes += entry.bytes;
    batch.push(entry);
  }
  return { batch, rest };
}
