import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchQueue, type BatchQueueOptions } from './batch-queue.ts';

class Poison extends Error {}
class Down extends Error {}
class Full extends Error {}

/** A queue whose batches run when the test lets them. */
function gated(options: Partial<BatchQueueOptions<string, string>> = {}) {
  const batches: { commands: readonly string[]; end: (error?: Error) => void }[] = [];
  const queue = new BatchQueue<string, string>({
    run: async (commands) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      batches.push({ commands, end: (error) => (error ? reject(error) : resolve()) });
      await promise;
      return commands.map((command) => command.toUpperCase());
    },
    keyOf: (command) => command,
    sizeOf: (command) => command.length,
    batchMax: 3,
    batchSizeMax: 100,
    besideMin: 100,
    waitingMax: 6,
    fullError: () => new Full(),
    failureOfWaiting: (error) => (error instanceof Down ? error : undefined),
    isOneCommands: (error) => error instanceof Poison,
    ...options,
  });
  const settle = async () => await new Promise(setImmediate);
  return { queue, batches, settle, sent: () => batches.map(({ commands }) => commands) };
}

test('gathers the next batch while one runs, in order and bounded', async () => {
  const { queue, batches, settle, sent } = gated();
  const first = queue.submit('a');
  await settle();
  const rest = ['b', 'c', 'd', 'e'].map((command) => queue.submit(command));
  await settle();
  assert.deepEqual(sent(), [['a']]);
  batches[0]?.end();
  await settle();
  batches[1]?.end();
  await settle();
  batches[2]?.end();
  assert.deepEqual(await Promise.all([first, ...rest]), ['A', 'B', 'C', 'D', 'E']);
  assert.deepEqual(sent(), [['a'], ['b', 'c', 'd'], ['e']]);
});

test('a second batch begins beside the first once enough wait, and no third', async () => {
  const { queue, batches, settle, sent } = gated({ besideMin: 2 });
  const all = [queue.submit('a')];
  await settle();
  all.push(queue.submit('b'));
  await settle();
  assert.deepEqual(sent(), [['a']]);
  all.push(queue.submit('c'));
  await settle();
  assert.deepEqual(sent(), [['a'], ['b', 'c']]);
  all.push(queue.submit('d'), queue.submit('e'));
  await settle();
  assert.equal(batches.length, 2);
  batches[1]?.end();
  await settle();
  assert.deepEqual(sent().at(-1), ['d', 'e']);
  batches[0]?.end();
  batches[2]?.end();
  assert.deepEqual(await Promise.all(all), ['A', 'B', 'C', 'D', 'E']);
});

test('commands of one key run in their order, whatever runs beside them', async () => {
  const { queue, batches, settle, sent } = gated({
    besideMin: 1,
    keyOf: (text) => text.slice(0, 1),
  });
  const all = [queue.submit('a1')];
  await settle();
  all.push(...['a2', 'b1', 'a3'].map((command) => queue.submit(command)));
  await settle();
  assert.deepEqual(sent(), [['a1'], ['b1']]);
  batches[1]?.end();
  await settle();
  assert.equal(batches.length, 2, 'what is left waits for its key');
  batches[0]?.end();
  await settle();
  assert.deepEqual(sent().at(-1), ['a2', 'a3']);
  batches[2]?.end();
  assert.deepEqual(await Promise.all(all), ['A1', 'A2', 'B1', 'A3']);
});

test('a batch is bounded by size too, but a large command still goes', async () => {
  const { queue, batches, settle, sent } = gated({ batchSizeMax: 4 });
  const all = ['aaaaaa', 'bb', 'cc', 'd'].map((command) => queue.submit(command));
  for (let index = 0; index < 3; index += 1) {
    await settle();
    batches[index]?.end();
  }
  await Promise.all(all);
  assert.deepEqual(sent(), [['aaaaaa'], ['bb', 'cc'], ['d']]);
});

test('a command whose caller gave up before its batch is dropped', async () => {
  const { queue, batches, settle, sent } = gated();
  const first = queue.submit('a');
  await settle();
  const caller = new AbortController();
  const dropped = queue.submit('b', caller.signal);
  const last = queue.submit('c');
  caller.abort(new Error('gone'));
  await assert.rejects(dropped, /gone/);
  batches[0]?.end();
  await settle();
  batches[1]?.end();
  assert.deepEqual(await Promise.all([first, last]), ['A', 'C']);
  assert.deepEqual(sent(), [['a'], ['c']]);
});

test('a full queue refuses at once', async () => {
  const { queue, settle } = gated({ waitingMax: 1 });
  void queue.submit('a');
  await settle();
  void queue.submit('b');
  await assert.rejects(queue.submit('c'), Full);
});

test("one command's own error is found by running each by itself", async () => {
  const { queue, batches, settle, sent } = gated();
  const all = Promise.allSettled(['a', 'b', 'c'].map((command) => queue.submit(command)));
  await settle();
  batches[0]?.end(new Poison());
  await settle();
  batches[1]?.end();
  await settle();
  batches[2]?.end(new Poison());
  await settle();
  batches[3]?.end();
  assert.deepEqual(
    (await all).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(sent(), [['a', 'b', 'c'], ['a'], ['b'], ['c']]);
});

test('what is run one by one ends with the server', async () => {
  const { queue, batches, settle, sent } = gated();
  const all = Promise.allSettled(['a', 'b', 'c'].map((command) => queue.submit(command)));
  await settle();
  batches[0]?.end(new Poison());
  await settle();
  batches[1]?.end(new Down());
  assert.deepEqual(
    (await all).map((result) => result.status === 'rejected' && result.reason instanceof Down),
    [true, true, true],
  );
  assert.deepEqual(sent(), [['a', 'b', 'c'], ['a']]);
});

test('a key that runs makes no batch beside it of those that wait for it', async () => {
  const { queue, batches, settle } = gated({ besideMin: 2, keyOf: (text) => text.slice(0, 1) });
  const all = [queue.submit('a1')];
  await settle();
  all.push(...['a2', 'a3', 'a4', 'b1'].map((command) => queue.submit(command)));
  await settle();
  assert.equal(batches.length, 1);
  for (let index = 0; index < 3; index += 1) {
    batches[index]?.end();
    await settle();
  }
  assert.deepEqual(await Promise.all(all), ['A1', 'A2', 'A3', 'A4', 'B1']);
});

test('those behind a batch that lost the server fail with it, later ones are tried', async () => {
  const { queue, batches, settle, sent } = gated();
  const first = queue.submit('a');
  await settle();
  const behind = queue.submit('b');
  const both = Promise.allSettled([first, behind]);
  batches[0]?.end(new Down());
  assert.deepEqual(
    (await both).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const later = queue.submit('c');
  await settle();
  batches[1]?.end();
  assert.equal(await later, 'C');
  assert.deepEqual(sent(), [['a'], ['c']]);
});
