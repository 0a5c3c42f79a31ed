import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { completionScript } from './shell-completion.ts';

const program = new Command('rollcall').addOption(
  new Option('-o, --output <format>').choices(['table', 'json']),
);
program.command('apply').summary("what's set").option('--wait', 'wait').option('-f <path>');
program.command('get').addOption(new Option('--state <state>').choices(['on', 'off']));
program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'fish']));

/** What bash offers for a line whose last word is being typed. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _rollcall`;
  const script = `${completionScript(program, 'bash')}\n${ask}; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
}

test('bash completes commands, their options, those of all, and choices', () => {
  assert.deepEqual(offered('rollcall', ''), [
    ...['apply', 'get', 'completion', '--output', '--help'],
  ]);
  assert.deepEqual(offered('rollcall', 'ap'), ['apply']);
  assert.deepEqual(offered('rollcall', 'apply', '--w'), ['--wait']);
  assert.deepEqual(offered('rollcall', 'get', '--'), ['--state', '--help', '--output']);
  assert.deepEqual(offered('rollcall', 'get', '--state', ''), ['on', 'off']);
  assert.deepEqual(offered('rollcall', '--output', 'j'), ['json']);
  assert.deepEqual(offered('rollcall', 'get', '-o', ''), ['table', 'json']);
  assert.deepEqual(offered('rollcall', 'completion', 'f'), ['fish']);
});

test('zsh takes the same, and fish a line for each', () => {
  assert.match(completionScript(program, 'zsh'), /^autoload .*bashcompinit\n_rollcall\(\) \{/);
  const lines = completionScript(program, 'fish').trimEnd().split('\n');
  assert(lines.every((line) => line.startsWith('complete -c rollcall ')));
  assert.ok(
    lines.includes(
      String.raw`complete -c rollcall -n __fish_use_subcommand -f -a apply -d 'what\'s set'`,
    ),
  );
  assert.ok(
    lines.includes(
      "complete -c rollcall -n '__fish_seen_subcommand_from get' -l state -x -a 'on off' -d ''",
    ),
  );
});
