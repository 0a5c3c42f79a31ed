import type { Command } from 'commander';
import { listContexts, useContext } from './commands/contexts.ts';
import type { Run } from './program-parts.ts';

const FILE = `
~/.config/rollcall/config.yaml, or the file that ROLLCALL_CONFIG names, holds them:
  current: lab
  contexts:
    lab: {controller: 'lab:50051', aggregator: 'lab:50052'}
    prod: {controller: 'a:50051,b:50051', aggregator: 'c:50051', tls-ca: /etc/ca.pem}
`;

/** contexts, use-context. */
export function addContextCommands(program: Command, run: Run): void {
  program
    .command('contexts')
    .summary('list contexts, and which one commands take')
    .addHelpText('after', `${FILE}\nExample: rollcall contexts`)
    .action((_, command: Command) =>
      run(command.optsWithGlobals(), (context) => listContexts(context, command.optsWithGlobals())),
    );
  program
    .command('use-context')
    .summary('make a context the current one')
    .argument('<NAME>')
    .addHelpText('after', '\nExample: rollcall use-context prod')
    .action((name: string, _, command: Command) =>
      run(command.optsWithGlobals(), (context) => useContext(context, name)),
    );
}
