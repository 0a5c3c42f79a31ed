import { type Command, Option } from 'commander';
import { apply } from './commands/apply.ts';
import { deleteConfigs, get, list } from './commands/configs.ts';
import { counter, EXIT_CODES, type Run, withWait } from './program-parts.ts';

/** apply, get, list, delete. */
export function addConfigCommands(program: Command, run: Run): void {
  addApplyCommand(program, run);
  program
    .command('get')
    .summary('show one config')
    .argument('<ENV/ID>')
    .option('--env <env>', 'environment, when the name is an id alone')
    .option('--show-deleted', 'also a deleted one')
    .option('--generation <n>', 'as it was in this generation', counter)
    .addHelpText('after', '\nExample: rollcall get 10/shop.web -o yaml')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => get(context, name, options)),
    );
  program
    .command('list')
    .summary('list configs')
    .option('--env <env,…>', 'environments; all by default')
    .option('-l, --selector <k=v,…>', 'only configs with these labels')
    .option('--text <text>', 'only configs whose id or note contains this')
    .addOption(
      new Option('--state <state>', 'only what is in etcd already, or is not').choices([
        'pending',
        'published',
      ]),
    )
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
      .option('--expect <generation>', 'only if this one is current; for a single config', counter)
      .option('--note <text>', 'note for the history'),
  )
    .addHelpText('after', `\nExample: rollcall delete 10/shop.web --wait${EXIT_CODES}`)
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => deleteConfigs(context, names, options)),
    );
}

function addApplyCommand(program: Command, run: Run): void {
  withWait(
    program
      .command('apply')
      .summary('set the configs of files')
      .description(
        'Sets the configs of a YAML or JSON file (several documents allowed), of a folder, or of ' +
          'standard input (-). The id is <namespace>.<name> of the manifest, the labels are its ' +
          'own. All are checked, and what would happen is told, before the first is set.',
      )
      .requiredOption('-f, --filename <path>', 'file, folder or -')
      .option('--env <env,…>', 'environments')
      .option('--all-envs', 'every environment that has agents or configs')
      .option('--id <id>', 'id, for a single document')
      .option('-l, --labels <k=v,…>', 'more labels')
      .option(
        '--expect <generation>',
        'only if this one is current; 0: if there is none; for a single config',
        counter,
      )
      .option('--prune', 'delete configs with the labels of -l that are in no file')
      .option('--yes', 'prune without asking')
      .option('--note <text>', 'note for the history')
      .option('--dry-run', 'check and show the plan only')
      .option('--ask-agents', 'with --dry-run: also ask the live agents')
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
}
