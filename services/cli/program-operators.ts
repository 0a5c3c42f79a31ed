import type { Command } from 'commander';
import {
  confirmRowLoss,
  controlPlane,
  rebaseGenerations,
  resumeRemovals,
} from './commands/operators.ts';
import { counter, type Run } from './program-parts.ts';

/** control-plane, resume-removals, confirm-row-loss, rebase-generations. */
export function addOperatorCommands(program: Command, run: Run): void {
  program
    .command('control-plane')
    .summary('show whether etcd is kept equal to MySQL, and if not, why')
    .addHelpText('after', '\nExample: rollcall control-plane')
    .action((_, command: Command) => run(command.optsWithGlobals(), controlPlane));
  program
    .command('resume-removals')
    .summary('let agents remove what they hold back')
    .description(
      'Agents remove at most a tenth of their configs without the evidence of a tombstone, and hold ' +
        'the rest (BRAKE). This lets them go on, for as long as etcd stays in its epoch.',
    )
    .argument('<ENV...>')
    .option('--yes', 'do it')
    .addHelpText('after', '\nExample: rollcall resume-removals 10 --yes')
    .action((envs: string[], options, command: Command) =>
      run(command.optsWithGlobals(), (context) => resumeRemovals(context, envs, options)),
    );
  program
    .command('confirm-row-loss')
    .summary('accept that MySQL lost most of its configs')
    .description(
      'The controllers stand still when more than half of the live configs are gone from MySQL. This ' +
        'says that what is left is right. Without --yes it shows what there is to confirm.',
    )
    .option('--live-rows <n>', 'live configs that MySQL has, and that are right', counter)
    .option('--yes', 'do it')
    .addHelpText('after', '\nExample: rollcall confirm-row-loss --live-rows 12 --yes')
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => confirmRowLoss(context, options)),
    );
  program
    .command('rebase-generations')
    .summary('after a restore of MySQL: lift all generations above everything seen')
    .description(
      'Agents take no generation that is at or below what they have, and a MySQL restored from a ' +
        'backup is behind them. This lifts every config and every delete above a base; contents ' +
        'stay, live configs are published anew. Without --yes it shows what it would do.',
    )
    .option(
      '--base <n>',
      'lift above this generation; a million above all seen by default',
      counter,
    )
    .option('--yes', 'do it')
    .addHelpText('after', '\nExample: rollcall rebase-generations --yes')
    .action((options, command: Command) =>
      run(command.optsWithGlobals(), (context) => rebaseGenerations(context, options)),
    );
}
