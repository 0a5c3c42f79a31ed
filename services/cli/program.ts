import type { Readable } from 'node:stream';
import { Argument, Command, CommanderError, Option } from 'commander';
import { packageVersion } from '#libs/config';
import { shutdownSignal } from '#libs/lifecycle';
import type { Variables } from './config.ts';
import { flagsWithContext } from './contexts.ts';
import { EXIT, type ExitCode, explainError } from './exit-codes.ts';
import { FORMATS, Printer, type Screen } from './output/printer.ts';
import { Progress } from './output/progress.ts';
import { oneLine } from './output/values.ts';
import { addCompletionCommands } from './program-completions.ts';
import { addConfigCommands } from './program-configs.ts';
import { addContextCommands } from './program-contexts.ts';
import { addEnvironmentCommands } from './program-environments.ts';
import { addGenerationCommands } from './program-history.ts';
import { addMemberCommands } from './program-members.ts';
import { addOperatorCommands } from './program-operators.ts';
import { type Action, EXIT_CODES, type GlobalFlags, type Run } from './program-parts.ts';
import { createServices } from './services.ts';
import { completionScript, SHELLS, type Shell } from './shell-completion.ts';

/** What the command has of its process. */
export interface CliProcess {
  readonly env: Variables;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
}

const DESCRIPTION =
  'Delivers ingress configs to every cluster and shows that they are in force. The services are ' +
  'found by --controller and --aggregator, by ROLLCALL_CONTROLLER and ROLLCALL_AGGREGATOR, by a ' +
  'context of ~/.config/rollcall/config.yaml, or by the .local/endpoints.json of a system started ' +
  'with "npm run dev".';

/** Runs one command line; resolves with the exit code. Ctrl-C cancels what is under way. */
export async function runCli(argv: readonly string[], io: CliProcess): Promise<ExitCode> {
  const signal = shutdownSignal();
  let code: ExitCode = EXIT.DONE;
  const program = createProgram(io, async (flags, action) => {
    code = await runAction(flags, action, io, signal);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.DONE : EXIT.USAGE;
    if (signal.aborted) return EXIT.INTERRUPTED;
    const explained = explainError(error);
    for (const line of explained.lines) io.stderr.write(`${oneLine(line)}\n`);
    return explained.code;
  }
}

async function runAction(
  flags: GlobalFlags,
  action: Action,
  { env, cwd, stdin, stdout, stderr }: CliProcess,
  signal: AbortSignal,
): Promise<ExitCode> {
  const progress = new Progress(stderr);
  await using services = createServices({
    ...{ env, cwd, signal },
    flags: () => flagsWithContext(flags, env),
  });
  return await action({
    ...{ services, progress, stdin, env, signal },
    print: new Printer(flags.output, { stdout, env }),
    note: (line) => {
      progress.clear();
      stderr.write(`${line}\n`);
    },
  });
}

/** The definitions of all commands. `run`: carries one out. */
export function createProgram(
  { stdout, stderr }: Pick<CliProcess, 'stdout' | 'stderr'>,
  run: Run,
): Command {
  const program = new Command('rollcall')
    .description(DESCRIPTION)
    .version(packageVersion())
    .option('--context <name>', 'where the services are, by name; ROLLCALL_CONTEXT')
    .option('--controller <host:port,…>', 'controllers, asked in turn')
    .option('--aggregator <host:port,…>', 'status aggregators, asked in turn')
    .option('--tls', "TLS with the system's CAs")
    .option('--tls-ca <file>', 'TLS with this CA (PEM); ROLLCALL_TLS_CA')
    .option('--tls-cert <file>', 'client certificate (PEM); ROLLCALL_TLS_CERT')
    .option('--tls-key <file>', 'client key (PEM); ROLLCALL_TLS_KEY')
    .addOption(
      new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('table'),
    )
    .addHelpText('after', '\nExample: rollcall status --env 10' + EXIT_CODES)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
  addConfigCommands(program, run);
  addGenerationCommands(program, run);
  addCompletionCommands(program, run);
  addEnvironmentCommands(program, run);
  addMemberCommands(program, run);
  addOperatorCommands(program, run);
  addContextCommands(program, run);
  addShellCompletion(program);
  return program;
}

/** It needs no service: what it prints is made of the commands alone. */
function addShellCompletion(program: Command): void {
  program
    .command('completion')
    .summary('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nExample: rollcall completion bash > ~/.rollcall-completion')
    .action((shell: Shell) => {
      program.configureOutput().writeOut?.(completionScript(program, shell));
    });
}
