// The check that guards the protos, on repositories in which they break.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { breakingChanges, copyOthers, earlierVersion } from './breaking.ts';
import { rootDir } from './paths.ts';

const PROTO = 'proto/rollcall/v1/history.proto';
const FIELD = 'int64 to_generation = 3;';
const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];

let dir: string;
/** A repository whose main has landed, with the protos of ours. */
let landed: string;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'rollcall-breaking-'));
  landed = join(dir, 'landed');
  cpSync(join(rootDir, 'proto'), join(landed, 'proto'), { recursive: true });
  copyOthers(rootDir, landed);
  git(landed, 'init', '--quiet', '--initial-branch', 'main');
  writeFileSync(join(landed, '.gitignore'), 'node_modules\n');
  commit(landed);
  appendFileSync(join(landed, PROTO), '\n// A harmless change.\n');
  commit(landed);
});
after(() => rmSync(dir, { recursive: true }));

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', [...AUTHOR, ...args], { cwd, stdio: 'ignore' });
}

function commit(cwd: string): void {
  git(cwd, 'add', '.');
  git(cwd, 'commit', '--quiet', '--message', 'a change');
}

/** A fresh clone, with the packages installed. */
function clone(name: string, ...options: string[]): string {
  git(dir, 'clone', '--quiet', ...options, `file://${landed}`, name);
  const root = join(dir, name);
  copyOthers(landed, root);
  return root;
}

/** Takes a field's number for another one. */
function breakProto(root: string): void {
  const text = readFileSync(join(root, PROTO), 'utf8');
  assert(text.includes(FIELD));
  writeFileSync(join(root, PROTO), text.replaceAll(FIELD, FIELD.replace('3', '30')));
}

async function found(root: string): Promise<string> {
  const base = earlierVersion(root);
  assert(typeof base === 'string', JSON.stringify(base));
  return await breakingChanges({ root, base, signal: AbortSignal.timeout(60_000) });
}

test('what breaks nothing passes', async () => {
  assert.equal(await found(clone('harmless')), '');
});

test('a break is found while it is being edited, and once it is committed', async () => {
  const root = clone('edited');
  breakProto(root);
  assert.match(await found(root), /history\.proto:.*"3".*"to_generation".*deleted/);
  commit(root);
  assert.match(await found(root), /history\.proto/);
});

test('a break is found behind later changes, as long as it has not landed', async () => {
  const root = clone('branch');
  breakProto(root);
  commit(root);
  appendFileSync(join(root, PROTO), '\n// Another one.\n');
  commit(root);
  assert.match(await found(root), /history\.proto/);
});

test('a break that came with the last landing is found in a fresh clone of it', async () => {
  const author = clone('author');
  breakProto(author);
  commit(author);
  git(author, 'push', '--quiet', `file://${landed}`, 'HEAD:refs/heads/next');
  const root = clone('fresh', '--branch', 'next');
  assert.match(await found(root), /history\.proto/);
  git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  assert.match(await found(root), /history\.proto/);
});

test('a clone without its history says that it needs it', () => {
  const base = earlierVersion(clone('shallow', '--depth', '1'));
  assert(typeof base === 'object');
  assert.match(base.missing, /shallow/);
});
