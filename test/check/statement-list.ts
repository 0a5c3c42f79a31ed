// statements.sql lists every statement that the programs send to MySQL, under the place that sends
// it: a source and which of its calls. A test sends them all and compares; the check reads the list,
// so that it needs no server, and makes sure that no call of a source is missing from it.

import { problemsOf } from './sql-rules.ts';

/** A statement under its place: `path N`, or a path or a name alone when there are no calls to count. */
export interface ListedStatement {
  readonly place: string;
  readonly sql: string;
}

/** A broken rule. */
export interface SqlProblem {
  readonly place: string;
  readonly problem: string;
}

const HEADER = /^-- (.*)$/;
/** A call of the query builder that sends a statement; a transaction's own call is none. */
const CALL = /(?<!transaction\(\))\.execute(?:TakeFirst(?:OrThrow)?)?\(/g;

/** Lines of a source that send a statement, counted from 1. */
export function callsOf(source: string): number[] {
  return source
    .split('\n')
    .flatMap((text, index) => Array.from(text.matchAll(CALL), () => index + 1));
}

/** The list as text, in order, each statement once. */
export function formatList(statements: readonly ListedStatement[]): string {
  const entries = statements.map(({ place, sql }) => `-- ${place}\n${tidied(sql)}\n`);
  return [...new Set(entries)].toSorted(byPlace).join('\n');
}

/** Reads what `formatList` wrote. */
export function parseList(text: string): ListedStatement[] {
  return text
    .split(/\n\n(?=-- )/)
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const [first = '', ...rest] = entry.split('\n');
      return { place: HEADER.exec(first)?.[1] ?? first, sql: rest.join('\n').trim() };
    });
}

/** Statements that not both servers take, and calls of `sources` (text by path) that are not listed. */
export function problemsOfList(
  statements: readonly ListedStatement[],
  sources: ReadonlyMap<string, string>,
): SqlProblem[] {
  const places = new Set(statements.map(({ place }) => place));
  const missing = [...sources].flatMap(([path, source]) =>
    callsOf(source).flatMap((line, index) =>
      places.has(`${path} ${index + 1}`)
        ? []
        : [{ place: `${path}:${line}`, problem: 'its statement is not in the list' }],
    ),
  );
  const broken = statements.flatMap(({ place, sql }) =>
    problemsOf(sql).map((problem) => ({ place, problem })),
  );
  return [...broken, ...missing];
}

/** One indentation, whatever the source's. */
function tidied(sql: string): string {
  return sql.trim().replaceAll(/\s*\n\s*/g, '\n  ');
}

/** By path, then by call: 10 comes after 9. */
function byPlace(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
