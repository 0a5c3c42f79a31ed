import { canonicalJson, digestOf, type JsonObject } from '#libs/keyspace';
import type { ConfigRef } from '#services/controller/domain/config-row.ts';
import type { Member } from '#services/controller/domain/roster-plan.ts';
import type { MemberMirror } from '#services/controller/membership/roster-recorder.ts';
import type { PublishedItem, PublishStore } from '#services/controller/publish/publish-store.ts';
import type {
  EpochState,
  EpochStore,
  RowSource,
} from '#services/controller/reconcile/reconcile-ports.ts';
import type { ConfigRecord } from '#services/controller/store/config-record.ts';
import type { WriteCommand, WriteResult } from '#services/controller/store/write-plan.ts';
import type { Caller } from './ports.ts';
import type { Production } from './world.ts';

/** An allocation younger than this is left to its owner. */
const YOUNG_MS = 2_000;

/** What MySQL keeps. Rows are replaced, never changed, so that a copy of the maps is a backup. */
interface Tables {
  readonly rows: Map<string, ConfigRecord>;
  readonly members: Map<string, Member>;
  readonly answers: Map<string, { bodyDigest: string; row: ConfigRecord; changed: boolean }>;
  epoch: number;
  allocatedAtMs: number;
  highWaterRevision: bigint;
  liveRows: number;
  generationBase: number;
  stop: EpochState['stop'];
}

/** Told of every generation that is committed, whoever raised it. */
export type OnCommit = (row: ConfigRecord, cause: 'write' | 'heal' | 'lift') => void;

/** One MySQL. Each method is one transaction. */
export class MysqlServer {
  readonly #production: Production;
  readonly #now: () => number;
  readonly #onCommit: OnCommit;
  readonly #onMember: (env: string, name: string) => void;
  #tables: Tables = {
    ...{ rows: new Map(), members: new Map(), answers: new Map() },
    ...{ epoch: 0, allocatedAtMs: Number.NEGATIVE_INFINITY, highWaterRevision: 0n },
    ...{ liveRows: 0, generationBase: 0, stop: undefined },
  };

  constructor(
    production: Production,
    now: () => number,
    told: { onCommit: OnCommit; onMember: (env: string, name: string) => void },
  ) {
    this.#production = production;
    this.#now = now;
    this.#onCommit = told.onCommit;
    this.#onMember = told.onMember;
  }

  get rows(): ReadonlyMap<string, ConfigRecord> {
    return this.#tables.rows;
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#tables.members;
  }

  get epoch(): number {
    return this.#tables.epoch;
  }

  get generationBase(): number {
    return this.#tables.generationBase;
  }

  get stop(): EpochState['stop'] {
    return this.#tables.stop;
  }

  backup(): Tables {
    const { rows, members, answers } = this.#tables;
    return {
      ...this.#tables,
      rows: new Map(rows),
      members: new Map(members),
      answers: new Map(answers),
    };
  }

  restore(backup: Tables): void {
    const { rows, members, answers } = backup;
    this.#tables = {
      ...backup,
      rows: new Map(rows),
      members: new Map(members),
      answers: new Map(answers),
    };
  }

  write(command: WriteCommand): WriteResult | undefined {
    const { rows, answers, generationBase } = this.#tables;
    const now = new Date(this.#now());
    const plan = this.#production.planBatch([command], { rows, answers, now, generationBase });
    for (const [id, answer] of plan.answers) answers.set(id, answer);
    for (const row of plan.generations) {
      rows.set(keyOf(row), row);
      this.#onCommit(row, 'write');
    }
    return plan.results[0];
  }

  dirty({ epoch, olderThanMs, limit }: Parameters<PublishStore['dirty']>[0]): ConfigRef[] {
    const before = this.#now() - olderThanMs;
    return [...this.#tables.rows.values()]
      .filter(
        (row) =>
          row.acceptedAt.getTime() <= before &&
          (row.publishedGeneration < row.generation || row.publishedEpoch < epoch),
      )
      .slice(0, limit);
  }

  markPublished(items: readonly PublishedItem[], epoch: number): void {
    for (const { env, id, generation } of items) {
      const row = this.#tables.rows.get(`${env}/${id}`);
      if (!row || row.publishedEpoch > epoch) continue;
      const isNewer = row.publishedEpoch < epoch || row.publishedGeneration < generation;
      if (isNewer) this.#put({ ...row, publishedEpoch: epoch, publishedGeneration: generation });
    }
  }

  heal(env: string, id: string, above: number): ConfigRecord | undefined {
    const row = this.#tables.rows.get(`${env}/${id}`);
    if (!row || row.generation > above) return row;
    return this.#raise(row, above + 1, 'heal');
  }

  liftRows(base: number): number {
    const low = [...this.#tables.rows.values()].filter((row) => row.generation <= base);
    for (const row of low) this.#raise(row, base + 1, 'lift');
    return low.length;
  }

  scan(after: ConfigRef | undefined, limit: number): ConfigRecord[] {
    const from = after && keyOf(after);
    return [...this.#tables.rows.entries()]
      .filter(([key]) => from === undefined || key > from)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([, row]) => row);
  }

  readState(): EpochState {
    const { epoch, highWaterRevision, liveRows, generationBase, stop } = this.#tables;
    return { epoch, highWaterRevision, liveRows, generationBase, stop };
  }

  allocate(above: number): { allocated: number } | { young: true } {
    const tables = this.#tables;
    if (Math.abs(this.#now() - tables.allocatedAtMs) < YOUNG_MS) return { young: true };
    tables.epoch = Math.max(tables.epoch, above) + 1;
    tables.allocatedAtMs = this.#now();
    tables.highWaterRevision = 0n;
    return { allocated: tables.epoch };
  }

  markReady({ epoch, highWaterRevision, liveRows }: Parameters<EpochStore['markReady']>[0]): void {
    const tables = this.#tables;
    tables.stop = undefined;
    if (epoch !== tables.epoch) return;
    tables.liveRows = liveRows;
    if (highWaterRevision > tables.highWaterRevision) tables.highWaterRevision = highWaterRevision;
  }

  markStopped({ liveRows, liveRowsBefore }: Parameters<EpochStore['markStopped']>[0]): void {
    if (liveRowsBefore !== this.#tables.liveRows) return;
    this.#tables.stop = { liveRows, liveRowsBefore, confirmedLiveRows: undefined };
  }

  /** An operator accepts the loss of rows that stopped the passes. */
  confirmLoss(): void {
    const { stop } = this.#tables;
    if (stop) this.#tables.stop = { ...stop, confirmedLiveRows: stop.liveRows };
  }

  raiseGenerationBase(base: number): void {
    this.#tables.generationBase = Math.max(this.#tables.generationBase, base);
  }

  /** Changes a member if `change` says how; tells whether it did. */
  changeMember(
    { env, name }: { env: string; name: string },
    change: (row: Member | undefined) => Member | undefined,
  ): Member | undefined {
    const { members } = this.#tables;
    const changed = change(members.get(`${env}/${name}`));
    if (changed) {
      members.set(`${env}/${name}`, changed);
      this.#onMember(env, name);
    }
    return changed;
  }

  #raise(row: ConfigRecord, generation: number, cause: 'heal' | 'lift'): ConfigRecord {
    const wasClean = row.deleted && row.publishedGeneration >= row.generation;
    const acceptedAt = row.deleted && cause === 'lift' ? row.acceptedAt : new Date(this.#now());
    const published =
      cause === 'lift' && wasClean ? { publishedEpoch: 0, publishedGeneration: generation } : {};
    const raised = { ...row, generation, acceptedAt, ...published };
    this.#put(raised);
    this.#onCommit(raised, cause);
    return raised;
  }

  #put(row: ConfigRecord): void {
    this.#tables.rows.set(keyOf(row), row);
  }
}

/** MySQL as one controller reaches it. */
export class MysqlPort implements PublishStore, RowSource {
  readonly #server: MysqlServer;
  readonly #caller: Caller;
  readonly #isDown: () => boolean;
  readonly #now: () => number;

  constructor(server: MysqlServer, caller: Caller, isDown: () => boolean, now: () => number) {
    this.#server = server;
    this.#caller = caller;
    this.#isDown = isDown;
    this.#now = now;
  }

  async write(command: WriteCommand): Promise<WriteResult | undefined> {
    const what = `commit ${command.kind} ${keyOf(command)}`;
    return await this.#call(what, () => this.#server.write(command));
  }

  async get(env: string, id: string): Promise<ConfigRecord | undefined> {
    return await this.#call(
      `select ${env}/${id}`,
      () => this.#server.rows.get(`${env}/${id}`),
      false,
    );
  }

  async dirty(query: Parameters<PublishStore['dirty']>[0]): Promise<ConfigRef[]> {
    return await this.#call('select dirty', () => this.#server.dirty(query), false);
  }

  async markPublished(items: readonly PublishedItem[], epoch: number): Promise<void> {
    await this.#call('mark published', () => this.#server.markPublished(items, epoch));
  }

  async heal(env: string, id: string, above: number): Promise<ConfigRecord | undefined> {
    return await this.#call(`heal ${env}/${id}`, () => this.#server.heal(env, id, above));
  }

  async liftRows(base: number): Promise<number> {
    return await this.#call('lift', () => this.#server.liftRows(base));
  }

  async scan(after: ConfigRef | undefined, limit: number): Promise<ConfigRecord[]> {
    return await this.#call('scan', () => this.#server.scan(after, limit), false);
  }

  readonly epochs: EpochStore = {
    read: async () => await this.#call('read etcd_state', () => this.#server.readState(), false),
    allocate: async (above) => await this.#call('allocate', () => this.#server.allocate(above)),
    markReady: async (pass) => await this.#call('mark ready', () => this.#server.markReady(pass)),
    markStopped: async (found) => await this.#call('stop', () => this.#server.markStopped(found)),
  };

  readonly members: MemberMirror = {
    list: async () =>
      await this.#call(
        'select members',
        () => {
          const readAt = new Date(this.#now());
          return [...this.#server.members.values()].map((row) => ({ ...row, readAt }));
        },
        false,
      ),
    joined: async ({ env, name, instance, joinedAt }) =>
      await this.#change('joined', { env, name }, (row) => {
        const isSame = row && !row.leftAt && row.instance === instance && row.joinedAt === joinedAt;
        const fresh = { env, name, instance, joinedAt, lostSince: null, leftAt: null };
        return isSame ? undefined : { ...fresh, forgotten: false };
      }),
    left: async (env, name) =>
      await this.#change('left', { env, name }, (row) =>
        row && (!row.leftAt || row.forgotten)
          ? { ...row, leftAt: row.leftAt ?? this.#date(), lostSince: null, forgotten: false }
          : undefined,
      ),
    lost: async (env, name) => {
      const since = this.#date();
      const changed = await this.#change('lost', { env, name }, (row) =>
        row && !row.lostSince && !row.leftAt ? { ...row, lostSince: since } : undefined,
      );
      return changed ? since : undefined;
    },
    forgotten: async (env, name, at) =>
      await this.#change('forgotten', { env, name }, (row) =>
        row && !(row.leftAt && row.forgotten)
          ? { ...row, leftAt: at, lostSince: null, forgotten: true }
          : undefined,
      ),
    back: async (env, name) =>
      await this.#change('back', { env, name }, (row) =>
        row?.lostSince ? { ...row, lostSince: null } : undefined,
      ),
  };

  #date(): Date {
    return new Date(this.#now());
  }

  async #change(
    what: string,
    ref: { env: string; name: string },
    change: (row: Member | undefined) => Member | undefined,
  ): Promise<boolean> {
    const call = () => this.#server.changeMember(ref, change) !== undefined;
    return await this.#call(`member ${what} ${ref.env}/${ref.name}`, call);
  }

  async #call<T>(what: string, execute: () => T, writes = true): Promise<T> {
    return await this.#caller.call({
      what: `mysql: ${what}`,
      writes,
      isDown: this.#isDown,
      execute,
    });
  }
}

/** A Set or a Delete as the API hands it over. */
export function commandOf(
  kind: 'set' | 'delete',
  { env, id }: ConfigRef,
  { content, requestId }: { content: JsonObject; requestId: string },
): WriteCommand {
  const text = canonicalJson(content);
  const shared = {
    ...{ env, id, requestId, isRetryable: true, bodyDigest: requestId },
    ...{ actor: 'model', note: '', traceparent: '' },
  };
  if (kind === 'delete') return { kind, ...shared };
  const rest = { labels: {}, completionPolicy: 'APPLIED' } as const;
  return { kind, ...shared, content: text, digest: digestOf(text, 'APPLIED'), ...rest };
}

function keyOf({ env, id }: ConfigRef): string {
  return `${env}/${id}`;
}
