import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { createProgram } from '#services/cli/program.ts';

const HELP_WIDTH = 96;

const HEAD = `# The command line

What \`rollcall COMMAND --help\` prints, for every command. Exit codes, contexts and output formats are those
of [rollcall](#rollcall) itself. Reasons in errors are explained in [errors.md](errors.md).
`;

/** docs/cli.md, from the definitions of the commands. */
export function cliReference(): string {
  const output = new PassThrough();
  const program = createProgram({ stdout: output, stderr: output }, async () => undefined);
  const commands = [program, ...program.commands];
  const list = program.commands.map(
    (command) => `- [${command.name()}](#${anchorOf(titleOf(command))}): ${command.summary()}`,
  );
  return `${[HEAD, list.join('\n'), ...commands.map(sectionOf)].join('\n').trimEnd()}\n`;
}

function sectionOf(command: Command): string {
  return `\n## ${titleOf(command)}\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`;
}

function titleOf(command: Command): string {
  return command.parent ? `rollcall ${command.name()}` : 'rollcall';
}

function anchorOf(title: string): string {
  return title.replaceAll(' ', '-');
}

function helpOf(command: Command): string {
  let text = '';
  command
    .configureHelp({ helpWidth: HELP_WIDTH })
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
    })
    .outputHelp();
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
