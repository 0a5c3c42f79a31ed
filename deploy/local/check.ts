import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ExitError } from '#libs/config';
import { nodeBinary, rootDir } from './paths.ts';

const HELP = `usage: npm run check [-- NAME...]

Runs every check, or those named, and reports all failures: types, lint, format, protos, breaking
changes of the protos, generated code, dependency direction, SQL that MySQL and MariaDB both take.
"npm run fix" repairs format and lint.
`;

/** Every check takes seconds; one that needs minutes is stuck. */
const CHECK_TIMEOUT_MS = 300_000;

/** Two processors are common; more at once only makes each slower. */
const CONCURRENCY = 2;

const PROTOS = 'proto/rollcall/v1';
/** The modules of buf.yaml that are not ours. */
const OTHERS = [
  'node_modules/google-proto-files/google/rpc',
  'node_modules/grpc-health-check/proto',
  'node_modules/@grpc/reflection/build/proto',
];

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

interface Outcome {
  state: 'ok' | 'FAILED' | 'SKIPPED';
  /** What is wrong, or why it was skipped. */
  text: string;
}

const OK: Outcome = { state: 'ok', text: '' };

interface Check {
  name: string;
  run: (signal: AbortSignal) => Promise<Outcome>;
}

const CHECKS: readonly Check[] = [
  tool('types', 'tsc', ['-p', '.']),
  tool('lint', 'oxlint', ['--type-aware']),
  tool('format', 'biome', ['check', '.']),
  tool('protos', 'buf', ['lint']),
  { name: 'breaking', run: breakingChanges },
  tool('generated', nodeBinary, ['proto/generate.ts', '--check']),
  tool('references', nodeBinary, ['test/reference/main.ts', '--check']),
  tool('dependencies', nodeBinary, ['test/check/main.ts']),
  tool('sql', nodeBinary, ['test/check/sql.ts']),
];

/** Runs all checks, prints a line for each, and throws ExitError when one failed. */
export async function check(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const queue = CHECKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (queue.length === 0)
    throw new ExitError(2, `the checks are ${CHECKS.map((c) => c.name).join(', ')}`);
  const failed: string[] = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (!(await passes(next, signal))) failed.push(next.name);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  signal.throwIfAborted();
  if (failed.length > 0) throw new ExitError(1, `failed: ${failed.join(', ')}`);
}

async function passes({ name, run }: Check, signal: AbortSignal): Promise<boolean> {
  const start = performance.now();
  const { state, text } = await run(signal);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${state.padEnd(7)} ${name} (${seconds} s)${text === '' ? '' : `\n${text.trimEnd()}`}`,
  );
  return state !== 'FAILED';
}

function tool(name: string, command: string, args: readonly string[]): Check {
  return { name, run: async (signal) => await runTool(command, args, signal) };
}

async function runTool(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Outcome> {
  const path = command.includes('/') ? command : join(rootDir, 'node_modules/.bin', command);
  const options = { cwd: rootDir, signal, timeout: CHECK_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX };
  try {
    await promisify(execFile)(path, args, options);
    return OK;
  } catch (error) {
    // Without output when the tool itself could not run.
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return { state: 'FAILED', text: `${stdout ?? ''}${stderr ?? ''}` || message };
  }
}

/** Compares the protos with an earlier version, which git unpacks into a temporary folder. */
async function breakingChanges(signal: AbortSignal): Promise<Outcome> {
  const base = earlierVersion();
  if (typeof base === 'object') return { state: 'SKIPPED', text: base.skip };
  const dir = mkdtempSync(join(tmpdir(), 'rollcall-protos-'));
  try {
    const archive = execFileSync('git', ['archive', base, 'proto'], {
      cwd: rootDir,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    execFileSync('tar', ['-x', '-C', dir], { input: archive });
    // The protos of others are no part of ours; what is installed now serves both versions.
    for (const path of ['buf.yaml', ...OTHERS]) {
      cpSync(join(rootDir, path), join(dir, path), { recursive: true });
    }
    return await runTool('buf', ['breaking', '--against', dir], signal);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * The commit whose protos must stay compatible: where this branch left main; on main itself HEAD
 * while the protos are being edited, else the commit before their last change.
 */
function earlierVersion(): string | { skip: string } {
  if (!existsSync(join(rootDir, '.git'))) return { skip: 'this is no git repository' };
  const head = git('rev-parse', 'HEAD');
  if (head === undefined) return { skip: 'there is no commit yet' };
  const main = git('rev-parse', '--verify', 'origin/main') ?? git('rev-parse', '--verify', 'main');
  const branch = main === undefined ? undefined : git('merge-base', 'HEAD', main);
  const base = branch !== undefined && branch !== head ? branch : earlierOnMain(head);
  const hasProtos = base !== undefined && git('cat-file', '-e', `${base}:${PROTOS}`) !== undefined;
  return hasProtos ? base : { skip: 'the protos have no earlier version to compare with' };
}

function earlierOnMain(head: string): string | undefined {
  if (git('status', '--porcelain', PROTOS) !== '') return head;
  const lastChange = git('log', '-1', '--format=%H', '--', PROTOS);
  return git('rev-parse', '--verify', `${lastChange}~1`);
}

/** What git prints, or nothing when it refuses. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      cwd: rootDir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
