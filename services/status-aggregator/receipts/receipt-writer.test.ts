import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MysqlStatementError, MysqlUnavailableError } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { Accepted } from '../domain/facts.ts';
import {
  a,
  acceptedRow,
  b,
  bothDone,
  bothJoined,
  viewOf,
} from '../domain/testing/completion-case.ts';
import { Story } from '../domain/testing/story.ts';
import { View } from '../domain/view.ts';
import type { Receipt } from './receipt.ts';
import { ReceiptQueue } from './receipt-queue.ts';
import { keyOfReceipt, type ReceiptKey } from './receipt-store.ts';
import { ReceiptWriter } from './receipt-writer.ts';

/** A table of receipts, for any number of writers. */
class Table {
  readonly rows = new Map<string, Receipt>();
  /** Thrown by the next inserts, in order. */
  readonly failures: Error[] = [];
  inserts = 0;
  minAgents = 1;
  row: Accepted | undefined;
  #waiting: (() => void)[] = [];

  insert(receipts: readonly Receipt[]): void {
    this.inserts += 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    for (const receipt of receipts) {
      const key = keyOfReceipt(receipt);
      if (!this.rows.has(key)) this.rows.set(key, receipt);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  authors(keys: readonly ReceiptKey[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const key of keys.map(keyOfReceipt)) {
      const row = this.rows.get(key);
      if (row) found.set(key, row.writtenBy);
    }
    return found;
  }

  /** Resolves once there are so many rows. */
  async until(count: number): Promise<void> {
    while (this.rows.size < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

interface Bench {
  readonly writer: ReceiptWriter;
  readonly told: Receipt[];
  view: View;
  unknownReason: string | undefined;
  /** Runs the writer until so many rows are there; with none, for its last write alone. */
  run(rows?: number): Promise<void>;
}

function benchOn(
  table: Table,
  view: View,
  { name = 'one', queue }: { name?: string; queue?: ReceiptQueue } = {},
): Bench {
  const told: Receipt[] = [];
  const bench: Bench = {
    ...{ told, view, unknownReason: undefined },
    writer: new ReceiptWriter({
      name,
      view: () => bench.view,
      unknownReason: () => bench.unknownReason,
      store: {
        insert: async (receipts) => table.insert(receipts),
        authors: async (keys) => table.authors(keys),
      },
      reader: {
        read: async () => ({
          ...{ known: true, accepted: () => table.row },
          minAgents: () => table.minAgents,
        }),
      },
      onReceipt: (receipt) => told.push(receipt),
      clock: { now: () => 5_000, monotonicMs: () => 0 },
      log: silentLog,
      random: () => 0,
      ...(queue && { queue }),
    }),
    run: async (rows = 0) => {
      const stop = new AbortController();
      const running = bench.writer.run(stop.signal);
      await table.until(rows);
      stop.abort();
      await running;
    },
  };
  return bench;
}

const complete = () => viewOf(bothDone(new Story().ready()));
const away = () => new MysqlUnavailableError('away');

test('any number of writers make one row, and one of them tells of it', async () => {
  const table = new Table();
  const benches = ['one', 'two', 'three'].map((name) => benchOn(table, complete(), { name }));
  for (const { writer } of benches) writer.changedAll();
  await Promise.all(benches.map((bench) => bench.run(1)));
  assert.equal(table.rows.size, 1);
  const [row] = table.rows.values();
  assert.deepEqual(
    benches.flatMap(({ told }) => told.map(({ writtenBy }) => writtenBy)),
    [row?.writtenBy],
  );
});

test('a receipt is written once, however often its config is touched', async () => {
  const table = new Table();
  const story = bothDone(new Story().ready());
  const bench = benchOn(table, viewOf(story));
  bench.writer.changedAll();
  await bench.run(1);
  story.take();
  bench.writer.changed(bench.view.apply(story.report(a, 'web', 1).take(), story.revision, 2));
  bench.writer.changedAll();
  await bench.run();
  assert.equal(table.inserts, 1);
});

test('it waits while MySQL is away, and says what was so at its moment', async () => {
  const table = new Table();
  table.failures.push(away(), away());
  const story = bothDone(new Story().ready());
  const bench = benchOn(table, viewOf(story));
  bench.writer.changedAll();
  story.take();
  bench.view.apply(story.crash(b).take(), story.revision, 2);
  await bench.run(1);
  assert.equal(table.inserts, 3);
  assert.deepEqual(
    [...table.rows.values()].map(({ members }) => members),
    [2],
  );
});

test('what waits is written at the stop', async () => {
  const table = new Table();
  const bench = benchOn(table, complete());
  bench.writer.changedAll();
  await bench.run();
  assert.equal(table.rows.size, 1);
  assert.equal(bench.writer.waiting, 0);
});

test('nothing is written while the view is not trusted; then it is looked at anew', async () => {
  const table = new Table();
  const story = bothDone(new Story().ready());
  const bench = benchOn(table, viewOf(story));
  bench.unknownReason = 'the watch of etcd is down';
  bench.writer.changedAll();
  story.take();
  bench.writer.changed(bench.view.apply(story.report(a, 'web', 1).take(), story.revision, 2));
  await bench.run();
  assert.equal(table.rows.size, 0);
  bench.unknownReason = undefined;
  bench.writer.changedAll();
  await bench.run(1);
});

test('nothing is written in an epoch that is not ready', async () => {
  const table = new Table();
  const story = bothDone(new Story().ready()).epoch(2);
  for (const agent of [a, b]) story.register(agent).report(agent, 'web', 1);
  const bench = benchOn(table, viewOf(story));
  bench.writer.changedAll();
  await bench.run();
  assert.equal(table.rows.size, 0);
  story.take();
  bench.writer.changed(bench.view.apply(story.ready(2).take(), story.revision, 2));
  await bench.run(1);
  assert.deepEqual(
    [...table.rows.values()].map(({ epoch }) => epoch),
    [2],
  );
});

test('too few members: none until MySQL says that so many are enough', async () => {
  const table = new Table();
  table.minAgents = 3;
  const bench = benchOn(table, complete());
  bench.writer.changedAll();
  await bench.run();
  assert.equal(table.inserts, 0);
  table.minAgents = 2;
  bench.writer.changedAll();
  await bench.run(1);
});

test('content that was never accepted gets none', async () => {
  const table = new Table();
  table.row = acceptedRow(1, { digest: 'other' });
  const bench = benchOn(table, complete());
  bench.writer.changedAll();
  await bench.run();
  assert.equal(table.inserts, 0);
  assert.equal(bench.writer.waiting, 0);
});

/** One agent that has so many configs in force. */
function many(count: number): Story {
  const story = new Story().ready().join(a);
  for (let index = 0; index < count; index += 1) {
    story.config('1', `c${index}`, 1).report(a, `c${index}`, 1);
  }
  return story;
}

test('what a full queue drops is found again at the next list', async () => {
  const table = new Table();
  const story = many(5);
  const bench = benchOn(table, viewOf(story), { queue: new ReceiptQueue({ max: 3 }) });
  bench.writer.changedAll();
  assert.equal(bench.writer.waiting, 3);
  await bench.run();
  assert.deepEqual(
    [...table.rows.values()].map(({ id }) => id),
    ['c2', 'c3', 'c4'],
  );
  const listed = new View();
  listed.load(story.list(), 7_000);
  listed.settle(story.revision, bench.view);
  bench.view = listed;
  bench.writer.changedAll();
  assert.equal(bench.writer.waiting, 2);
  await bench.run();
  assert.equal(table.rows.size, 5);
});

test('of what held before this process only the missing ones are written', async () => {
  const table = new Table();
  const story = many(3);
  const first = benchOn(table, viewOf(story), { name: 'before' });
  first.writer.changedAll();
  await first.run();
  table.rows.delete([...table.rows.keys()][1] ?? '');
  const next = benchOn(table, viewOf(story), { name: 'next' });
  next.writer.changedAll();
  await next.run();
  assert.deepEqual(
    next.told.map(({ id, late }) => [id, late]),
    [['c1', true]],
  );
  assert.equal(table.inserts, 2);
});

test('one that MySQL refuses does not keep the others', async () => {
  const table = new Table();
  const refused = () => new MysqlStatementError('does not fit');
  table.failures.push(refused(), refused());
  const bench = benchOn(table, viewOf(many(3)));
  bench.writer.changedAll();
  await bench.run();
  assert.deepEqual(
    [...table.rows.values()].map(({ id }) => id),
    ['c1', 'c2'],
  );
  assert.equal(bench.writer.waiting, 0);
});

test('a member that is lost makes its environment looked at', async () => {
  const table = new Table();
  const story = bothJoined(new Story().ready()).config('1', 'web', 1).report(a, 'web', 1);
  const bench = benchOn(table, viewOf(story));
  bench.writer.changedAll();
  assert.equal(bench.writer.waiting, 0);
  story.take();
  bench.writer.changed(bench.view.apply(story.crash(b).take(), story.revision, 2));
  await bench.run(1);
  const [row] = table.rows.values();
  assert.deepEqual(row?.exceptions, [{ agent: 'b', reason: 'LOST' }]);
});
