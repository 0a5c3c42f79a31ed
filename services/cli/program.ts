import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { shutdownSignal } from '#libs/lifecycle';
import type { CommandContext } from './command-context.ts';
import { apply } from './commands/apply.ts';
import { receipts, status, wait } from './commands/completions.ts';
import { deleteConfigs, get, list } from './commands/configs.ts';
import { environments } from './commands/environments.ts';
import { explain } from './commands/explain.ts';
import { agents, controllers, decommission, setEnvironment } from './commands/members.ts';
import { migrateTables } from './commands/migrate.ts';
import type { EndpointFlags, Variables } from './config.ts';
import { EXIT, type ExitCode, explainError } from './exit-codes.ts';
import { FORMATS, type Format, Printer, type Screen } from './output/printer.ts';
import { Progress } from './output/progress.ts';
import { createServices } from './services.ts';

/** What the command has of its process. */
export interface CliProcess {
  readonly env: Variables;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
}

interface GlobalFlags extends EndpointFlags {
  output: Format;
}

type Action = (context: CommandContext) => Promise<ExitCode>;

const DESCRIPTION =
  'Delivers ingress configs to every cluster and shows that they are in force. The services are ' +
  'found by --controller and --aggregator, by ROLLCALL_CONTROLLER and ROLLCALL_AGGREGATOR, or by ' +
  'the .local/endpoints.json of a system started with "npm run dev".';

const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 usage, 3 superseded, 4 failed on an agent, 5 timed out.`;

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
    for (const line of explained.lines) io.stderr.write(`${line}\n`);
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
  await using services = createServices({ flags, env, cwd, signal });
  return await action({
    ...{ services, progress, stdin, signal },
    print: new Printer(flags.output, { stdout, env }),
    note: (line) => {
      progress.clear();
      stderr.write(`${line}\n`);
    },
  });
}

type Run = (flags: GlobalFlags, action: Action) => Promise<void>;

function createProgram({ stdout, stderr }: CliProcess, run: Run): Command {
  const program = new Command('rollcall')
    .description(DESCRIPTION)
    .version(packageVersion())
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
  addCompletionCommands(program, run);
  addMemberCommands(program, run);
  return program;
}

function addConfigCommands(program: Command, run: Run): void {
  withWait(
    program
      .command('apply')
      .summary('set the configs of files')
      .description(
        'Sets the configs of a YAML or JSON file (several documents allowed), of a folder, or of ' +
          'standard input (-). The id is <namespace>.<name> of the manifest, the labels are its ' +
          'own. All are checked before the first is set.',
      )
      .requiredOption('-f, --filename <path>', 'file, folder or -')
      .option('--env <env,…>', 'environments')
      .option('--all-envs', 'every environment that has agents or configs')
      .option('--id <id>', 'id, for a single document')
      .option('-l, --labels <k=v,…>', 'more labels')
      .option('--note <text>', 'note for the history')
      .option('--dry-run', 'check only')
      .addOption(
        new Option('--policy <policy>', 'proof that completion needs')
          .choices(['applied', 'verified'])
          .default('applied'),
      ),
  )
    .addHelpText('after', '\nExample: rollcall apply -f shop.yaml --env 1,2 --wait' + EXIT_CODES)
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => apply(context, options)),
    );
  program
    .command('get')
    .summary('show one config')
    .argument('<ENV/ID>')
    .option('--env <env>', 'environment, when the name is an id alone')
    .option('--show-deleted', 'also a deleted one')
    .addHelpText('after', '\nExample: rollcall get 10/shop.web -o yaml')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => get(context, name, options)),
    );
  program
    .command('list')
    .summary('list configs')
    .option('--env <env,…>', 'environments; all by default')
    .option('-l, --selector <k=v,…>', 'only configs with these labels')
    .addHelpText('after', '\nExample: rollcall list --env 10 -l team=shop')
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => list(context, options)),
    );
  withWait(
    program
      .command('delete')
      .summary('delete configs')
      .argument('<ENV/ID...>')
      .option('--env <env>', 'environment, when the names are ids alone')
      .option('--note <text>', 'note for the history'),
  )
    .addHelpText('after', `\nExample: rollcall delete 10/shop.web --wait${EXIT_CODES}`)
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => deleteConfigs(context, names, options)),
    );
}

function addCompletionCommands(program: Command, run: Run): void {
  program
    .command('status')
    .summary('show where configs stand, and who blocks')
    .argument(
      '[ENV/ID...]',
      'configs; an id alone is that config in every environment; all by default',
    )
    .option('--env <env,…>', 'environments; all by default')
    .addHelpText('after', '\nExample: rollcall status --env 10 shop.web')
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => status(context, names, options)),
    );
  program
    .command('explain')
    .summary('say where a config stands, why, and what to do about it')
    .argument('<ENV/ID>')
    .option('--env <env>', 'environment, when the name is an id alone')
    .addHelpText('after', '\nExample: rollcall explain 10/shop.web')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => explain(context, name, options)),
    );
  program
    .command('receipts')
    .summary('list the proofs that configs were in force, or gone')
    .argument('[ENV/ID...]', 'configs; all by default')
    .option('--env <env,…>', 'environments; all by default')
    .addHelpText('after', '\nExample: rollcall receipts 10/shop.web')
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => receipts(context, names, options)),
    );
  withTimeout(
    program
      .command('wait')
      .summary('wait until configs are in force, or gone')
      .argument('<ENV/ID...>')
      .option('--env <env>', 'environment, when the names are ids alone')
      .option('--generation <n>', 'generation; the current one by default', counter, 0)
      .addOption(
        new Option('--for <goal>', 'what to wait for')
          .choices(['complete', 'deleted'])
          .default('complete'),
      ),
  )
    .addHelpText('after', `\nExample: rollcall wait 10/shop.web --timeout 60${EXIT_CODES}`)
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => wait(context, names, options)),
    );
}

function addMemberCommands(program: Command, run: Run): void {
  program
    .command('envs')
    .summary('list environments, the worst first')
    .addHelpText('after', '\nExample: rollcall envs')
    .action((_, command: Command) => run(command.optsWithGlobals(), environments));
  program
    .command('set-env')
    .summary('change the settings of an environment')
    .argument('<ENV>')
    .requiredOption(
      '--min-agents <n>',
      'members needed before anything counts as complete',
      counter,
    )
    .addHelpText('after', '\nExample: rollcall set-env 10 --min-agents 3')
    .action((env: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => setEnvironment(context, env, options)),
    );
  program
    .command('decommission')
    .summary('take lost agents off the roster for good')
    .argument('<ENV/NAME...>')
    .option('--env <env>', 'environment, when the names stand alone')
    .addHelpText('after', '\nExample: rollcall decommission 10/agent-7')
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => decommission(context, names, options)),
    );
  program
    .command('agents')
    .summary('list agents, the lost ones too')
    .option('--env <env,…>', 'environments; all by default')
    .addHelpText('after', '\nExample: rollcall agents --env 10')
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => agents(context, options)),
    );
  program
    .command('controllers')
    .summary('list controllers')
    .addHelpText('after', '\nExample: rollcall controllers -o json')
    .action((_, command: Command) => run(command.optsWithGlobals(), controllers));
  program
    .command('migrate')
    .summary('bring the tables in MySQL up to date')
    .addHelpText('after', '\nExample: rollcall migrate --mysql-url mysql://root@127.0.0.1/rollcall')
    .addOption(
      new Option('--mysql-url <url>', 'mysql://user:password@host:port/database')
        .env('MYSQL_URL')
        .makeOptionMandatory(),
    )
    .addOption(new Option('--mysql-ca <file>', 'TLS with this CA (PEM)').env('MYSQL_CA'))
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => migrateTables(context, options)),
    );
}

function withWait(command: Command): Command {
  return withTimeout(command.option('--wait', 'wait until every live agent has executed it'));
}

function withTimeout(command: Command): Command {
  return command
    .option('--timeout <seconds>', 'longest wait', seconds, 300)
    .option('--no-exceptions', 'lost agents are waited for, too');
}

function counter(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a number from 0');
  return Number(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('must be 0 to 86400 seconds');
  return value;
}

function packageVersion(): string {
  const url = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
