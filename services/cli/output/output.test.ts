import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import type { CompletionInput } from '#proto';
import { exitCodeOf } from '../rollout-wait.ts';
import { Printer } from './printer.ts';
import { Progress } from './progress.ts';
import { tableLines } from './table.ts';
import { completionEntry, plainCompletion, progressText } from './words.ts';

/** A screen that remembers. */
function openScreen(isTTY = false) {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { screen: Object.assign(stream, { isTTY, columns: 20 }), text: () => text };
}

const completion = {
  ...{ env: '10', id: 'shop.web', generation: 2, digest: 'd', epoch: 1, asOfRevision: 1874 },
  state: 'COMPLETION_STATE_FAILED',
  counts: { expected: 122, done: 61, progressing: 58, failed: 1, lost: 2, forgotten: 0 },
  blockers: [
    {
      ...{ agent: 'agent-7', reason: 'FAILED', message: 'host not found in upstream "web"' },
      since: { seconds: 1_700_000_000, nanos: 0 },
      appliedGeneration: 1,
    },
  ],
  ...{ blockersTotal: 61, acceptedKnown: true, fullyExecuted: false, unknownReason: '' },
  lag: { seconds: 1, nanos: 5_000_000 },
} satisfies CompletionInput;
// An answer has every field; what this one lacks no function here looks at.
const answer = completion as unknown as Parameters<typeof completionEntry>[0];

test('a table has columns as wide as needed, and nothing at the ends of lines', () => {
  assert.deepEqual(
    tableLines(
      ['A', 'LONG'],
      [
        ['xyz', ''],
        ['', 'b'],
      ],
    ),
    ['A    LONG', 'xyz', '     b'],
  );
});

test('a diff has colours on a terminal only, and not with NO_COLOR', () => {
  const unified = '--- a\n+++ b\n@@ -1 +1 @@\n--- x\n+y\n';
  const shown = (isTTY: boolean, env: Record<string, string>) => {
    const { screen, text } = openScreen(isTTY);
    new Printer('table', { stdout: screen, env }).diff(unified);
    return text();
  };
  assert.equal(shown(false, {}), unified);
  assert.equal(shown(true, { NO_COLOR: '1' }), unified);
  const lines = shown(true, {}).replaceAll('\u001B', '').split('\n');
  assert.deepEqual(lines.slice(2, 5), ['[36m@@ -1 +1 @@[0m', '[31m--- x[0m', '[32m+y[0m']);
});

test('a completion names who blocks, since when, and how many more', () => {
  const { row, below } = completionEntry(answer);
  assert.deepEqual(row, [
    '10',
    'shop.web',
    '2',
    'FAILED',
    '61/122 done, 58 progressing, 1 failed, 2 lost',
    '1874',
  ]);
  assert.deepEqual(below, [
    'agent-7  FAILED  host not found in upstream "web"  since 2023-11-14T22:13:20Z',
    'and 60 more',
  ]);
});

test('progress is one line with the worst failure', () => {
  assert.equal(
    progressText(answer),
    'env 10  shop.web  61/122 applied, 1 failed (agent-7: host not found in upstream "web"), 2 lost',
  );
});

test('programs get words without prefixes, milliseconds, and times as ISO 8601', () => {
  const plain = plainCompletion(answer) as Record<string, unknown>;
  assert.equal(plain['state'], 'FAILED');
  assert.equal(plain['lagMs'], 1005);
  assert.match(JSON.stringify(plain['blockers']), /"since":"2023-11-14T22:13:20.000Z"/);
});

test('an empty list is an empty list for programs and a sentence for people', () => {
  const [json, table] = [openScreen(), openScreen()];
  new Printer('json', { stdout: json.screen, env: {} }).list(['A'], [], 'nothing');
  new Printer('table', { stdout: table.screen, env: {} }).list(['A'], [], 'nothing');
  assert.deepEqual(JSON.parse(json.text()), { items: [] });
  assert.equal(table.text(), 'nothing\n');
});

test('what an agent says stays on its line and does not steer the terminal', () => {
  const { screen, text } = openScreen(true);
  const below = ['agent-7  FAILED  \u001B[2Jline one\nline two'];
  const entries = [{ plain: {}, row: ['a\rb'], below }];
  new Printer('table', { stdout: screen, env: { NO_COLOR: '1' } }).list(['A'], entries, '');
  assert.equal(text(), 'A\na b\n  agent-7  FAILED   [2Jline one line two\n');
});

test('colour is for terminals whose owner wants it', () => {
  const entries = [{ plain: {}, row: ['x'] }];
  const print = (isTTY: boolean, env: Record<string, string>) => {
    const { screen, text } = openScreen(isTTY);
    new Printer('table', { stdout: screen, env }).list(['A'], entries, '');
    return text();
  };
  assert.equal(print(false, {}), 'A\nx\n');
  assert.equal(print(true, { NO_COLOR: '1' }), 'A\nx\n');
  assert.equal(print(true, {}), '\u001B[1mA\u001B[22m\nx\n');
});

test('the live line is cut to the terminal and taken away; elsewhere a line now and then', () => {
  const terminal = openScreen(true);
  const live = new Progress(terminal.screen, () => 0);
  live.show('0123456789012345678901234567890');
  live.clear();
  assert.equal(terminal.text(), '\r\u001B[K0123456789012345678\r\u001B[K');

  const pipe = openScreen();
  let nowMs = 0;
  const plain = new Progress(pipe.screen, () => nowMs);
  for (const [text, atMs] of [
    ['a', 0],
    ['b', 1_000],
    ['b', 6_000],
    ['b', 20_000],
  ] as const) {
    nowMs = atMs;
    plain.show(text);
  }
  plain.clear();
  assert.equal(pipe.text(), 'a\nb\n');
});

test('the exit code is that of the worst outcome', () => {
  assert.equal(exitCodeOf(['WAIT_OUTCOME_DONE', 'WAIT_OUTCOME_DONE_WITH_EXCEPTIONS']), 0);
  assert.equal(exitCodeOf(['WAIT_OUTCOME_DONE', 'WAIT_OUTCOME_SUPERSEDED']), 3);
  assert.equal(exitCodeOf(['WAIT_OUTCOME_TIMED_OUT', 'WAIT_OUTCOME_SUPERSEDED']), 5);
  assert.equal(exitCodeOf(['WAIT_OUTCOME_TIMED_OUT', 'WAIT_OUTCOME_FAILED']), 4);
});
