import type { Blocker, Completion } from '#proto';
import { cutTo } from './cells.ts';
import type { StatusBoard } from './status-board.ts';
import { tableLines } from './table.ts';
import { oneLine } from './values.ts';
import { countsText, stateOf } from './words.ts';

/** Blockers of one config on the screen; `explain` names more. */
const BLOCKERS_MAX = 3;

/** SGR codes by state. */
const COLOURS: ReadonlyMap<string, number> = new Map([
  ['FAILED', 31],
  ...['STALLED', 'UNKNOWN', 'NO_AGENTS'].map((state) => [state, 33] as const),
  ...['COMPLETE', 'DELETED'].map((state) => [state, 32] as const),
]);

export interface FrameOptions {
  /** Cells of a line, at least 1. */
  readonly columns: number;
  /** Lines of the screen, at least 1. */
  readonly rows: number;
  readonly coloured: boolean;
  /** What is watched. */
  readonly title: string;
  /** Why what is shown may be old; empty: it is not. */
  readonly trouble: string;
  readonly now: Date;
}

/** The screen for a board: at most `rows` lines, none wider than `columns`. The worst comes first. */
export function boardFrame(board: StatusBoard, options: FrameOptions): string[] {
  const { columns, rows, coloured } = options;
  const head = headLines(board, options).map((line) => ({ line, state: '' }));
  const body = bodyLines(board, Math.max(0, rows - head.length));
  return [...head, ...body].slice(0, rows).map(({ line, state }) => {
    const cut = cutTo(oneLine(line), columns);
    return coloured ? painted(cut, state) : cut;
  });
}

function headLines(board: StatusBoard, { title, trouble, now }: FrameOptions): string[] {
  const counts = board.counts.map(([state, count]) => `${count} ${state}`).join(', ');
  const time = `${now.toISOString().slice(11, 19)}Z`;
  const { unknownReason } = board;
  return [
    [title, time, counts].filter((part) => part !== '').join('  '),
    ...(trouble === '' ? [] : [trouble]),
    ...(unknownReason === '' ? [] : [`nothing is known for certain: ${unknownReason}`]),
    '',
  ];
}

interface Line {
  readonly line: string;
  /** Of the config that the line is about; empty for other lines. */
  readonly state: string;
}

/** The table in so many lines: as many configs as fit with their blockers, and how many do not. */
function bodyLines(board: StatusBoard, room: number): Line[] {
  const { completions } = board;
  if (completions.length === 0) {
    return [{ line: board.isListed ? 'no configs' : 'waiting for the first answer', state: '' }];
  }
  const blocks = completions.slice(0, room).map((completion) => blockersOf(completion));
  const shown = countFitting(blocks, completions.length, room - 1);
  const [header = '', ...lines] = tableLines(
    ['ENV', 'ID', 'GENERATION', 'STATE', 'AGENTS'],
    completions.slice(0, shown).map(rowOf),
  );
  const table = lines.flatMap((line, index) => {
    const state = stateOf(completions[index] as Completion);
    return [{ line, state }, ...(blocks[index] ?? []).map((text) => ({ line: text, state: '' }))];
  });
  const more = completions.length - shown;
  return [
    { line: header, state: '' },
    ...table,
    ...(more > 0 ? [{ line: `… and ${more} more`, state: '' }] : []),
  ];
}

/** How many configs fit with their blockers; a line is kept for the number of the others. */
function countFitting(blocks: readonly string[][], all: number, room: number): number {
  let used = 0;
  let count = 0;
  for (const block of blocks) {
    used += 1 + block.length;
    const isLast = count + 1 === all;
    if (used > (isLast ? room : room - 1)) break;
    count += 1;
  }
  return count;
}

function rowOf(completion: Completion): string[] {
  const { env, id, generation, counts } = completion;
  return [env, id, `${generation}`, stateOf(completion), countsText(counts)].map(oneLine);
}

function blockersOf({ blockers, blockersTotal }: Completion): string[] {
  const shown = blockers.slice(0, BLOCKERS_MAX).map((blocker) => `  ${whyOf(blocker)}`);
  const more = blockersTotal - shown.length;
  return more > 0 && shown.length > 0 ? [...shown, `  and ${more} more`] : shown;
}

function whyOf({ agent, reason, message }: Blocker): string {
  return message === '' ? `${agent}: ${reason}` : `${agent}: ${reason}: ${message}`;
}

/** The state in its colour, where it was not cut away. */
function painted(line: string, state: string): string {
  const code = COLOURS.get(state);
  if (code === undefined) return line;
  return line.replace(`  ${state}`, `  \u001B[${code}m${state}\u001B[39m`);
}
