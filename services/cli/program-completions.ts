import { type Command, Option } from 'commander';
import { receipts, status, wait } from './commands/completions.ts';
import { events } from './commands/events.ts';
import { explain } from './commands/explain.ts';
import { watchStatus } from './commands/watch.ts';
import { counter, EXIT_CODES, type Run, withTimeout } from './program-parts.ts';

/** status, explain, events, receipts, wait. */
export function addCompletionCommands(program: Command, run: Run): void {
  program
    .command('status')
    .summary('show where configs stand, and who blocks')
    .argument(
      '[ENV/ID...]',
      'configs; an id alone is that config in every environment; all by default',
    )
    .option('--env <env,…>', 'environments; all by default')
    .option('--watch', 'go on with each change, until Ctrl-C')
    .addHelpText('after', '\nExample: rollcall status --env 10 shop.web --watch')
    .action((names: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) =>
        options.watch ? watchStatus(context, names, options) : status(context, names, options),
      ),
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
  addHistoryCommands(program, run);
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

function addHistoryCommands(program: Command, run: Run): void {
  program
    .command('events')
    .summary('show what an aggregator saw of a config, or of an agent')
    .argument('<ENV/ID>', 'a config; with --agent an agent')
    .option('--env <env>', 'environment, when the name stands alone')
    .option('--agent', 'the name is that of an agent')
    .addHelpText('after', '\nExample: rollcall events --agent 10/agent-7')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => events(context, name, options)),
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
}
