import { runProgram } from '#libs/config';
import { shutdownSignal } from '#libs/lifecycle';

type Command = (args: readonly string[], signal: AbortSignal) => Promise<void>;

// Loaded when asked for: a broken service must not keep `check` from saying so.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demo,
  dev: async () => (await import('./dev.ts')).dev,
  test: async () => (await import('./run-tests.ts')).runTests,
  check: async () => (await import('./check.ts')).check,
};

/** A shell's code for a command that Ctrl-C ended. */
const INTERRUPTED_EXIT_CODE = 130;

const [name = '', ...args] = process.argv.slice(2);
const stop = shutdownSignal();
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
// The bootstrap was killed: its end of the channel is closed.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

await runProgram(async () => {
  const load = COMMANDS[name];
  if (load === undefined) throw new Error(`unknown command "${name}"`);
  const command = await load();
  try {
    await command(args, stop);
  } catch (error) {
    // Interrupted before it was done; what went wrong on the way down is of no interest.
    if (!stop.aborted) throw error;
    process.exitCode = INTERRUPTED_EXIT_CODE;
  }
});
process.exit();
