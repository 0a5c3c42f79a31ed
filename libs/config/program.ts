import { ExitError, HelpRequested, UsageError } from './errors.ts';

/** Exit code of wrong usage, as in POSIX tools. */
const USAGE_EXIT_CODE = 2;

/**
 * Runs a program's main function and turns its end into an exit code: 0, 2 with every problem for
 * UsageError, ExitError's own, 1 for anything else. Sets `process.exitCode`; does not exit by itself,
 * so that what is still open shows.
 */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof HelpRequested) {
    process.stdout.write(error.text);
    return 0;
  }
  if (error instanceof UsageError) {
    const lines = error.problems.map((problem) => `  ${problem}\n`);
    process.stderr.write(`cannot start, the settings are wrong:\n${lines.join('')}`);
    return USAGE_EXIT_CODE;
  }
  if (error instanceof ExitError) {
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 1;
}
