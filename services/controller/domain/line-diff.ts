// The shortest edit script between two texts by Myers' greedy algorithm ("An O(ND) Difference
// Algorithm and Its Variations", 1986), and its unified form as `diff -u` prints it.

/** One line of both texts together. */
interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

export interface UnifiedOptions {
  readonly beforeName: string;
  readonly afterName: string;
  /** Unchanged lines around each change. */
  readonly contextLines: number;
  /** Most lines that may differ: time and memory grow with its square. */
  readonly editsMax: number;
}

/** The unified diff of two texts; empty when they are the same, or differ in more than `editsMax` lines. */
export function unifiedDiff(before: string, after: string, options: UnifiedOptions): string {
  const edits = editScript(linesOf(before), linesOf(after), options.editsMax);
  if (!edits?.some(({ sign }) => sign !== ' ')) return '';
  const head = [`--- ${options.beforeName}`, `+++ ${options.afterName}`];
  const lines = [...head, ...hunksOf(edits, options.contextLines)];
  return `${lines.join('\n')}\n`;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function editScript(
  before: readonly string[],
  after: readonly string[],
  editsMax: number,
): Edit[] | undefined {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  const reached = furthestReaching(left, right, editsMax);
  if (!reached) return undefined;
  const same = (line: string): Edit => ({ sign: ' ', line });
  return [
    ...before.slice(0, start).map(same),
    ...walkBack(left, right, reached),
    ...before.slice(before.length - end).map(same),
  ];
}

/**
 * For each number of edits d the furthest place in `before` on each diagonal -d, -d + 2 … d (at index
 * diagonal + d), until the ends meet. Undefined: that takes more than `editsMax`.
 */
function furthestReaching(
  before: readonly string[],
  after: readonly string[],
  editsMax: number,
): Int32Array[] | undefined {
  const rounds: Int32Array[] = [];
  for (let d = 0; d <= editsMax; d += 1) {
    const round = new Int32Array(2 * d + 1);
    rounds.push(round);
    for (let diagonal = -d; diagonal <= d; diagonal += 2) {
      let x = stepOnto(rounds, d, diagonal).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal])
        x += 1;
      round[diagonal + d] = x;
      if (x >= before.length && x - diagonal >= after.length) return rounds;
    }
  }
  return undefined;
}

/** Where edit `d` comes onto a diagonal: from the one above by an added line, or below by a removed one. */
function stepOnto(rounds: readonly Int32Array[], d: number, diagonal: number) {
  if (d === 0) return { x: 0, from: 0 };
  const last = rounds[d - 1] as Int32Array;
  const at = (other: number) => last[other + d - 1] ?? -1;
  const isAdded = diagonal === -d || (diagonal !== d && at(diagonal - 1) < at(diagonal + 1));
  return isAdded
    ? { x: at(diagonal + 1), from: diagonal + 1 }
    : { x: at(diagonal - 1) + 1, from: diagonal - 1 };
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  rounds: readonly Int32Array[],
): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  const keepTo = (stop: number) => {
    for (; x > stop; x -= 1, y -= 1) edits.push({ sign: ' ', line: before[x - 1] ?? '' });
  };
  for (let d = rounds.length - 1; d > 0; d -= 1) {
    const diagonal = x - y;
    const step = stepOnto(rounds, d, diagonal);
    keepTo(step.x);
    if (step.from < diagonal) edits.push({ sign: '-', line: before[(x -= 1)] ?? '' });
    else edits.push({ sign: '+', line: after[(y -= 1)] ?? '' });
  }
  keepTo(0);
  return edits.reverse();
}

function hunksOf(edits: readonly Edit[], contextLines: number): string[] {
  const lines: string[] = [];
  let [oldLine, newLine, next] = [1, 1, 0];
  for (const { from, to } of rangesOf(edits, contextLines)) {
    for (; next < from; next += 1) [oldLine, newLine] = [oldLine + 1, newLine + 1];
    const hunk = edits.slice(from, to);
    const oldCount = hunk.filter(({ sign }) => sign !== '+').length;
    const newCount = hunk.filter(({ sign }) => sign !== '-').length;
    lines.push(`@@ -${rangeText(oldLine, oldCount)} +${rangeText(newLine, newCount)} @@`);
    lines.push(...hunk.map(({ sign, line }) => sign + line));
    [oldLine, newLine, next] = [oldLine + oldCount, newLine + newCount, to];
  }
  return lines;
}

/** The changes with their context; what touches is one range. */
function rangesOf(edits: readonly Edit[], contextLines: number): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const [index, { sign }] of edits.entries()) {
    if (sign === ' ') continue;
    const from = Math.max(0, index - contextLines);
    const to = Math.min(edits.length, index + contextLines + 1);
    const last = ranges.at(-1);
    if (last && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges;
}

/** As `diff -u` writes it: a range without lines begins at the line before it. */
function rangeText(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}
