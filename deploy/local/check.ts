import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ExitError } from '#libs/config';
import { breakingChanges, earlierVersion } from './breaking.ts';
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
  { name: 'breaking', run: async (signal) => await breaking(signal) },
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

async function breaking(signal: AbortSignal): Promise<Outcome> {
  const base = earlierVersion(rootDir);
  if (typeof base === 'string') {
    const found = await breakingChanges({ root: rootDir, base, signal });
    return found === '' ? OK : { state: 'FAILED', text: found };
  }
  // Where nobody looks at the output, a check that was left out is a check that nobody has.
  return { state: process.env['CI'] ? 'FAILED' : 'SKIPPED', text: base.missing };
}
