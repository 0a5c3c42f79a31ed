import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MysqlBusyError,
  MysqlDuplicateError,
  type MysqlError,
  MysqlLockError,
  MysqlOutcomeUnknownError,
  MysqlReadOnlyError,
  MysqlStatementError,
  MysqlUnavailableError,
  SchemaError,
  translateError,
  unknownOutcome,
} from './errors.ts';

type Kind = new (...args: never[]) => MysqlError;

const cases: [string, object, Kind][] = [
  ['a deadlock', { errno: 1213, code: 'ER_LOCK_DEADLOCK' }, MysqlLockError],
  ['a lock wait', { errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }, MysqlLockError],
  ['a duplicate key', { errno: 1062, code: 'ER_DUP_ENTRY' }, MysqlDuplicateError],
  ['a read-only server', { errno: 1290 }, MysqlReadOnlyError],
  ['a read-only transaction', { errno: 1792 }, MysqlReadOnlyError],
  ['too many connections', { errno: 1040, fatal: true }, MysqlBusyError],
  ['a missing table', { errno: 1146, sqlMessage: 'no table' }, SchemaError],
  ['a shutdown', { errno: 1053 }, MysqlUnavailableError],
  ['a full disk on MariaDB', { errno: 3, code: 'EE_WRITE' }, MysqlUnavailableError],
  ['a refused connection', { errno: -111, code: 'ECONNREFUSED' }, MysqlUnavailableError],
  ['a missed deadline', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }, MysqlUnavailableError],
  ['a lost connection', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, MysqlUnavailableError],
  ['a violated check on MariaDB', { errno: 4025 }, MysqlStatementError],
  ['a value that is too long', { errno: 1406 }, MysqlStatementError],
];

for (const [name, fields, kind] of cases) {
  test(`${name} becomes a ${kind.name}`, () => {
    assert.ok(translateError(Object.assign(new Error('x'), fields)) instanceof kind);
  });
}

test('the statement and its values do not leave with the error', () => {
  const sql = "insert into t values ('secret')";
  const refused = { errno: 1406, sql, sqlMessage: "Data too long: 'secret'" };
  const translated = translateError(Object.assign(new Error("Data too long: 'secret'"), refused));
  assert.doesNotMatch(JSON.stringify(translated) + translated.stack, /secret/);
});

test('an error in COMMIT leaves the outcome unknown, unless it proves a rollback', () => {
  assert.ok(unknownOutcome({ code: 'ECONNRESET' }) instanceof MysqlOutcomeUnknownError);
  assert.ok(unknownOutcome({ errno: 1180 }) instanceof MysqlOutcomeUnknownError);
  assert.ok(unknownOutcome({ errno: 1213 }) instanceof MysqlLockError);
  assert.ok(unknownOutcome({ errno: 1290 }) instanceof MysqlReadOnlyError);
});
