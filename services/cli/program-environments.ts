import { type Command, Option } from 'commander';
import { environments } from './commands/environments.ts';
import { setEnvironment } from './commands/members.ts';
import { counter, type Run } from './program-parts.ts';

/** Environments, and the tables. */
export function addEnvironmentCommands(program: Command, run: Run): void {
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
      run(command.optsWithGlobals(), async (context) => {
        // The only command that needs MySQL's libraries, which take longer to load than the rest.
        const { migrateTables } = await import('./commands/migrate.ts');
        return await migrateTables(context, options);
      }),
    );
}
