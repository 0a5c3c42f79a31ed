/** Base of everything that libs/mysql throws. Messages carry no statement and no value. */
export class MysqlError extends Error {
  /** MySQL's number of the error; absent when it did not come from the server. */
  readonly errno: number | undefined;

  constructor(message: string, options: { cause?: unknown; errno?: number | undefined } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.errno = options.errno;
  }
}

/** MySQL cannot be reached, does not answer in time, or cannot take the statement now. */
export class MysqlUnavailableError extends MysqlError {}

/** The connection was lost in COMMIT: the transaction may have been applied. */
export class MysqlOutcomeUnknownError extends MysqlError {}

/** The server takes no writes, as a primary does that became a replica. */
export class MysqlReadOnlyError extends MysqlError {}

/** The pool or the server is full, or a lock was not to be had: shed load, try again later. */
export class MysqlBusyError extends MysqlError {}

/** The tables are not as this program needs them: `rollcall migrate` was not run. */
export class SchemaError extends MysqlError {}

/** A unique key exists already. */
export class MysqlDuplicateError extends MysqlError {}

/** Deadlock or lock wait: the whole transaction was, or must be, rolled back; it may be repeated. */
export class MysqlLockError extends MysqlError {}

/** The server refused the statement itself: a bug of ours, or a value that does not fit. */
export class MysqlStatementError extends MysqlError {}

/** What a driver's error looks like. */
interface DriverError {
  code?: unknown;
  errno?: unknown;
  sqlMessage?: unknown;
  fatal?: unknown;
}

// 1205 lock wait, 1213 deadlock, 1020 the row changed since the snapshot (MariaDB 11).
const LOCK = new Set([1205, 1213, 1020]);
// 1290 option prevents statement, 1792 read-only transaction, 1836 read-only mode.
const READ_ONLY = new Set([1290, 1792, 1836]);
// 1040 and 1203 too many connections, 1226 a user's resource is used up.
const BUSY = new Set([1040, 1203, 1226]);
// 1054 unknown column, 1146 unknown table.
const SCHEMA = new Set([1054, 1146]);
const DUPLICATE = new Set([1062]);
// Rights and databases (1044, 1045, 1049, 1130, 1698), shutdown and killed (1053, 1077, 1079, 1317,
// 1927, 3024, 1969), storage (1021, 1026, 1030, 1114, 1180).
const UNAVAILABLE = new Set([
  1044, 1045, 1049, 1130, 1698, 1053, 1077, 1079, 1317, 1927, 3024, 1969, 1021, 1026, 1030, 1114,
  1180,
]);

/** Below it are the errors of files: MariaDB reports a full disk so. */
const SYSTEM_ERRORS_END = 1_000;

/** Translates a driver's error; ours pass unchanged. */
export function translateError(error: unknown): MysqlError {
  if (error instanceof MysqlError) return error;
  const { errno, code, sqlMessage, fatal } = (error ?? {}) as DriverError;
  const number = typeof errno === 'number' && errno > 0 ? errno : undefined;
  // The driver's own error carries the statement with its values: only its code goes on.
  const options = { errno: number };
  const what = typeof code === 'string' ? code : 'no code';
  if (number === undefined) {
    const why = error instanceof Error ? error.message : String(error);
    return new MysqlUnavailableError(`mysql cannot be reached (${what}): ${why}`, options);
  }
  if (LOCK.has(number)) return new MysqlLockError(`lock not obtained (${what})`, options);
  if (DUPLICATE.has(number)) return new MysqlDuplicateError('key exists already', options);
  if (READ_ONLY.has(number)) return new MysqlReadOnlyError('mysql is read-only', options);
  if (BUSY.has(number)) return new MysqlBusyError(`mysql is full (${what})`, options);
  if (SCHEMA.has(number)) return new SchemaError(String(sqlMessage), options);
  if (UNAVAILABLE.has(number) || number < SYSTEM_ERRORS_END || fatal === true) {
    return new MysqlUnavailableError(`mysql cannot serve (${what})`, options);
  }
  return new MysqlStatementError(`mysql refused a statement (${what})`, options);
}

/** What an error of COMMIT means: unless it proves a rollback, the outcome is unknown. */
export function unknownOutcome(error: unknown): MysqlError {
  const translated = translateError(error);
  const rolledBack =
    translated instanceof MysqlLockError || translated instanceof MysqlReadOnlyError;
  if (rolledBack) return translated;
  const { errno } = translated;
  return new MysqlOutcomeUnknownError('mysql was lost in commit', { cause: translated, errno });
}
