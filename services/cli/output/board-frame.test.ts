import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { Completion, WatchCompletionsResponse } from '#proto';
import { boardFrame } from './board-frame.ts';
import { cutTo, padTo, widthOf } from './cells.ts';
import { StatusBoard } from './status-board.ts';

type Part = Partial<Completion>;

const counts = { expected: 4, done: 1, progressing: 2, failed: 1, lost: 0, forgotten: 0 };

/** A completion as the aggregator tells it, of which only some fields are looked at. */
function completion(env: string, id: string, state: string, more: Part = {}): Completion {
  const rest = { generation: 1, counts, blockers: [], blockersTotal: 0, unknownReason: '' };
  return { env, id, state: `COMPLETION_STATE_${state}`, ...rest, ...more } as unknown as Completion;
}

function blockers(...messages: string[]): Part {
  const list = messages.map((message, at) => ({
    ...{ agent: `agent-${at + 1}`, reason: 'FAILED', message, since: null, appliedGeneration: 0 },
  }));
  return { blockers: list, blockersTotal: list.length };
}

function message(type: string, of?: Completion): WatchCompletionsResponse {
  const rest = { completion: of ?? null, resumeToken: '', unknownReason: '' };
  return { type: `TYPE_${type}`, ...rest } as unknown as WatchCompletionsResponse;
}

function boardOf(...completions: Completion[]): StatusBoard {
  const board = new StatusBoard();
  board.take(message('SNAPSHOT_BEGIN'));
  for (const each of completions) board.take(message('CHANGED', each));
  board.take(message('SNAPSHOT_END'));
  return board;
}

const options = {
  ...{ columns: 80, rows: 24, coloured: false, title: 'environment 10', trouble: '' },
  now: new Date('2026-01-01T12:34:56Z'),
};

test('the worst comes first, with who blocks and why', () => {
  const board = boardOf(
    completion('10', 'a', 'COMPLETE'),
    completion('10', 'b', 'FAILED', blockers('host not found')),
    completion('10', 'c', 'PROGRESSING'),
  );
  assert.deepEqual(boardFrame(board, options), [
    'environment 10  12:34:56Z  1 FAILED, 1 PROGRESSING, 1 COMPLETE',
    '',
    'ENV  ID  GENERATION  STATE        AGENTS',
    '10   b   1           FAILED       1/4 done, 2 progressing, 1 failed',
    '  agent-1: FAILED: host not found',
    '10   c   1           PROGRESSING  1/4 done, 2 progressing, 1 failed',
    '10   a   1           COMPLETE     1/4 done, 2 progressing, 1 failed',
  ]);
});

test('what does not fit is counted, and lines are cut', () => {
  const many = Array.from({ length: 40 }, (_, n) => completion('10', `config-${n}`, 'COMPLETE'));
  const frame = boardFrame(boardOf(...many), { ...options, columns: 30, rows: 10 });
  assert.equal(frame.length, 10);
  assert.equal(frame.at(-1), '… and 34 more');
  assert.match(frame[3] ?? '', /…$/);
});

test('trouble and an untrusted view are said above the table', () => {
  const board = boardOf(completion('10', 'a', 'COMPLETE'));
  board.take({ ...message('VIEW'), unknownReason: 'etcd is silent' });
  const frame = boardFrame(board, { ...options, trouble: 'no news' });
  assert.deepEqual(frame.slice(1, 3), ['no news', 'nothing is known for certain: etcd is silent']);
});

test('a snapshot replaces what was told once it is whole', () => {
  const board = boardOf(completion('10', 'a', 'COMPLETE'), completion('10', 'b', 'COMPLETE'));
  board.take(message('SNAPSHOT_BEGIN'));
  board.take(message('CHANGED', completion('10', 'b', 'FAILED')));
  const ids = () => board.completions.map(({ id }) => id);
  assert.deepEqual(ids(), ['a', 'b']);
  board.take(message('SNAPSHOT_END'));
  assert.deepEqual(ids(), ['b']);
  board.take(message('REMOVED', completion('10', 'b', 'UNKNOWN')));
  assert.deepEqual([ids(), boardFrame(board, options).at(-1)], [[], 'no configs']);
});

test('whatever agents say, no line is wider and no frame higher than the screen', () => {
  const state = fc.constantFrom('FAILED', 'COMPLETE', 'UNKNOWN', 'PROGRESSING');
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const entry = fc.record({ id: text, state, messages: fc.array(text, { maxLength: 5 }) });
  const size = fc.record({ columns: fc.integer({ min: 1, max: 120 }), rows: fc.nat({ max: 30 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), size, fc.boolean(), (entries, of, coloured) => {
      const all = entries.map((each, at) =>
        completion('10', `${at}${each.id}`, each.state, blockers(...each.messages)),
      );
      const frame = boardFrame(boardOf(...all), { ...options, ...of, coloured });
      assert(frame.length <= of.rows);
      for (const line of frame) {
        assert(widthOf(stripVTControlCharacters(line)) <= of.columns, JSON.stringify(line));
      }
    }),
    { numRuns: 300 },
  );
});

test('wide characters are cut and padded by the cells that they take', () => {
  assert.equal(cutTo('日本語', 6), '日本語');
  assert.equal(cutTo('日本語', 5), '日本…');
  assert.equal(cutTo('日本語', 4), '日…');
  assert.equal(cutTo('ab', 0), '');
  assert.equal(padTo('日本', 6), '日本  ');
});
