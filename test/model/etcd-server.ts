import type {
  Compare,
  KeyValue,
  Op,
  OpResult,
  RangeRequest,
  RangeResult,
  TxnRequest,
  TxnResult,
  WatchEvent,
} from '#libs/etcd';
import { SimEtcd, type SimRevision, type SimSnapshot, type SimWrite } from '#test/sim-etcd';
import type { Production } from './world.ts';

/** What a backup of etcd holds. */
export interface Backup {
  readonly store: SimSnapshot;
  readonly leases: ReadonlySet<string>;
}

/** One etcd: transactions, leases, revisions and their history. Each call is atomic. */
export class EtcdServer {
  readonly store = new SimEtcd();
  #leases = new Set<string>();
  readonly #errors: Pick<Production, 'CompactedError' | 'LeaseNotFoundError'>;
  readonly #onWrite: (events: readonly WatchEvent[]) => void;
  #seen = 1n;

  /** `onWrite` sees what each call changed, before anybody else does. */
  constructor(
    errors: Pick<Production, 'CompactedError' | 'LeaseNotFoundError'>,
    onWrite: (events: readonly WatchEvent[]) => void,
  ) {
    this.#errors = errors;
    this.#onWrite = onWrite;
  }

  get revision(): bigint {
    return this.store.revision;
  }

  range(request: RangeRequest): RangeResult {
    return { revision: this.revision, ...this.#read(request) };
  }

  txn(request: TxnRequest): TxnResult {
    const writes: SimWrite[] = [];
    const results: OpResult[] = [];
    const succeeded = this.#branch(request, writes, results);
    for (const { lease = '0' } of writes) {
      if (lease !== '0' && !this.#leases.has(lease))
        throw new this.#errors.LeaseNotFoundError('txn');
    }
    this.store.txn(writes);
    this.#tell();
    return { succeeded, revision: this.revision, results };
  }

  grant(): string {
    const lease = this.store.grant();
    this.#leases.add(lease);
    return lease;
  }

  hasLease(lease: string): boolean {
    return this.#leases.has(lease);
  }

  /** The lease has run out or was revoked, and its keys go. */
  endLease(lease: string): void {
    if (!this.#leases.delete(lease)) throw new this.#errors.LeaseNotFoundError('leaseRevoke');
    this.store.endLease(lease);
    this.#tell();
  }

  /** Somebody deletes keys with etcdctl. */
  deleteByHand(keys: readonly string[]): void {
    this.store.delete(...keys);
    this.#tell();
  }

  putByHand(key: string, value: string): void {
    this.store.put(key, value);
    this.#tell();
  }

  /** Others, who use etcd for something else, write so many times. */
  othersWrite(count: number): void {
    for (let at = 0; at < count; at += 1) this.store.put('/other', String(at));
    this.#seen = this.revision;
  }

  /** What happened after `revision`; throws CompactedError. */
  after(revision: bigint): readonly SimRevision[] {
    const found = this.store.after(revision);
    if (!found) throw new this.#errors.CompactedError('watch', 'compacted');
    return found;
  }

  backup(): Backup {
    return { store: this.store.snapshot(), leases: new Set(this.#leases) };
  }

  restore({ store, leases }: Backup): void {
    this.store.restore(store);
    this.#leases = new Set(leases);
    this.#seen = this.revision;
  }

  wipe(): void {
    this.store.wipe();
    this.#leases = new Set();
    this.#seen = this.revision;
  }

  #tell(): void {
    if (this.revision === this.#seen) return;
    for (const { events } of this.store.after(this.#seen) ?? []) this.#onWrite(events);
    this.#seen = this.revision;
  }

  /** Collects what the branch that holds writes; etcd lets no key be written twice in one. */
  #branch(request: TxnRequest, writes: SimWrite[], results: OpResult[]): boolean {
    const succeeded = request.compare.every((compare) => this.#holds(compare));
    for (const op of (succeeded ? request.success : request.failure) ?? []) {
      results.push(this.#collect(op, writes));
    }
    return succeeded;
  }

  #collect(op: Op, writes: SimWrite[]): OpResult {
    if ('put' in op) {
      const { key, value, lease } = op.put;
      writes.push({ key, value, ...(lease !== undefined && { lease }) });
      return { kind: 'put' };
    }
    if ('delete' in op) {
      const { key } = op.delete;
      const isThere = this.store.get(key) !== undefined;
      if (isThere) writes.push({ key, value: undefined });
      return { kind: 'delete', deleted: Number(isThere) };
    }
    if ('range' in op) return { kind: 'range', ...this.#read(op.range) };
    const results: OpResult[] = [];
    const succeeded = this.#branch(op.txn, writes, results);
    return { kind: 'txn', succeeded, results };
  }

  #holds(compare: Compare): boolean {
    const found = this.#kvs(compare.key, compare.rangeEnd, undefined);
    return (found.length > 0 ? found : [undefined]).every((kv) => this.#holdsFor(kv, compare));
  }

  #holdsFor(kv: KeyValue | undefined, compare: Compare): boolean {
    switch (compare.target) {
      case 'value':
        return kv !== undefined && isIn(kv.value.compare(Buffer.from(compare.value)), compare.op);
      case 'create':
        return isIn(orderOf(kv?.createRevision ?? 0n, compare.value), compare.op);
      case 'mod':
        return isIn(orderOf(kv?.modRevision ?? 0n, compare.value), compare.op);
      case 'lease':
        return isIn(orderOf(BigInt(kv?.lease ?? 0), BigInt(compare.value)), compare.op);
      default:
        throw new TypeError(`the model's etcd does not compare ${compare.target}`);
    }
  }

  #read({ key, rangeEnd, revision }: RangeRequest): Omit<RangeResult, 'revision'> {
    if (revision !== undefined && (revision < this.store.compacted || revision > this.revision)) {
      throw new this.#errors.CompactedError('range', 'compacted, or not there yet');
    }
    const kvs = this.#kvs(key, rangeEnd, revision);
    return { kvs, count: kvs.length, more: false };
  }

  #kvs(key: string, rangeEnd: string | undefined, revision: bigint | undefined): KeyValue[] {
    if (rangeEnd === undefined) {
      const kv = revision === undefined ? this.store.get(key) : this.store.getAt(key, revision);
      return kv ? [kv] : [];
    }
    const { keys } = revision === undefined ? this.store : this.store.dumpAt(revision);
    const found = [...keys.values()].filter((kv) => kv.key >= key && kv.key < rangeEnd);
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

function orderOf(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

function isIn(order: number, op: Compare['op']): boolean {
  switch (op) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    default:
      return order > 0;
  }
}
