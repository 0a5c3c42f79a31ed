import type { EtcdKv } from '#libs/etcd';
import { EPOCH_KEY, fixed20FromValue } from '#libs/keyspace';
import { type Clock, deadlineSignal, raceSignal, systemClock } from '#libs/lifecycle';
import { counter, type Logger, withSpan } from '#libs/telemetry';
import type { ConfigRef, ConfigRow } from '../domain/config-row.ts';
import { mustHeal, planRefused } from '../domain/publish-plan.ts';
import type { GuardedItem, ItemOutcome } from './guarded-txn.ts';
import { PublishBatcher } from './publish-batcher.ts';
import { PublishMarks } from './publish-marks.ts';
import type { PublishStore } from './publish-store.ts';
import { TombstoneLease } from './tombstone-lease.ts';

/** Rounds of one publication: it loses a round only to another writer of the same config. */
const ROUNDS_MAX = 6;
/** Traces that one transaction after another follows from; a span holds no more. */
const LINKS_MAX = 128;
/** Deadline of reading the epoch. */
const CALL_TIMEOUT_MS = 1_000;

export type PublishResult =
  /** etcd holds this generation, or a newer one, at `revision` of `epoch`. */
  | { state: 'PUBLISHED'; epoch: number; revision: bigint }
  /** The row stays dirty: a later scan publishes it. `reason` is for logs. */
  | { state: 'PENDING'; reason: string };

export interface PublishOptions {
  signal?: AbortSignal;
  /** Budget of the whole call; the work goes on behind it. */
  timeoutMs: number;
  /**
   * The committed row, only together with the epoch that was known before it was read or written. Never
   * the stored answer of an earlier call: that may be older than a delete which etcd has forgotten.
   */
  row?: ConfigRow;
  epoch?: number | undefined;
}

export interface PublishAllOptions {
  /** Known before the rows were read. */
  epoch: number;
  signal: AbortSignal;
  /** Budget of each row that has to be looked at by itself. */
  timeoutMs: number;
  intoEmpty: boolean;
}

export interface PublisherDeps {
  etcd: Pick<EtcdKv, 'txn' | 'range' | 'leaseGrant'>;
  store: PublishStore;
  log: Logger;
  clock?: Clock;
  /** The epoch as watched, if it is known. A stale one is safe: etcd compares it. */
  watchedEpoch?: () => number | undefined;
  /** Told when etcd turns out to have another epoch than was believed, or none. */
  onOtherEpoch?: () => void;
}

const publications = counter('rollcall_publications', 'Publications to etcd, by result');
const healed = counter(
  'rollcall_healed_generations',
  'Rows lifted above what etcd holds: MySQL has lost commits',
);
const foreignReplaced = counter('rollcall_foreign_replaced', 'Foreign values replaced in etcd');

/**
 * Brings rows into etcd. Any process may publish any row at any time: what is stale is refused by etcd
 * itself. Disposal waits for the records of what was published.
 */
export class Publisher implements AsyncDisposable {
  readonly #deps: PublisherDeps;
  readonly #batcher: PublishBatcher;
  readonly #marks: PublishMarks;
  #learnedEpoch: number | undefined;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
    const lease = new TombstoneLease({ etcd: deps.etcd, clock: deps.clock ?? systemClock });
    this.#batcher = new PublishBatcher({ etcd: deps.etcd, lease });
    this.#marks = new PublishMarks(deps);
  }

  /** The newest epoch that is known without asking. Take it before the row is read or written. */
  currentEpoch(): number | undefined {
    const watched = this.#deps.watchedEpoch?.();
    if (watched === undefined) return this.#learnedEpoch;
    return Math.max(watched, this.#learnedEpoch ?? 0);
  }

  /** The epoch in etcd, read linearizably; undefined when there is none. Throws when etcd is away. */
  async readEpoch(signal?: AbortSignal): Promise<number | undefined> {
    const request = { key: EPOCH_KEY };
    const found = await this.#deps.etcd.range(request, { signal, timeoutMs: CALL_TIMEOUT_MS });
    const [kv] = found.kvs;
    return this.#learn(kv && fixed20FromValue(kv.value));
  }

  /**
   * Publishes a config as MySQL has it. Never rejects for what etcd or MySQL do: then the answer is
   * PENDING. Rejects when `signal` fires.
   */
  async publish(ref: ConfigRef, options: PublishOptions): Promise<PublishResult> {
    using deadline = deadlineSignal(options.signal, options.timeoutMs);
    try {
      const result = await raceSignal(this.#rounds(ref, options, deadline.signal), deadline.signal);
      publications(1, { result: result.state });
      return result;
    } catch (error) {
      options.signal?.throwIfAborted();
      publications(1, { result: 'PENDING' });
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#deps.log.debug({ env: ref.env, id: ref.id, err: error }, 'publication stays pending');
      return { state: 'PENDING', reason };
    }
  }

  /**
   * Publishes rows that were read after `epoch` was known, as `publish` does each, with less work: least
   * `intoEmpty`, where none of them seems to stand. The number that was published. Rejects when `signal`
   * fires.
   */
  async publishAll(rows: readonly ConfigRow[], options: PublishAllOptions): Promise<number> {
    const { epoch, signal, timeoutMs, intoEmpty } = options;
    if (rows.length === 0) return 0;
    const links = [...new Set(rows.map(({ traceparent }) => traceparent))].slice(0, LINKS_MAX);
    const attributes = { 'rollcall.rows': rows.length };
    return await withSpan('etcd.publish_all', { attributes, links }, async () => {
      const items = rows.map((row) => ({ row }));
      const outcomes = await raceSignal(
        this.#batcher.publishTogether(epoch, items, { intoEmpty }),
        signal,
      );
      const refused: ConfigRow[] = [];
      const errors = new Set<unknown>();
      let published = 0;
      for (const [at, outcome] of outcomes.entries()) {
        const row = rows[at] as ConfigRow;
        if (outcome.kind === 'epoch') this.#learn(outcome.epoch);
        else if (outcome.kind === 'failed') errors.add(outcome.error);
        else if (isDone(row, outcome)) {
          this.#published(row, epoch, outcome.revision);
          published += 1;
        } else refused.push(row);
      }
      for (const err of errors) this.#deps.log.debug({ epoch, err }, 'publications stay pending');
      publications(published, { result: 'PUBLISHED' });
      publications(rows.length - published - refused.length, { result: 'PENDING' });
      // What stands there has a say: each is looked at by itself.
      const looked = refused.map((row) => this.publish(row, { row, epoch, signal, timeoutMs }));
      const results = await Promise.all(looked);
      return published + results.filter(({ state }) => state === 'PUBLISHED').length;
    });
  }

  /** Records rows that were found to stand in etcd in `epoch`, without another look. */
  noteStanding(rows: readonly ConfigRow[], epoch: number): void {
    for (const row of rows) {
      const { env, id, generation, publishedEpoch, publishedGeneration } = row;
      const isRecorded = publishedEpoch === epoch && publishedGeneration === generation;
      if (!isRecorded) this.#marks.add({ env, id, generation }, epoch);
    }
  }

  /** Resolves when every publication so far is recorded in MySQL, or given up. */
  async recorded(): Promise<void> {
    await this.#marks.flushed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#marks[Symbol.asyncDispose]();
  }

  async #rounds(
    ref: ConfigRef,
    options: PublishOptions,
    signal: AbortSignal,
  ): Promise<PublishResult> {
    const known = options.row && options.epoch !== undefined ? options : undefined;
    const epoch = known?.epoch ?? this.currentEpoch() ?? (await this.readEpoch(signal));
    if (epoch === undefined) return { state: 'PENDING', reason: 'etcd has no epoch' };
    // The epoch comes first: a row read before it may be older than a delete of that epoch's etcd.
    const row = known?.row ?? (await this.#deps.store.get(ref.env, ref.id));
    if (!row) return { state: 'PENDING', reason: 'no such config' };
    const { generation, traceparent } = row;
    const attributes = {
      ...{ 'rollcall.env': ref.env, 'rollcall.id': ref.id },
      'rollcall.generation': generation,
    };
    // Behind a call it is that call's child; behind a scan only the link tells whose write it is.
    const links = traceparent === '' ? [] : [traceparent];
    return await withSpan('etcd.publish', { attributes, links }, () =>
      this.#bring(row, epoch, signal),
    );
  }

  async #bring(row: ConfigRow, epoch: number, signal: AbortSignal): Promise<PublishResult> {
    let item: GuardedItem | undefined = { row };
    for (let round = 0; item && round < ROUNDS_MAX; round += 1) {
      signal.throwIfAborted();
      const step = await this.#round(epoch, item);
      if ('state' in step) return step;
      item = step.next;
    }
    return { state: 'PENDING', reason: 'other writers were faster' };
  }

  async #round(
    epoch: number,
    item: GuardedItem,
  ): Promise<PublishResult | { next: GuardedItem | undefined }> {
    const { row } = item;
    const outcome = await this.#batcher.publish(epoch, item);
    if (outcome.kind === 'epoch') {
      this.#learn(outcome.epoch);
      return { state: 'PENDING', reason: 'etcd has another epoch' };
    }
    const { revision } = outcome;
    if (outcome.kind === 'applied') {
      if (item.overwrite) this.#noteForeign(row);
      return this.#published(row, epoch, revision);
    }
    const plan = planRefused(row, outcome.stored);
    switch (plan.kind) {
      case 'done':
        return this.#published(row, epoch, revision);
      case 'overwrite':
        return { next: { row, overwrite: plan.seen } };
      case 'reread':
        return { next: await this.#reread(row, plan.seen) };
      default:
        throw new TypeError('no such plan');
    }
  }

  /** The row again: another writer's newer one, or lifted when MySQL itself has lost commits. */
  async #reread(tried: ConfigRow, seen: number): Promise<GuardedItem | undefined> {
    const { store, log } = this.#deps;
    const row = await store.get(tried.env, tried.id);
    if (!row) return undefined;
    if (!mustHeal(tried, row, seen)) return { row };
    healed();
    const { env, id, generation } = row;
    log.error({ env, id, generation, seen }, 'mysql is behind etcd: lifting the generation');
    const lifted = await store.heal(env, id, seen);
    return lifted && { row: lifted };
  }

  #learn(epoch: number | undefined): number | undefined {
    const isOther = epoch === undefined || epoch !== (this.#learnedEpoch ?? epoch);
    this.#learnedEpoch = epoch;
    if (isOther || epoch !== this.currentEpoch()) this.#deps.onOtherEpoch?.();
    return epoch;
  }

  #published(row: ConfigRow, epoch: number, revision: bigint): PublishResult {
    const { env, id, generation } = row;
    this.#marks.add({ env, id, generation }, epoch);
    return { state: 'PUBLISHED', epoch, revision };
  }

  #noteForeign({ env, id, generation }: ConfigRow): void {
    foreignReplaced();
    this.#deps.log.warn({ env, id, generation }, 'a foreign value was replaced');
  }
}

/** Whether etcd says what the row says, written now or by another controller before. */
function isDone(row: ConfigRow, outcome: ItemOutcome): boolean {
  return outcome.kind === 'applied' || planRefused(row, outcome.stored).kind === 'done';
}
