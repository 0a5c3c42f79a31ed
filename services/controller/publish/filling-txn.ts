import type { Compare, TxnRequest } from '#libs/etcd';
import { configKey, EPOCH_KEY, toFixed20, tombstoneKey } from '#libs/keyspace';
import { type GuardedItem, valueOf } from './guarded-txn.ts';

// What an etcd that lost everything is filled with. Guarding each config costs etcd and us several
// times the put itself; "none of these keys is there" takes two compares of a whole range, because
// etcd compares each key in it, and a key that is there was created after revision 0.

/** Environments of one transaction: each takes two of the 128 compares that etcd allows. */
const ENVS_MAX = 16;

/**
 * The transaction that puts live rows in `epoch` where neither their keys nor any between them exist.
 * It fails as a whole otherwise. Undefined when the items are none of those.
 */
export function fillingTxn(epoch: number, items: readonly GuardedItem[]): TxnRequest | undefined {
  if (items.some(({ row, overwrite }) => row.deleted || overwrite)) return undefined;
  const envs = Map.groupBy(items, ({ row }) => row.env);
  if (envs.size > ENVS_MAX) return undefined;
  const areMissing = [...envs.values()].flatMap((rows) =>
    [configKey, tombstoneKey].map((keyOf) =>
      isEmpty(rows.map(({ row }) => keyOf(row.env, row.id))),
    ),
  );
  return {
    compare: [{ key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) }, ...areMissing],
    success: items.map(({ row }) => ({
      put: { key: configKey(row.env, row.id), value: valueOf(row) },
    })),
    failure: [{ range: { key: EPOCH_KEY } }],
  };
}

/** That no key stands from the lowest of `keys` to the highest. */
function isEmpty(keys: readonly string[]): Compare {
  const sorted = keys.toSorted();
  const [key = ''] = sorted;
  return { key, rangeEnd: `${sorted.at(-1)}\0`, target: 'create', op: '=', value: 0n };
}
