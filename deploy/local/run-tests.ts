import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ExitError } from '#libs/config';
import { startChild } from './child.ts';
import { openDockerServers } from './docker.ts';
import { nodeBinary, rootDir } from './paths.ts';
import { prepareServers } from './servers.ts';

/** Two files at a time: each may run a whole system, and a small machine has two processors. */
const CONCURRENCY = 2;

/** A file that hangs must not hang the run; outages of minutes and a hundred kills take their time. */
const FILE_TIMEOUT_MS = process.env['ROLLCALL_LONG_PAUSES'] === '1' ? 3_600_000 : 300_000;

/** They hold times under load against a promise: for a machine that does nothing else. */
const ONLY_WHEN_NAMED = ['test/faults/leader.test.ts', 'test/faults/stampede.test.ts'];

const HELP = `usage: npm test [-- FILE|WORD...] [--concurrency N] [--name PATTERN]

Installs etcd and MariaDB under .local/ when the machine has none, then runs the tests: units beside
their sources, and everything under test/. Only when they are named, because they hold times against a
promise and want a machine of their own:
  ${ONLY_WHEN_NAMED.join('\n  ')}

  FILE|WORD          only files whose path contains one of these
  --concurrency N    files at a time (${CONCURRENCY})
  --name PATTERN     only tests whose name matches
  --help             this text

  ROLLCALL_LONG_PAUSES=1      outages of minutes, a hundred kills; a file may take an hour, not 5 minutes
  ETCD_ENDPOINTS, MYSQL_URL   existing servers for tests that break nothing
`;

/** Runs the tests in one process of the test runner, so that there is one summary. */
export async function runTests(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      concurrency: { type: 'string', default: String(CONCURRENCY) },
      name: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const files = testFiles(positionals);
  if (files.length === 0) throw new ExitError(2, 'no test file matches');
  await using opened = new AsyncDisposableStack();
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (!(await prepareServers((line) => console.error(line)))) {
    // Tests that stop a server say that they cannot; the others use the containers.
    const docker = opened.use(await openDockerServers());
    Object.assign(env, { ETCD_ENDPOINTS: docker.etcd, MYSQL_URL: docker.mysqlUrl });
  }
  await using runner = startChild({
    command: nodeBinary,
    args: [
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${values.concurrency}`,
      `--test-timeout=${FILE_TIMEOUT_MS}`,
      ...(values.name === undefined ? [] : [`--test-name-pattern=${values.name}`]),
      ...files,
    ],
    cwd: rootDir,
    env,
    logFile: undefined,
  });
  // The runner ends its files when it is interrupted.
  const interrupt = () => runner.signal('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  const exit = await runner.exited;
  signal.removeEventListener('abort', interrupt);
  if (exit.code !== 0) throw new ExitError(exit.code ?? 1, 'tests failed');
}

/**
 * Units first: what is broken at the bottom shows before what it breaks above. Then what computes alone and
 * long, so that nothing of it is left at the end, when one processor would wait for the other.
 */
function testFiles(words: readonly string[]): string[] {
  const quick = ['libs/**', 'services/**', 'deploy/**', 'proto/**'];
  const quickTests = ['check', 'manifests', 'support', 'bench'].map((name) => `test/${name}/**`);
  const long = ['test/oracle/**', 'test/model/**'];
  const tiers = [...quick, ...quickTests, ...long, 'test/integration/**', 'test/e2e/**', 'test/**'];
  const files = tiers.flatMap((tier) => globSync(`${tier}/*.test.ts`, { cwd: rootDir }).toSorted());
  const unique = [...new Set(files.map((file) => join(file)))];
  if (words.length === 0) return unique.filter((file) => !ONLY_WHEN_NAMED.includes(file));
  return unique.filter((file) => words.some((word) => file.includes(word.replace(/^\.\//, ''))));
}
