// A person before a real terminal: a pseudo-terminal, and an emulator that reads what is on its screen.

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

const BIN = join(import.meta.dirname, '../../services/cli/bin.mjs');
const CONFIGS = 30;
const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 200, rows: 50 };

let system: System;
before(async () => {
  system = await openSystem({ controllers: 1, agents: { '1': ['good', 'bad'] } });
});
after(async () => await system[Symbol.asyncDispose]());

/** A terminal with a command in it. */
class Person implements Disposable {
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  readonly exited: Promise<number>;
  /** Everything that was written. */
  raw = '';

  constructor(args: readonly string[], { columns, rows }: typeof SMALL) {
    const env = {
      ...process.env,
      ROLLCALL_CONTROLLER: system.controllers.map(({ program }) => program.address).join(','),
      ROLLCALL_AGGREGATOR: system.aggregator.program.address,
    };
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty = spawn(BIN, [...args], { cols: columns, rows, cwd: system.dir, env });
    const exit = Promise.withResolvers<number>();
    this.exited = exit.promise;
    this.#pty.onData((text) => {
      this.raw += text;
      this.#screen.write(text);
    });
    this.#pty.onExit(({ exitCode }) => exit.resolve(exitCode));
  }

  /** Lines on the screen, as they are seen. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) => {
      const line = active.getLine(active.viewportY + row);
      assert(line && !line.isWrapped, `line ${row} is wrapped`);
      return line.translateToString(true);
    });
  }

  async sees(text: RegExp): Promise<string[]> {
    const look = async () => {
      const lines = await this.lines();
      return lines.some((line) => text.test(line)) && lines;
    };
    return await eventually(look, { timeoutMs: 20_000, what: `${text}` });
  }

  /** The terminal is as it was found: its own screen, a cursor, wrapping lines, no colour left over. */
  async leftClean(): Promise<string[]> {
    const lines = await this.lines();
    assert(!this.isOnOtherScreen);
    assert.equal(this.raw.lastIndexOf('\u001B[?25h') > this.raw.lastIndexOf('\u001B[?25l'), true);
    assert(this.#screen.modes.wraparoundMode);
    const { active } = this.#screen.buffer;
    const cell = active.getLine(active.baseY + active.cursorY)?.getCell(active.cursorX);
    assert(cell?.isAttributeDefault());
    assert.equal(active.cursorX, 0);
    return lines;
  }

  get isOnOtherScreen(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  resize({ columns, rows }: typeof SMALL): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  [Symbol.dispose](): void {
    this.#pty.kill('SIGKILL');
    this.#screen.dispose();
  }
}

const isInside = (lines: readonly string[], { columns, rows }: typeof SMALL) =>
  lines.length === rows && lines.every((line) => line.length <= columns);

test('status --watch shows a rollout with a failing agent, on any size of terminal', async () => {
  for (let n = 1; n <= CONFIGS; n += 1) await system.set('1', `config-${n}`);
  await Promise.all(
    Array.from({ length: CONFIGS }, (_, n) => system.state('1', `config-${n + 1}`, 'COMPLETE')),
  );
  using person = new Person(['status', '--env', '1', '--watch'], SMALL);
  const small = await person.sees(/^environment 1 .* 30 COMPLETE$/);
  assert(person.isOnOtherScreen && isInside(small, SMALL));
  assert.equal(
    small.findLast((line) => line !== ''),
    '… and 10 more',
  );
  assert.match(small[3] ?? '', /^1 +config-1 +1 +COMPLETE +2\/2 done$/);

  // The next version of one config cannot be written by one agent.
  const place = join(system.agent('1/bad').stateDir, 'configs', 'config-7.json');
  await rm(place);
  await mkdir(place);
  await system.set('1', 'config-7', ingressOf('other.test'));
  await person.sees(/^1 +config-7 +2 .* 1\/2 done, 1 (progressing|failed)$/);
  const failing = await person.sees(/^ {2}bad: .*(EISDIR|directory)/);
  assert(isInside(failing, SMALL));
  assert.match(failing[0] ?? '', / 1 (PROGRESSING|FAILED), 29 COMPLETE$/);
  assert.match(failing[3] ?? '', /^1 +config-7 +2 /);
  assert.match(failing[4] ?? '', /^ {2}bad: /);

  person.resize(LARGE);
  const large = await person.sees(/^1 +config-9 /);
  assert(isInside(large, LARGE));
  assert.equal(large.filter((line) => /^1 +config-/.test(line)).length, CONFIGS);
  person.resize(SMALL);
  const again = await person.sees(/^… and \d+ more$/);
  assert(isInside(again, SMALL));

  await rm(place, { recursive: true });
  await person.sees(/^environment 1 .* 30 COMPLETE$/);
  person.type('\u0003');
  assert.equal(await person.exited, 130);
  await person.leftClean();
});

test('what is watched stays on the screen after Ctrl-C, below what was there', async () => {
  using person = new Person(['status', '1/config-1', '--watch'], SMALL);
  await person.sees(/config-1 .*COMPLETE/);
  person.type('\u0003');
  assert.equal(await person.exited, 130);
  const lines = await person.leftClean();
  assert.match(lines[0] ?? '', /^environment 1, config-1 .* 1 COMPLETE$/);
  assert.match(lines[3] ?? '', /^1 +config-1 +1 +COMPLETE +2\/2 done$/);
});

test('an aggregator that goes is said, and the table goes on with the next one', async () => {
  const { address } = system.aggregator.program;
  using person = new Person(['status', '--env', '1', '--watch'], SMALL);
  await person.sees(/30 COMPLETE$/);
  await system.aggregator.program.kill();
  await person.sees(/^no news, trying again: /);
  await system.restartAggregator({ listen: address });
  await system.set('1', 'config-1', ingressOf('changed.test'));
  await person.sees(/^1 +config-1 +2 +COMPLETE/);
  assert(!(await person.lines()).some((line) => line.startsWith('no news')));
});

test('a prune at a terminal names what it deletes, and deletes it upon a yes alone', async () => {
  const labels = { app: 'pruned' };
  const doomed = { env: '1', id: 'doomed' };
  await system.controller.call('SetIngressConfig', { ...doomed, configJson: '{}', labels });
  const file = join(system.dir, 'kept.yaml');
  await writeFile(file, 'kept: 1');
  const apply = ['apply', '-f', file, '--id', 'kept', '--env', '1', '-l', 'app=pruned', '--prune'];
  for (const [answer, code] of [
    ['no', 1],
    ['yes', 0],
  ] as const) {
    using person = new Person(apply, LARGE);
    const lines = await person.sees(/^delete these 1\? type yes/);
    assert.ok(lines.includes('  1/doomed'), lines.join('\n'));
    person.type(`${answer}\r`);
    assert.equal(await person.exited, code);
    const { config } = await system.controller.call('GetIngressConfig', {
      ...{ ...doomed, showDeleted: true },
    });
    assert.equal(config?.deleted, answer === 'yes');
  }
});
