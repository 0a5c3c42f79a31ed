import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigRecord } from './config-record.ts';
import { type Answer, planBatch, type Situation, type WriteCommand } from './write-plan.ts';

const now = new Date('2026-01-02T03:04:05.678Z');

function row(generation: number, overrides: Partial<ConfigRecord> = {}): ConfigRecord {
  return {
    env: '1',
    id: 'a',
    generation,
    publishedEpoch: 3,
    publishedGeneration: generation,
    content: '{"v":1}',
    digest: 'd1',
    labels: { app: 'web' },
    completionPolicy: 'APPLIED',
    actor: 'before',
    note: '',
    acceptedAt: new Date(0),
    createdAt: new Date(0),
    traceparent: '',
    deleted: false,
    ...overrides,
  };
}

type Overrides = Partial<Extract<WriteCommand, { kind: 'set' }>>;

function set(overrides: Overrides = {}): WriteCommand {
  const { content, digest, labels, completionPolicy } = row(1);
  const common = { env: '1', id: 'a', requestId: 'r', bodyDigest: 'b', actor: 'me', note: 'n' };
  const written = { content, digest, labels, completionPolicy, traceparent: '' };
  return { kind: 'set', isRetryable: true, ...common, ...written, ...overrides };
}

function remove(overrides: Overrides = {}): WriteCommand {
  return { ...set(overrides), kind: 'delete' };
}

function situation(rows: ConfigRecord[], answers: [string, Answer][] = []): Situation {
  const byKey = new Map(rows.map((each) => [`${each.env}/${each.id}`, each]));
  return { rows: byKey, answers: new Map(answers), now, generationBase: 0 };
}

function decided(command: WriteCommand, rows: ConfigRecord[]) {
  const { results, generations } = planBatch([command], situation(rows));
  const [result] = results;
  if (result?.kind !== 'ok') return result;
  assert.equal(generations.length, result.changed ? 1 : 0);
  return { generation: result.row.generation, changed: result.changed };
}

const conflict = (current: number) => ({ kind: 'generation_conflict', current });
const made = (generation: number) => ({ generation, changed: true });
const cases: [string, WriteCommand, ConfigRecord[], unknown][] = [
  ['a new id begins at 1', set(), [], made(1)],
  ['another content is the next generation', set({ digest: 'd2' }), [row(4)], made(5)],
  ['other labels are the next generation', set({ labels: {} }), [row(4)], made(5)],
  ['equal content makes none', set(), [row(4)], { generation: 4, changed: false }],
  ['a deleted id goes on', set(), [row(4, { deleted: true })], made(5)],
  ['0 expects that nothing is there', set({ expectedGeneration: 0 }), [row(4)], conflict(4)],
  [
    'a deleted id is not there',
    set({ expectedGeneration: 0 }),
    [row(4, { deleted: true })],
    made(5),
  ],
  [
    "a deleted id's generation is not current",
    set({ expectedGeneration: 4 }),
    [row(4, { deleted: true })],
    conflict(0),
  ],
  [
    'the current generation may be expected',
    set({ expectedGeneration: 4, digest: 'd2' }),
    [row(4)],
    made(5),
  ],
  [
    'equal content does not excuse a wrong expectation',
    set({ expectedGeneration: 3 }),
    [row(4)],
    conflict(4),
  ],
  ['a delete is a generation', remove(), [row(4)], made(5)],
  ['a delete of nothing is not found', remove(), [], { kind: 'not_found' }],
  ['a second delete is not found', remove(), [row(4, { deleted: true })], { kind: 'not_found' }],
  ['a delete may expect', remove({ expectedGeneration: 3 }), [row(4)], conflict(4)],
];

for (const [name, command, rows, expected] of cases) {
  test(name, () => assert.deepEqual(decided(command, rows), expected));
}

test('a write says who, when and what; what is published stays', () => {
  const [result] = planBatch([set({ digest: 'd2' })], situation([row(4)])).results;
  const expected = row(5, {
    digest: 'd2',
    actor: 'me',
    note: 'n',
    acceptedAt: now,
    publishedGeneration: 4,
  });
  assert.deepEqual(result, { kind: 'ok', row: expected, changed: true, replayed: false });
});

test('a config is as old as its last creation', () => {
  const created = (command: WriteCommand, rows: ConfigRecord[]) =>
    planBatch([command], situation(rows)).generations[0]?.createdAt;
  const before = new Date(0);
  assert.deepEqual(created(set(), []), now);
  assert.deepEqual(created(set({ digest: 'd2' }), [row(4)]), before);
  assert.deepEqual(created(remove(), [row(4)]), before);
  assert.deepEqual(created(set(), [row(4, { deleted: true })]), now);
});

test('a delete keeps the last content', () => {
  const { generations } = planBatch([remove({ content: '', digest: '' })], situation([row(4)]));
  const [record] = generations;
  assert.deepEqual([record?.content, record?.digest, record?.deleted], ['{"v":1}', 'd1', true]);
});

test('commands of a batch see those before them, and not the refused ones', () => {
  const commands = [
    set({ requestId: '1', digest: 'd2' }),
    set({ requestId: '2', digest: 'd3', expectedGeneration: 9 }),
    remove({ requestId: '3', expectedGeneration: 5 }),
    set({ requestId: '4', expectedGeneration: 0 }),
  ];
  const { results, generations, answers } = planBatch(commands, situation([row(4)]));
  assert.deepEqual(results[1], { kind: 'generation_conflict', current: 5 });
  assert.deepEqual(
    generations.map(({ generation, deleted }) => [generation, deleted]),
    [
      [5, false],
      [6, true],
      [7, false],
    ],
  );
  assert.deepEqual([...answers.keys()], ['1', '3', '4']);
});

test('a request id is answered from the log, or from earlier in the batch', () => {
  const kept: Answer = { bodyDigest: 'b', row: row(2), changed: true };
  const commands = [
    set({ requestId: 'kept', expectedGeneration: 1 }),
    set({ requestId: 'kept', bodyDigest: 'other' }),
    set({ requestId: 'new', digest: 'd2' }),
    set({ requestId: 'new', digest: 'd2' }),
  ];
  const { results, generations, answers } = planBatch(
    commands,
    situation([row(4)], [['kept', kept]]),
  );
  assert.deepEqual(results[0], { kind: 'ok', row: kept.row, changed: true, replayed: true });
  assert.deepEqual(results[1], { kind: 'request_id_reused' });
  assert.deepEqual(results[3], { ...results[2], replayed: true });
  assert.equal(generations.length, 1);
  assert.deepEqual([...answers.keys()], ['new']);
});

test('no answer is kept under an id that no caller knows', () => {
  const commands = [set({ isRetryable: false }), set({ requestId: 'kept', digest: 'd2' })];
  const { generations, answers } = planBatch(commands, situation([]));
  assert.deepEqual(
    generations.map(({ requestId }) => requestId),
    ['r', 'kept'],
  );
  assert.deepEqual([...answers.keys()], ['kept']);
});

test('every new generation is above the base, whatever the row had', () => {
  for (const rows of [[], [row(4)], [row(4, { deleted: true })], [row(90)]]) {
    const based = { ...situation(rows), generationBase: 90 };
    const { generations } = planBatch([set({ digest: 'd2' })], based);
    assert.deepEqual(
      generations.map(({ generation }) => generation),
      [91],
    );
  }
});

test('equal content makes no generation, also below the base', () => {
  const based = { ...situation([row(4)]), generationBase: 90 };
  assert.deepEqual(planBatch([set()], based).generations, []);
});
