import type { Writable } from 'node:stream';
import { stringify } from 'yaml';
import { tableLines } from './table.ts';
import { oneLine } from './values.ts';

export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/** A stream that may be a terminal. */
export type Screen = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** One entry of an answer: for programs, and as a row for people with lines below it. */
export interface Entry {
  readonly plain: unknown;
  readonly row: readonly string[];
  readonly below?: readonly string[];
}

/** SGR codes. */
const BOLD = 1;
/** By how a line begins. */
const DIFF_COLOURS: ReadonlyMap<string, number> = new Map([
  ['-', 31],
  ['+', 32],
  ['@', 36],
]);

/** Prints answers on standard output: tables for people, one document for programs. */
export class Printer {
  readonly format: Format;
  readonly #stdout: Screen;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(
    format: Format,
    { stdout, env }: { stdout: Screen; env: Readonly<Record<string, string | undefined>> },
  ) {
    this.format = format;
    this.#stdout = stdout;
    this.#env = env;
  }

  /** A list: `{"items": [...]}` for programs. */
  list(header: readonly string[], entries: readonly Entry[], empty: string): void {
    if (this.format !== 'table') {
      this.document({ items: entries.map(({ plain }) => plain) });
      return;
    }
    if (entries.length === 0) {
      this.lines([empty]);
      return;
    }
    const [title = '', ...lines] = tableLines(
      header,
      entries.map(({ row }) => row.map(oneLine)),
    );
    this.#stdout.write(`${this.#bold(title)}\n`);
    for (const [index, line] of lines.entries()) {
      this.lines([line, ...(entries[index]?.below ?? []).map((text) => `  ${text}`)]);
    }
  }

  /** A document for programs; YAML also where people ask for a content. */
  document(value: unknown, format: Format = this.format): void {
    const text = format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(value);
    this.#stdout.write(text);
  }

  lines(lines: readonly string[]): void {
    // A program gets what was said as it was said.
    const shown = this.format === 'table' ? lines.map(oneLine) : lines;
    for (const line of shown) this.#stdout.write(`${line}\n`);
  }

  /** A unified diff: removed lines red and added ones green, where colour is wanted. */
  diff(unified: string): void {
    for (const [index, text] of unified.split('\n').slice(0, -1).entries()) {
      const line = oneLine(text);
      const code = index < 2 ? BOLD : DIFF_COLOURS.get(line.slice(0, 1));
      const isShown = code !== undefined && this.isColoured;
      this.#stdout.write(isShown ? `\u001B[${code}m${line}\u001B[0m\n` : `${line}\n`);
    }
  }

  /** A terminal in place of the lines: what is on it changes. Undefined: there is none. */
  get terminal(): Screen | undefined {
    return this.format === 'table' && this.#stdout.isTTY === true ? this.#stdout : undefined;
  }

  /** Whether colours are wanted. */
  get isColoured(): boolean {
    return this.#stdout.isTTY === true && !this.#env['NO_COLOR'];
  }

  #bold(text: string): string {
    return this.isColoured ? `\u001B[1m${text}\u001B[22m` : text;
  }
}
