import type { KeyValue, WatchEvent } from '#libs/etcd';

/** One key's write inside a transaction; `value` undefined deletes it. */
export interface SimWrite {
  readonly key: string;
  readonly value: Buffer | string | undefined;
  readonly lease?: string;
}

/** Every key of etcd at one revision. */
export interface EtcdDump {
  readonly revision: bigint;
  readonly keys: ReadonlyMap<string, KeyValue>;
}

/** What one transaction changed. */
export interface SimRevision {
  readonly revision: bigint;
  readonly events: readonly WatchEvent[];
}

interface Version {
  readonly revision: bigint;
  /** Undefined: deleted. */
  readonly kv: KeyValue | undefined;
}

/** What `snapshot` keeps. */
export interface SimSnapshot {
  readonly revision: bigint;
  readonly keys: ReadonlyMap<string, KeyValue>;
}

/**
 * A store with etcd's revisions: one for each transaction, the same for all that it changed, and its
 * history until it is compacted, wiped or put back to a snapshot.
 */
export class SimEtcd {
  #revision = 1n;
  #compacted = 0n;
  #timeline = 0;
  #leases = 0;
  #keys = new Map<string, KeyValue>();
  #versions = new Map<string, Version[]>();
  #log: SimRevision[] = [];
  /** What a wipe or a restore took away, by name. */
  readonly #takenAway = new Set<string>();
  /** Whether a key was put or deleted as it once was in a history that is over, at the same revision. */
  hasTwin = false;

  get revision(): bigint {
    return this.#revision;
  }

  /** Changes with each wipe and rewind: revisions of different timelines do not compare. */
  get timeline(): number {
    return this.#timeline;
  }

  get compacted(): bigint {
    return this.#compacted;
  }

  /** The current content. */
  get keys(): ReadonlyMap<string, KeyValue> {
    return this.#keys;
  }

  get(key: string): KeyValue | undefined {
    return this.#keys.get(key);
  }

  text(key: string): string | undefined {
    return this.#keys.get(key)?.value.toString('utf8');
  }

  grant(): string {
    this.#leases += 1;
    return String(7_000 + this.#leases);
  }

  put(key: string, value: Buffer | string, lease = '0'): void {
    this.txn([{ key, value, lease }]);
  }

  delete(...keys: readonly string[]): void {
    this.txn(keys.map((key) => ({ key, value: undefined })));
  }

  /** The lease has ended: its keys go in one revision. */
  endLease(lease: string): void {
    const keys = [...this.#keys.values()].filter((kv) => kv.lease === lease);
    this.delete(...keys.map(({ key }) => key));
  }

  /** All writes at one revision; deletes of missing keys do nothing. No key twice. */
  txn(writes: readonly SimWrite[]): void {
    const real = writes.filter(({ key, value }) => value !== undefined || this.#keys.has(key));
    if (real.length === 0) return;
    this.#revision += 1n;
    const events = real.map((write) => this.#write(write));
    this.#log.push({ revision: this.#revision, events });
  }

  #write({ key, value, lease = '0' }: SimWrite): WatchEvent {
    const revision = this.#revision;
    const history = this.#versions.get(key) ?? [];
    this.#versions.set(key, history);
    if (value === undefined) {
      this.#keys.delete(key);
      history.push({ revision, kv: undefined });
      if (this.#takenAway.has(eventName(key, { revision, kv: undefined }))) this.hasTwin = true;
      return { type: 'delete', key, modRevision: revision };
    }
    const createRevision = this.#keys.get(key)?.createRevision ?? revision;
    const kv = { key, value: Buffer.from(value), createRevision, modRevision: revision, lease };
    if (this.#takenAway.has(eventName(key, { revision, kv }))) this.hasTwin = true;
    this.#keys.set(key, kv);
    history.push({ revision, kv });
    return { type: 'put', kv };
  }

  /** What happened after `revision`, in order; undefined: compacted away. */
  after(revision: bigint): SimRevision[] | undefined {
    if (revision < this.#compacted) return undefined;
    // Who asks is mostly close to the end.
    return this.#log.slice(1 + this.#log.findLastIndex((entry) => entry.revision <= revision));
  }

  /** The content at `revision`, which is not compacted. */
  dumpAt(revision: bigint): EtcdDump {
    const keys = new Map<string, KeyValue>();
    for (const [key, history] of this.#versions) {
      const version = history.findLast((candidate) => candidate.revision <= revision);
      if (version?.kv) keys.set(key, version.kv);
    }
    return { revision, keys };
  }

  /** A key as it was at `revision`, which is not compacted. */
  getAt(key: string, revision: bigint): KeyValue | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.kv;
  }

  compact(): void {
    this.#compacted = this.#revision;
    this.#log = [];
    for (const [key, history] of this.#versions) {
      const last = history.at(-1);
      if (last?.kv) this.#versions.set(key, [last]);
      else this.#versions.delete(key);
    }
  }

  snapshot(): SimSnapshot {
    return { revision: this.#revision, keys: new Map(this.#keys) };
  }

  /** Everything is gone, and revisions begin anew. */
  wipe(): void {
    this.restore({ revision: 1n, keys: new Map() });
  }

  /** Back to the snapshot: content and revision. */
  restore({ revision, keys }: SimSnapshot): void {
    for (const [key, history] of this.#versions) {
      for (const version of history) {
        if (version.revision > revision) this.#takenAway.add(eventName(key, version));
      }
    }
    this.#timeline += 1;
    this.#revision = revision;
    this.#compacted = revision;
    this.#keys = new Map(keys);
    this.#versions = new Map(
      [...keys].map(([key, kv]) => [key, [{ revision: kv.modRevision, kv }]]),
    );
    this.#log = [];
  }
}

function eventName(key: string, { revision, kv }: Version): string {
  return `${revision} ${key} ${kv ? `${kv.createRevision} ${kv.value.toString('latin1')}` : 'deleted'}`;
}
