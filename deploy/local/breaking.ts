import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from './paths.ts';

const PROTOS = 'proto/rollcall/v1';
/** What buf.yaml names besides: not ours, and installed. What is installed now serves both versions. */
const OTHERS = [
  'node_modules/google-proto-files/google/rpc',
  'node_modules/grpc-health-check/proto',
  'node_modules/@grpc/reflection/build/proto',
];
const BUF = join(rootDir, 'node_modules/.bin/buf');
const BUF_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export interface Comparison {
  /** A work tree with the protos as they are now. */
  root: string;
  /** A commit of it. */
  base: string;
  signal: AbortSignal;
}

/** What callers of the version in `base` would stumble over, a line each; empty: nothing. */
export async function breakingChanges({ root, base, signal }: Comparison): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'rollcall-protos-'));
  try {
    const archive = execFileSync('git', ['archive', base, 'proto'], {
      cwd: root,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    execFileSync('tar', ['-x', '-C', dir], { input: archive });
    copyOthers(root, dir);
    const options = { cwd: root, signal, timeout: BUF_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX };
    await promisify(execFile)(BUF, ['breaking', '--against', dir], options);
    return '';
  } catch (error) {
    // Without output when a tool itself could not run.
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout ?? ''}${stderr ?? ''}` || message;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Copies what buf needs besides the protos of ours. */
export function copyOthers(from: string, to: string): void {
  for (const path of ['buf.yaml', ...OTHERS]) {
    cpSync(join(from, path), join(to, path), { recursive: true });
  }
}

/**
 * The commit whose protos must stay compatible: where this branch left the main that is landed; on
 * that main itself HEAD while the protos are being edited, else the commit before their last change.
 * Or why there is none.
 */
export function earlierVersion(root: string): string | { missing: string } {
  if (!existsSync(join(root, '.git'))) return { missing: 'this is no git repository' };
  const git = gitOf(root);
  const head = git('rev-parse', 'HEAD');
  if (head === undefined) return { missing: 'there is no commit yet' };
  const main = git('rev-parse', '--verify', 'origin/main') ?? git('rev-parse', '--verify', 'main');
  const branch = main === undefined ? undefined : git('merge-base', 'HEAD', main);
  const base = branch !== undefined && branch !== head ? branch : earlierOnMain(git, head);
  if (base !== undefined && git('cat-file', '-e', `${base}:${PROTOS}`) !== undefined) return base;
  const isShallow = git('rev-parse', '--is-shallow-repository') === 'true';
  const why = isShallow ? 'this clone is shallow: clone with the history' : 'they are new';
  return { missing: `the protos have no earlier version to compare with: ${why}` };
}

function earlierOnMain(git: Git, head: string): string | undefined {
  if (git('status', '--porcelain', PROTOS) !== '') return head;
  const lastChange = git('log', '-1', '--format=%H', '--', PROTOS);
  return git('rev-parse', '--verify', `${lastChange}~1`);
}

/** What git prints, or nothing when it refuses. */
type Git = (...args: string[]) => string | undefined;

function gitOf(cwd: string): Git {
  return (...args) => {
    try {
      return execFileSync('git', args, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      return undefined;
    }
  };
}
