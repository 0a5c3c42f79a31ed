// Keeps a statement to the SQL that MySQL 8 and MariaDB 10.6 both take. That MariaDB takes it, the
// tests show by running it. That MySQL would is read off MySQL's own grammar, of an early version, so
// that later additions are refused. What a grammar cannot know, which functions and collations there
// are, stands in lists of what both have; what only the grammar of MySQL knows, in a list of its own.

import grammar from '@wsporto/ts-mysql-parser';

/** The first MySQL that keeps CHECK constraints. */
const MYSQL_VERSION = '8.0.16';

/** Functions that both have, with one meaning. */
const FUNCTIONS = new Set([
  ...['coalesce', 'connection_id', 'count', 'current_timestamp', 'database', 'get_lock'],
  ...[
    'greatest',
    'json_contains',
    'last_insert_id',
    'least',
    'max',
    'min',
    'release_lock',
    'sleep',
    'sum',
  ],
  ...['timestampdiff', 'utc_timestamp'],
  // Of the row to insert. MySQL advises against it, but MariaDB has no other way.
  'values',
]);

/** MariaDB 10.6 has no collations of MySQL's newer Unicode, and MySQL none of MariaDB's. */
const COLLATIONS = new Set(['utf8mb4_bin']);

/** What the grammar of MySQL takes and MariaDB 10.6 does not, or takes for something else. */
const MYSQL_ONLY: readonly (readonly [RegExp, string])[] = [
  [/->/, '-> and ->>'],
  [/\bas\s+\w+\s*(?:\([^)]*\)\s*)?on\s+duplicate\b/, 'an alias of the new row'],
  [/\blateral\b/, 'lateral'],
  [/\bmember\s+of\b/, 'member of'],
  [/\bfor\s+share\b/, 'for share'],
  [/\bfor\s+update\s+of\b/, 'for update of'],
  [/\b(?:key|index)\b[^()]*\(\s*\(/, 'an index on an expression'],
  [/\bwith\b.*\)\s*(?:update|delete)\b/, 'a common table expression before update or delete'],
  [/\bexplain\s+analyze\b/, 'explain analyze'],
  [/\bset\s+persist\b/, 'set persist'],
  [/\binvisible\b|\bvisible\b/, 'invisible indexes'],
  // Not in the grammar's version, which takes them for names.
  [/\b(?:intersect|except)\b/, 'intersect and except, which MySQL has since 8.0.31 only'],
  [/\|\|/, '||, which is another operator in another sql_mode'],
];

/** Calls by the grammar's names, and where collations are named. */
const CALLS = new Set<string>([
  ...['functionCall', 'runtimeFunctionCall', 'sumExpr', 'windowFunctionCall'],
]);

interface Node {
  readonly ruleIndex?: number;
  readonly start?: { readonly text: string };
  readonly children?: readonly Node[] | null;
}

/** Why one of the servers would not take a statement, or differently; empty: both take it. */
export function problemsOf(statement: string): string[] {
  const { error, calls, collations } = parse(statement);
  if (error !== undefined) return [`MySQL ${MYSQL_VERSION} does not take it: ${error}`];
  const text = withoutTexts(statement);
  return [
    ...MYSQL_ONLY.filter(([pattern]) => pattern.test(text)).map(
      ([, what]) => `not in both: ${what}`,
    ),
    ...calls.filter((name) => !FUNCTIONS.has(name)).map((name) => `not known in both: ${name}()`),
    ...collations.filter((name) => !COLLATIONS.has(name)).map((name) => `not in both: ${name}`),
  ];
}

function parse(statement: string) {
  const errors: string[] = [];
  const listener = {
    syntaxError(_recognizer: unknown, _symbol: unknown, line: number, at: number, text: string) {
      errors.push(`line ${line}, column ${at}: ${text.replace(/ expecting [\s\S]*$/, '')}`);
    },
    ...{ reportAmbiguity() {}, reportAttemptingFullContext() {}, reportContextSensitivity() {} },
  };
  const parser = new grammar.default({
    version: MYSQL_VERSION,
    parserErrorListener: listener as never,
    lexerErrorListener: listener as never,
  });
  const { tree, parser: rules } = parser.parse(statement);
  const nodes = [...walk(tree as unknown as Node)].map((node) => ({
    rule: rules.ruleNames[node.ruleIndex ?? -1] ?? '',
    text: (node.start?.text ?? '').toLowerCase(),
  }));
  return {
    error: errors.at(-1),
    calls: nodes.filter(({ rule }) => CALLS.has(rule)).map(({ text }) => text),
    collations: nodes.filter(({ rule }) => rule === 'collationName').map(({ text }) => text),
  };
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* walk(child);
}

/** In lower case, without what stands in quotes. */
function withoutTexts(statement: string): string {
  return statement
    .replaceAll(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`/g, "''")
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();
}
