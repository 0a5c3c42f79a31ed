import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsOf, formatList, parseList, problemsOfList } from './statement-list.ts';

const SOURCE = `
export async function f(db: Db) {
  await sql\`select 1\`.execute(db);
  const row = await db.selectFrom('t').executeTakeFirst();
  return await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('t').executeTakeFirstOrThrow();
    await this.#execute(trx);
  });
}`;
const listed = [1, 2, 3].map((call) => ({ place: `a.ts ${call}`, sql: 'select 1' }));

test('finds the calls that send a statement, and no others', () => {
  assert.deepEqual(callsOf(SOURCE), [3, 4, 6]);
});

test('a list is read as it was written: in order, each statement once, on its lines', () => {
  const statements = [
    { place: 'a.ts 10', sql: 'select 10' },
    { place: 'a.ts 9', sql: '\n    select 9\n      from t' },
    { place: 'a.ts 10', sql: 'select 10' },
    { place: 'of connections', sql: 'begin' },
  ];
  assert.deepEqual(parseList(formatList(statements)), [
    { place: 'a.ts 9', sql: 'select 9\n  from t' },
    { place: 'a.ts 10', sql: 'select 10' },
    { place: 'of connections', sql: 'begin' },
  ]);
});

test('a source whose calls are all listed, with SQL of both, has no problem', () => {
  assert.deepEqual(problemsOfList(listed, new Map([['a.ts', SOURCE]])), []);
});

test('a call that is not listed is named with its line', () => {
  assert.deepEqual(problemsOfList(listed.slice(1), new Map([['a.ts', SOURCE]])), [
    { place: 'a.ts:3', problem: 'its statement is not in the list' },
  ]);
});

test('a statement of one server only is named with its place', () => {
  const [problem] = problemsOfList(
    [{ place: 'b.ts 1', sql: 'select * from t for share' }],
    new Map(),
  );
  assert.deepEqual(problem, { place: 'b.ts 1', problem: 'not in both: for share' });
});
