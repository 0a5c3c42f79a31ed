import { type Command, Option } from 'commander';
import { environments } from './commands/environments.ts';
import { agents, controllers, decommission, setEnvironment } from './commands/members.ts';
import { migrateTables } from './commands/migrate.ts';
import { counter, type Run } from './program-parts.ts';

/** Everything about who is there, and the tables. */
export function addMemberCommands(program: Command, run: Run): void {
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
