// docs/troubleshooting.md has a row for every state and for everybody who may block.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');

/** First cells of the table below a heading. */
function rowsBelow(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

test('every state that a config may be in has its row', () => {
  const proto = readFileSync(join(ROOT, 'proto/rollcall/v1/status_aggregator.proto'), 'utf8');
  const states = [...proto.matchAll(/^ {2}COMPLETION_STATE_(\w+) = /gm)].map(
    ([, name = '']) => name,
  );
  assert.ok(states.length > 5);
  assert.deepEqual(
    rowsBelow('By state').toSorted(),
    states.filter((name) => name !== 'UNSPECIFIED').toSorted(),
  );
});

test('every reason to block has its row', () => {
  const path = join(ROOT, 'services/status-aggregator/domain/blockers.ts');
  const [, union = ''] =
    /export type BlockerReason =([^;]*);/.exec(readFileSync(path, 'utf8')) ?? [];
  const reasons = [...union.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  assert.ok(reasons.length > 5);
  assert.deepEqual(rowsBelow('By who blocks').toSorted(), reasons.toSorted());
});
