import type { Command } from 'commander';
import { diff, history, rollback } from './commands/history.ts';
import { count, counter, EXIT_CODES, type Run, withWait } from './program-parts.ts';

/** history, diff, rollback. */
export function addGenerationCommands(program: Command, run: Run): void {
  program
    .command('history')
    .summary('list the generations of a config: who made them, when and why')
    .argument('<ENV/ID>')
    .option('--env <env>', 'environment, when the name is an id alone')
    .option('--limit <n>', 'at most this many, the newest', count, 50)
    .addHelpText('after', '\nExample: rollcall history 10/shop.web')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => history(context, name, options)),
    );
  program
    .command('diff')
    .summary('show what differs between two generations of a config')
    .argument('<ENV/ID>')
    .option('--env <env>', 'environment, when the name is an id alone')
    .option('--from <generation>', 'older side; the one before by default', counter, 0)
    .option('--to <generation>', 'newer side; the current one by default', counter, 0)
    .option('-U, --unified <lines>', 'unchanged lines around each change', counter, 3)
    .addHelpText('after', '\nExample: rollcall diff 10/shop.web --from 3')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => diff(context, name, options)),
    );
  withWait(
    program
      .command('rollback')
      .summary('set a config to what an earlier generation was')
      .description(
        'Makes a new generation with the content, labels and policy of an earlier one, also of a ' +
          'config that is deleted by now.',
      )
      .argument('<ENV/ID>')
      .requiredOption('--to <generation>', 'generation whose content to take', counter)
      .option('--env <env>', 'environment, when the name is an id alone')
      .option('--expect <generation>', 'only if this one is current; 0: if deleted', counter)
      .option('--note <text>', 'note for the history'),
  )
    .addHelpText('after', `\nExample: rollcall rollback 10/shop.web --to 3 --wait${EXIT_CODES}`)
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => rollback(context, name, options)),
    );
}
