import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#libs/telemetry';
import { PublishMarks } from './publish-marks.ts';
import type { PublishedItem } from './publish-store.ts';

const mark = (id: string): PublishedItem => ({ env: '1', id, generation: 1 });

/** Marks whose every statement is answered by the next call of `answer`. */
function openMarks() {
  const statements: { ids: string[]; answer: () => void }[] = [];
  const store = {
    markPublished: async (items: readonly PublishedItem[]) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      statements.push({ ids: items.map(({ id }) => id), answer: resolve });
      await promise;
    },
  };
  return { statements, marks: new PublishMarks({ store, log: silentLog }) };
}

/** Lets everything happen that waits for no answer. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what comes while a statement runs is gathered for the next', async () => {
  const { marks, statements } = openMarks();
  marks.add(mark('a'), 1);
  await turn();
  marks.add(mark('b'), 1);
  marks.add(mark('c'), 1);
  statements[0]?.answer();
  await turn();
  assert.deepEqual(
    statements.map(({ ids }) => ids),
    [['a'], ['b', 'c']],
  );
});

test('waiting for what was added is not waiting for what comes after', async () => {
  const { marks, statements } = openMarks();
  marks.add(mark('a'), 1);
  await turn();
  marks.add(mark('b'), 1);
  let isFlushed = false;
  const flush = async () => {
    await marks.flushed();
    isFlushed = true;
  };
  const flushed = flush();
  // Somebody writes all the time: there is never a moment without a mark that waits.
  marks.add(mark('c'), 1);
  statements[0]?.answer();
  await turn();
  assert.equal(isFlushed, false);
  marks.add(mark('d'), 1);
  statements[1]?.answer();
  await turn();
  assert.equal(isFlushed, true);
  await flushed;
  assert.equal(statements.length, 3);
});

test('under load a moment of marks shares a statement, unless somebody waits for them', async () => {
  const { marks, statements } = openMarks();
  for (let number = 0; number < 20; number += 1) marks.add(mark(`first ${number}`), 1);
  await turn();
  statements[0]?.answer();
  await turn();
  marks.add(mark('a'), 1);
  await turn();
  marks.add(mark('b'), 1);
  await turn();
  assert.equal(statements.length, 1);
  const flushed = marks.flushed();
  await turn();
  assert.deepEqual(statements[1]?.ids, ['a', 'b']);
  statements[1]?.answer();
  await flushed;
});

test('under load nobody has to wait for marks to be recorded in the end', async () => {
  const { marks, statements } = openMarks();
  for (let number = 0; number < 20; number += 1) marks.add(mark(`first ${number}`), 1);
  await turn();
  marks.add(mark('a'), 1);
  statements[0]?.answer();
  while (statements.length < 2) await turn();
  statements[1]?.answer();
  await marks[Symbol.asyncDispose]();
});

test('disposal waits for everything', async () => {
  const { marks, statements } = openMarks();
  marks.add(mark('a'), 1);
  await turn();
  marks.add(mark('b'), 2);
  let isDisposed = false;
  const dispose = async () => {
    await marks[Symbol.asyncDispose]();
    isDisposed = true;
  };
  const disposed = dispose();
  statements[0]?.answer();
  await turn();
  assert.equal(isDisposed, false);
  statements[1]?.answer();
  await disposed;
});

test('a mark that comes the moment the one before is recorded is recorded, too', async () => {
  const recorded: string[] = [];
  const store = {
    markPublished: async (items: readonly PublishedItem[]) => {
      recorded.push(...items.map(({ id }) => id));
    },
  };
  const marks = new PublishMarks({ store, log: silentLog });
  for (let turns = 0; turns < 12; turns += 1) {
    marks.add(mark(String(turns)), 1);
    for (let wait = 0; wait < turns; wait += 1) await Promise.resolve();
    marks.add(mark(`${turns} again`), 1);
    await turn();
    assert.equal(recorded.length, 2 * (turns + 1));
  }
});

test('a statement that fails holds nobody up', async () => {
  const store = { markPublished: () => Promise.reject(new Error('read-only')) };
  const marks = new PublishMarks({ store, log: silentLog });
  marks.add(mark('a'), 1);
  await marks.flushed();
  await marks.flushed();
});
