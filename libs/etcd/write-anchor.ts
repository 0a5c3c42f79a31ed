import { CompactedError } from './errors.ts';
import type {
  CallOptions,
  Compare,
  EtcdKv,
  Op,
  OpResult,
  Revision,
  TxnRequest,
  TxnResult,
} from './types.ts';

/** The key of a put that a transaction has executed; undefined when it executed none. */
export function writtenKey(
  { success, failure = [] }: Pick<TxnRequest, 'success' | 'failure'>,
  { succeeded, results }: Pick<TxnResult, 'succeeded' | 'results'>,
): string | undefined {
  const branch = succeeded ? success : failure;
  for (const [index, op] of branch.entries()) {
    const key = keyOf(op, results[index]);
    if (key !== undefined) return key;
  }
  return undefined;
}

function keyOf(op: Op, result: OpResult | undefined): string | undefined {
  if ('put' in op) return op.put.key;
  return 'txn' in op && result?.kind === 'txn' ? writtenKey(op.txn, result) : undefined;
}

/** Whether a transaction has executed a delete of this key. */
function deletes(
  { success, failure = [] }: Pick<TxnRequest, 'success' | 'failure'>,
  { succeeded, results }: Pick<TxnResult, 'succeeded' | 'results'>,
  key: string,
): boolean {
  return (succeeded ? success : failure).some((op, index) => {
    if ('delete' in op) return op.delete.key === key;
    const result = results[index];
    return 'txn' in op && result?.kind === 'txn' && deletes(op.txn, result, key);
  });
}

/**
 * Remembers the last write of its owner, and tells whether etcd still has it in its history. An etcd
 * that was restored from a backup and overtaken shows by nothing else that it lost writes.
 */
export class WriteAnchor {
  readonly #isAlone: boolean;
  #last: { key: string; revision: Revision } | undefined;
  #isNewest = false;

  /** `isAlone`: nobody else writes its owner's keys, or deletes them while the owner lives. */
  constructor({ isAlone }: { isAlone: boolean }) {
    this.#isAlone = isAlone;
  }

  /** Takes note of an answered transaction. */
  note(request: TxnRequest, result: TxnResult): void {
    const key = writtenKey(request, result);
    if (key !== undefined) this.wrote(key, result.revision);
    else if (this.#last && deletes(request, result, this.#last.key)) this.forget();
  }

  /** Takes note of a put of `key` that etcd answered with `revision`. */
  wrote(key: string, revision: Revision): void {
    this.#last = { key, revision };
    this.#isNewest = true;
  }

  /** A later write of the same key may stand in its place: its answer was lost. */
  mayBeOverwritten(): void {
    this.#isNewest = false;
  }

  /**
   * Conditions that the last write still stands, for the next one: a write that goes out before anybody
   * noticed a restore would otherwise hide what was lost. For an owner that is alone.
   */
  guard(): Compare[] {
    if (!this.#last || !this.#isNewest) return [];
    const { key, revision: value } = this.#last;
    return [{ key, target: 'mod', op: '=', value }];
  }

  /** What was written belongs to a history that is over. */
  forget(): void {
    this.#last = undefined;
  }

  /**
   * Whether the last write is not in etcd's history any more. False also when that cannot be known:
   * nothing was written, or it was compacted away and the key has changed since, or has gone although
   * others may delete it. Throws EtcdErrors.
   */
  async isLost(etcd: Pick<EtcdKv, 'range'>, options: CallOptions): Promise<boolean> {
    const last = this.#last;
    if (!last) return false;
    const { key, revision } = last;
    try {
      const { kvs } = await etcd.range({ key, revision, keysOnly: true }, options);
      return kvs[0]?.modRevision !== revision;
    } catch (error) {
      // Also said of a revision that etcd has not reached again.
      if (!(error instanceof CompactedError)) throw error;
      const now = await etcd.range({ key, keysOnly: true }, options);
      const mod = now.kvs[0]?.modRevision;
      if (mod === undefined) return this.#isAlone || now.revision < revision;
      return now.revision < revision || mod < revision;
    }
  }
}
