import type { Command } from 'commander';
import { agent } from './commands/agent.ts';
import { agents, controllers, decommission } from './commands/members.ts';
import { hostPort, type Run } from './program-parts.ts';

/** Everything about who is there. */
export function addMemberCommands(program: Command, run: Run): void {
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
    .command('agent')
    .summary('show what one agent has in force, asked at the agent itself')
    .argument('<ENV/NAME>')
    .option('--env <env>', 'environment, when the name stands alone')
    .option('--config <id>', 'one config alone, with its last tries')
    .option('--watch', 'print what it does as it happens, until Ctrl-C')
    .option('--address <host:port>', 'where the agent is; as it is registered by default', hostPort)
    .addHelpText('after', '\nExample: rollcall agent 10/agent-7 --config shop.web')
    .action((name: string, options, command: Command) =>
      run(command.optsWithGlobals(), (context) => agent(context, name, options)),
    );
  program
    .command('controllers')
    .summary('list controllers')
    .addHelpText('after', '\nExample: rollcall controllers -o json')
    .action((_, command: Command) => run(command.optsWithGlobals(), controllers));
}
