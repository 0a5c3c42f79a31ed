import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that makes a shell complete the program's commands, options and choices. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fishScript(program);
  // zsh takes bash's functions once it is asked to.
  const head = shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : [];
  return [...head, bashScript(program)].join('\n');
}

function bashScript(program: Command): string {
  const names = program.commands.map((command) => command.name());
  const globals = longOptions(program);
  const choices = [program, ...program.commands].flatMap((command) =>
    command.options.flatMap((option) => choicesCase(command, option)),
  );
  return `_rollcall() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names.join('|')}) command="$word"; break ;; esac
  done
  case "$command $prev" in
${choices.map((line) => `    ${line}`).join('\n')}
    *) case "$command" in
      "") words="${[...names, ...globals].join(' ')}" ;;
${program.commands
  .map((command) => `      ${command.name()}) words="${wordsOf(command, globals)}" ;;`)
  .join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _rollcall rollcall
`;
}

/** What follows an option that takes one of a few values. */
function choicesCase(command: Command, option: Option): string[] {
  if (!option.argChoices) return [];
  const at = command.parent ? command.name() : '*';
  const flags = [option.long, option.short].flatMap((flag) => flag ?? []);
  const patterns = flags.map((flag) => `${at}" ${flag}"`).join('|');
  return [`${patterns}) words="${option.argChoices.join(' ')}" ;;`];
}

function wordsOf(command: Command, globals: readonly string[]): string {
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return [...new Set([...choices, ...longOptions(command), ...globals])].join(' ');
}

function longOptions(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => (long ? [long] : [])), '--help'];
}

function fishScript(program: Command): string {
  const lines = [
    ...program.options.map((option) => fishOption(option, '')),
    ...program.commands.flatMap((command) => {
      const inCommand = `-n '__fish_seen_subcommand_from ${command.name()}' `;
      const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
      return [
        `-n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.summary())}`,
        ...command.options.map((option) => fishOption(option, inCommand)),
        ...choices.map((choice) => `${inCommand}-f -a ${choice}`),
      ];
    }),
  ];
  return lines.map((line) => `complete -c rollcall ${line}\n`).join('');
}

function fishOption({ long, short, argChoices, required, description }: Option, when: string) {
  const names = [
    ...(long ? [`-l ${long.replace(/^--/, '')}`] : []),
    ...(short ? [`-s ${short.replace(/^-/, '')}`] : []),
  ].join(' ');
  const values = argChoices ? ` -x -a ${quoted(argChoices.join(' '))}` : required ? ' -r' : '';
  return `${when}${names}${values} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
