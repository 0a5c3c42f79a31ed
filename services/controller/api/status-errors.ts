import { EtcdError } from '#libs/etcd';
import {
  failedPrecondition,
  invalidArgument,
  resourceExhausted,
  type StatusError,
  unavailable,
} from '#libs/grpc';
import {
  MysqlBusyError,
  MysqlError,
  MysqlOutcomeUnknownError,
  MysqlReadOnlyError,
  MysqlStatementError,
  SchemaError,
} from '#libs/mysql';
import type { Checked } from '../domain/request-rules.ts';

const RETRY_MS = 500;

/** What passed; throws INVALID_ARGUMENT with every violation otherwise. */
export function passed<T>(checked: Checked<T>): T {
  if ('violations' in checked) throw invalidArgument(checked.violations);
  return checked.ok;
}

/** What MySQL's and etcd's failures are for a caller. No text of theirs goes out. */
export function mapError(error: unknown): StatusError | undefined {
  if (error instanceof EtcdError) return etcdUnavailable();
  if (!(error instanceof MysqlError) || error instanceof MysqlStatementError) return undefined;
  if (error instanceof MysqlOutcomeUnknownError) {
    const advice =
      'the outcome is unknown; a call with a request_id may be repeated with the same one';
    return unavailable('OUTCOME_UNKNOWN', advice, RETRY_MS);
  }
  if (error instanceof SchemaError) {
    return failedPrecondition('SCHEMA_MISSING', 'the database needs a migration');
  }
  if (error instanceof MysqlBusyError) {
    return resourceExhausted('MYSQL_BUSY', 'the database is busy', { retryAfterMs: RETRY_MS });
  }
  if (error instanceof MysqlReadOnlyError) {
    return unavailable('MYSQL_READ_ONLY', 'the database takes no writes now', RETRY_MS);
  }
  return unavailable('MYSQL_UNAVAILABLE', 'the database cannot be reached', RETRY_MS);
}

export function etcdUnavailable(): StatusError {
  return unavailable('ETCD_UNAVAILABLE', 'etcd cannot be reached', RETRY_MS);
}
