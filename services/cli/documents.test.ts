import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { parseDocuments, readDocuments } from './documents.ts';
import { CliError, EXIT } from './exit-codes.ts';

test('a manifest is named by its namespace and name, and keeps its labels', () => {
  const [document, ...others] = parseDocuments(
    'a.yaml',
    'metadata: {name: web, namespace: shop, labels: {team: x, size: 3}}\nspec: {b: 1, a: 2}\n',
  );
  assert.equal(others.length, 0);
  assert.equal(document?.id, 'shop.web');
  assert.deepEqual(document?.labels, { team: 'x' });
  assert.match(document?.json ?? '', /"spec":\{"b":1,"a":2\}/);
});

test('a manifest without a namespace is in "default", any other object has no id', () => {
  assert.equal(parseDocuments('a', 'metadata: {name: web}')[0]?.id, 'default.web');
  assert.equal(parseDocuments('a', '{"config": "helloworld"}')[0]?.id, undefined);
});

test('a number keeps every digit and is spelled as JSON does, or is refused', () => {
  for (const [written, sent] of [
    ['12345678901234567890', '12345678901234567890'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['1e400', '1e400'],
    ['0x1F', '31'],
    ['0o17', '15'],
    ['+007', '7'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['"7"', '"7"'],
  ] as const) {
    assert.equal(parseDocuments('a', `n: ${written}`)[0]?.json, `{"n":${sent}}`, written);
  }
  assert.equal(parseDocuments('a', '7: [&n 8, *n]')[0]?.json, '{"7":[8,8]}');
  assert.throws(() => parseDocuments('a', 'n: -.inf'), /^CliError: a: JSON has no number -\.inf$/);
  assert.throws(() => parseDocuments('a', 'n: .NaN'), /JSON has no number \.NaN/);
});

test('empty documents are left out, wrong ones are named by file and number', () => {
  assert.equal(parseDocuments('a', '---\na: 1\n---\n---\nb: 2\n').length, 2);
  assert.throws(() => parseDocuments('a.yaml', 'a: 1\n---\nb: [\n'), /a\.yaml, document 2: /);
  assert.throws(() => parseDocuments('a.yaml', '- 1\n'), /a\.yaml: must be an object/);
});

test('a document that grows without end by its aliases is refused', () => {
  const levels = Array.from({ length: 12 }, (_, n) => {
    const before = n === 0 ? 'x' : `*l${n - 1}`;
    return `l${n}: &l${n} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
  });
  assert.throws(() => parseDocuments('bomb.yaml', levels.join('\n')), CliError);
});

test('a folder is read with the folders in it, in order, without other files', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-documents-'));
  try {
    await mkdir(join(dir, 'b'));
    await writeFile(join(dir, 'c.json'), '{"metadata": {"name": "c"}}');
    await writeFile(join(dir, 'b', 'b.yml'), 'metadata: {name: b}');
    await writeFile(join(dir, 'a.yaml'), 'metadata: {name: a}');
    await writeFile(join(dir, 'notes.txt'), 'no');
    const documents = await readDocuments(dir, Readable.from([]));
    assert.deepEqual(
      documents.map(({ id }) => id),
      ['default.a', 'default.b', 'default.c'],
    );
    const none = join(dir, 'none');
    await assert.rejects(readDocuments(none, Readable.from([])), {
      ...{ message: `${none}: does not exist`, code: EXIT.USAGE },
      details: ['give a file, a folder with YAML or JSON files, or - for standard input'],
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('standard input is read for "-"', async () => {
  const stdin = Readable.from([Buffer.from('metadata: {name: web}')]);
  const documents = await readDocuments('-', stdin);
  assert.deepEqual([documents[0]?.id, documents[0]?.source], ['default.web', 'standard input']);
});
