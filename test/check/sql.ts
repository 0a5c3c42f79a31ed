// Checks that every statement is SQL that MySQL and MariaDB both take; exits 1 and names each that is
// not, and each call that the list does not know.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseList, problemsOfList } from './statement-list.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const paths = globSync('{libs/mysql,services}/**/*.ts', { cwd: root }).filter(
  (path) => !path.endsWith('.test.ts'),
);
const sources = new Map(paths.map((path) => [path, read(path)]));
const statements = parseList(read('test/check/statements.sql'));
if (statements.length === 0) throw new Error('no statements were found');
const problems = problemsOfList(statements, sources);
for (const { place, problem } of problems) console.error(`${place}: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
