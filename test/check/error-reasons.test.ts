// The table of reasons in docs/errors.md is complete: every reason that a server may give stands in it
// with its code, and nothing else does.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
/** The makers of libs/grpc/status.ts. */
const MAKERS = [
  ...['notFound', 'alreadyExists', 'aborted', 'failedPrecondition', 'resourceExhausted'],
  ...['deadlineExceeded', 'outOfRange', 'unavailable', 'internal'],
];

/** `REASON CODE` of each place of a source that makes a status. Throws where the reason is not literal. */
function reasonsIn(source: string, makers: readonly string[]): string[] {
  const found = makers.flatMap((maker) => {
    const code = maker.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    return [...source.matchAll(new RegExp(String.raw`\b${maker}\(\s*('(\w+)')?`, 'g'))].map(
      ([call, , reason]) => {
        assert(reason !== undefined, `a reason is to be written out: ${call}`);
        return `${reason} ${code}`;
      },
    );
  });
  const bare = source.matchAll(/new StatusError\(\s*status\.(\w+),\s*'(\w+)'/g);
  return [...found, ...[...bare].map(([, code, reason]) => `${reason} ${code}`)];
}

/** The makers that a source has from libs/grpc: others have functions of these names, too. */
function makersOf(source: string): string[] {
  const imports = [...source.matchAll(/import \{([^}]*)\} from '(#libs\/grpc|\.\/status\.ts)'/g)];
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  return MAKERS.filter((maker) => names.includes(maker));
}

const paths = globSync('{services,libs}/**/*.ts', { cwd: ROOT }).filter(
  (path) => !path.endsWith('.test.ts'),
);

test('every reason that a server gives is in docs/errors.md, with its code', () => {
  const given = new Set(
    paths.flatMap((path) => {
      const source = readFileSync(join(ROOT, path), 'utf8');
      return reasonsIn(source, makersOf(source));
    }),
  );
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)];
  const listed = rows.map(([, reason, code]) => `${reason} ${code}`);
  assert.deepEqual(listed, [...given].toSorted());
});

test('a reason is found wherever it is written, and must be written out', () => {
  const source = `
    import { notFound, type StatusError } from '#libs/grpc';
    throw notFound(
      'ONE', 'x');
    new StatusError(status.CANCELLED, 'TWO', 'y');
    aborted(signal);`;
  assert.deepEqual(reasonsIn(source, makersOf(source)), ['ONE NOT_FOUND', 'TWO CANCELLED']);
  assert.throws(() => reasonsIn('notFound(reason)', ['notFound']), /written out: notFound\(/);
});
