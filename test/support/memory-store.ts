// MySQL as the controller's data path sees it, in memory: for tests of etcd's side, with one store
// shared by several controllers.

import { canonicalJson, digestOf } from '#libs/keyspace';
import type { ConfigRef, ConfigRow } from '#services/controller/domain/config-row.ts';
import type { Member } from '#services/controller/domain/roster-plan.ts';
import type { MemberMirror } from '#services/controller/membership/roster-recorder.ts';
import type { PublishedItem, PublishStore } from '#services/controller/publish/publish-store.ts';
import type {
  EpochState,
  EpochStore,
  RowSource,
} from '#services/controller/reconcile/reconcile-ports.ts';

/** As in MySQL: a younger allocation is left to its owner. */
const ALLOCATION_YOUNG_MS = 2_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The rows, the epoch and the members of one imagined MySQL. */
export class MemoryStore implements PublishStore, RowSource {
  readonly rows = new Map<string, Mutable<ConfigRow>>();
  readonly members = new MemoryMembers();
  readonly epochs = new MemoryEpochs();
  heals = 0;

  /** Accepts a config or, with `undefined`, its delete; returns the row. */
  set(env: string, id: string, config: object | undefined): ConfigRow {
    const key = `${env}/${id}`;
    const before = this.rows.get(key);
    const content = config ? canonicalJson(config) : (before?.content ?? '{}');
    const now = new Date();
    const row = {
      env,
      id,
      generation: (before?.generation ?? 0) + 1,
      publishedEpoch: before?.publishedEpoch ?? 0,
      publishedGeneration: before?.publishedGeneration ?? 0,
      content,
      digest: digestOf(content, 'APPLIED'),
      labels: {},
      completionPolicy: 'APPLIED' as const,
      acceptedAt: now,
      createdAt: before && !before.deleted ? before.createdAt : now,
      traceparent: '',
      deleted: config === undefined,
    };
    this.rows.set(key, row);
    return { ...row };
  }

  async get(env: string, id: string): Promise<ConfigRow | undefined> {
    await turn();
    const row = this.rows.get(`${env}/${id}`);
    return row && { ...row };
  }

  async dirty(query: { epoch: number; olderThanMs: number; limit: number }): Promise<ConfigRef[]> {
    await turn();
    const before = Date.now() - query.olderThanMs;
    return [...this.rows.values()]
      .filter(
        (row) =>
          row.acceptedAt.getTime() < before &&
          (row.publishedGeneration < row.generation || row.publishedEpoch < query.epoch),
      )
      .slice(0, query.limit);
  }

  async markPublished(items: readonly PublishedItem[], epoch: number): Promise<void> {
    await turn();
    for (const { env, id, generation } of items) {
      const row = this.rows.get(`${env}/${id}`);
      if (!row) continue;
      row.publishedEpoch = epoch;
      row.publishedGeneration = Math.max(row.publishedGeneration, generation);
    }
  }

  async heal(env: string, id: string, aboveGeneration: number): Promise<ConfigRow | undefined> {
    await turn();
    const row = this.rows.get(`${env}/${id}`);
    if (row && row.generation <= aboveGeneration) {
      row.generation = aboveGeneration + 1;
      this.heals += 1;
    }
    return row && { ...row };
  }

  async liftRows(base: number): Promise<number> {
    await turn();
    const low = [...this.rows.values()].filter((row) => row.generation <= base);
    for (const row of low) row.generation = base + 1;
    return low.length;
  }

  async scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRow[]> {
    await turn();
    const from = after && `${after.env}/${after.id}`;
    return [...this.rows.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .filter(([key]) => from === undefined || key > from)
      .slice(0, limit)
      .map(([, row]) => ({ ...row }));
  }
}

class MemoryEpochs implements EpochStore {
  epoch = 0;
  allocatedAtMs = Number.NEGATIVE_INFINITY;
  highWaterRevision = 0n;
  liveRows = 0;
  generationBase = 0;
  stop: EpochState['stop'];
  state: 'READY' | 'REBUILDING' = 'REBUILDING';

  async read() {
    await turn();
    const { epoch, highWaterRevision, liveRows, generationBase, stop } = this;
    return { epoch, highWaterRevision, liveRows, generationBase, stop };
  }

  async allocate(above: number): Promise<{ allocated: number } | { young: true }> {
    await turn();
    if (performance.now() - this.allocatedAtMs < ALLOCATION_YOUNG_MS) return { young: true };
    this.epoch = Math.max(this.epoch, above) + 1;
    this.allocatedAtMs = performance.now();
    this.highWaterRevision = 0n;
    this.state = 'REBUILDING';
    return { allocated: this.epoch };
  }

  async markReady(pass: { epoch: number; highWaterRevision: bigint; liveRows: number }) {
    await turn();
    if (pass.epoch !== this.epoch) return;
    this.state = 'READY';
    this.liveRows = pass.liveRows;
    this.stop = undefined;
    if (pass.highWaterRevision > this.highWaterRevision) {
      this.highWaterRevision = pass.highWaterRevision;
    }
  }

  async markStopped(found: { liveRows: number; liveRowsBefore: number }): Promise<void> {
    await turn();
    if (found.liveRowsBefore !== this.liveRows) return;
    this.stop = { ...found, confirmedLiveRows: this.stop?.confirmedLiveRows };
  }
}

class MemoryMembers implements MemberMirror {
  readonly rows = new Map<string, Mutable<Member>>();

  async list(): Promise<Member[]> {
    await turn();
    return [...this.rows.values()].map((row) => ({ ...row, readAt: new Date() }));
  }

  async joined(member: { env: string; name: string; instance: string; joinedAt: string }) {
    await turn();
    const { env, name, instance, joinedAt } = member;
    this.rows.set(`${env}/${name}`, { env, name, instance, joinedAt });
    return true;
  }

  async left(env: string, name: string): Promise<boolean> {
    return await this.#change(env, name, (row) => {
      row.leftAt ??= new Date();
    });
  }

  async forgotten(env: string, name: string, at: Date): Promise<boolean> {
    return await this.#change(env, name, (row) => {
      Object.assign(row, { leftAt: at, lostSince: null, forgotten: true });
    });
  }

  async lost(env: string, name: string): Promise<Date | undefined> {
    const since = new Date();
    await this.#change(env, name, (row) => {
      row.lostSince ??= since;
    });
    return since;
  }

  async back(env: string, name: string): Promise<boolean> {
    return await this.#change(env, name, (row) => {
      row.lostSince = null;
    });
  }

  async #change(env: string, name: string, change: (row: Mutable<Member>) => void) {
    await turn();
    const row = this.rows.get(`${env}/${name}`);
    if (row) change(row);
    return row !== undefined;
  }
}

/** A round trip: everything else that is due comes first. */
async function turn(): Promise<void> {
  await new Promise(setImmediate);
}
