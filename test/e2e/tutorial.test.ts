// docs/tutorial.md as a reader goes through it: every command as it is written, in one shell, and what
// it prints against what the page says. `…` in the page stands for anything on a line; alone, for lines.

import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rootDir } from '#local';
import { eventually } from '#test/eventually';

const START_TIMEOUT_MS = 120_000;
const BLOCK_TIMEOUT_MS = 60_000;
const ANYTHING = '…';

interface Block {
  readonly commands: string;
  /** Lines that are printed; empty when the page shows none. */
  readonly printed: readonly string[];
  /** The commands stay in a terminal of their own. */
  readonly isFirstTerminal: boolean;
}

/** The commands of a page, each with the output that follows it. */
function blocksOf(page: string): Block[] {
  const fences = [...page.matchAll(/^```(\S+) ?(\S*)\n([\s\S]*?)^```$/gm)];
  return fences.flatMap(([, language, mark, commands = ''], index) => {
    if (language !== 'sh') return [];
    const [, next, , output = ''] = fences[index + 1] ?? [];
    const printed = next === 'text' ? linesOf(output) : [];
    return [{ commands, printed, isFirstTerminal: mark === 'first-terminal' }];
  });
}

/** Without the spaces that align columns, and without what npm says of the machine's settings. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('npm warn'));
  return lines.map((line) => line.replaceAll(/ +/g, ' ').trimEnd()).filter((line) => line !== '');
}

/** Whether lines are as a page shows them. */
function areAsShown(lines: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first === ANYTHING) {
    return lines.some((_, from) => areAsShown(lines.slice(from), rest)) || rest.length === 0;
  }
  const pattern = first.split(ANYTHING).map((part) => RegExp.escape(part));
  const [line] = lines;
  const isAsShown = line !== undefined && new RegExp(`^${pattern.join('.*')}$`).test(line);
  return isAsShown && areAsShown(lines.slice(1), rest);
}

/** A shell that goes on from block to block. */
class Shell implements AsyncDisposable {
  readonly #bash: ChildProcessWithoutNullStreams;
  #printed = '';
  #count = 0;

  constructor() {
    this.#bash = spawn('bash', ['--noprofile', '--norc'], { cwd: rootDir });
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#printed += text;
    });
    this.#bash.stdin.write('exec 2>&1\n');
  }

  /** What the commands print on both streams. */
  async run(commands: string): Promise<string> {
    this.#printed = '';
    this.#count += 1;
    const end = `end of block ${this.#count}`;
    this.#bash.stdin.write(`${commands}\necho '${end}'\n`);
    const isOver = async () => this.#printed.includes(end);
    await eventually(isOver, { timeoutMs: BLOCK_TIMEOUT_MS, what: commands });
    return this.#printed.slice(0, this.#printed.indexOf(end));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#bash, 'exit');
    this.#bash.kill('SIGKILL');
    await exited;
  }
}

/** A command that stays until it is stopped as by Ctrl-C, which reaches all that it started. */
class Terminal implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  printed = '';

  constructor(commands: string) {
    this.#child = spawn('bash', ['-c', commands], { cwd: rootDir, detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    process.kill(-(this.#child.pid ?? 0), 'SIGINT');
    await exited;
  }
}

const missing = ['bash', 'curl', 'pkill'].filter(
  (name) => spawnSync(name, ['--version']).error !== undefined,
);

test('the tutorial does what it says', {
  skip: missing.length > 0 && `needs ${missing.join(', ')}`,
}, async () => {
  const blocks = blocksOf(readFileSync(join(rootDir, 'docs/tutorial.md'), 'utf8'));
  assert(blocks.length > 10 && blocks[0]?.isFirstTerminal);
  await using stack = new AsyncDisposableStack();
  const shell = stack.use(new Shell());
  for (const { commands, printed, isFirstTerminal } of blocks) {
    if (isFirstTerminal) {
      const terminal = stack.use(new Terminal(commands));
      const isUp = async () => areAsShown(linesOf(terminal.printed), printed);
      await eventually(isUp, { timeoutMs: START_TIMEOUT_MS, what: commands });
    } else {
      const lines = linesOf(await shell.run(commands));
      const said = `${commands}\nprinted\n${lines.join('\n')}\nand not\n${printed.join('\n')}`;
      assert(areAsShown(lines, printed), said);
    }
  }
});

test('what a page shows is compared line by line', () => {
  assert(areAsShown(['a 1 b', 'c'], ['a … b', 'c']));
  assert(areAsShown(['x', 'y', 'c'], ['…', 'c']));
  assert(areAsShown(['x', 'y'], ['x', '…']));
  assert(!areAsShown(['a 1', 'c'], ['a 2', 'c']));
  assert(!areAsShown(['a', 'b', 'c'], ['a', 'c']));
  assert(!areAsShown(['a'], ['a', 'c']));
  assert(!areAsShown(['a', 'c'], ['a']));
});
