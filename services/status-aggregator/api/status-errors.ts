import { notFound, resourceExhausted, type StatusError, unavailable } from '#libs/grpc';
import { MysqlError, MysqlStatementError } from '#libs/mysql';
import type { ConfigRef } from '../domain/completion.ts';
import { TooManyWaitsError, UnknownConfigError } from '../waits/errors.ts';

const RETRY_AFTER_MS = 1_000;

/** Ours as gRPC statuses; undefined for what is not ours. */
export function mapError(error: unknown): StatusError | undefined {
  if (error instanceof UnknownConfigError) return notFound('CONFIG_NOT_FOUND', error.message);
  if (error instanceof TooManyWaitsError) {
    return resourceExhausted('TOO_MANY_WAITS', error.message, { retryAfterMs: RETRY_AFTER_MS });
  }
  if (error instanceof MysqlError && !(error instanceof MysqlStatementError)) {
    return unavailable('MYSQL_UNAVAILABLE', 'the database cannot be reached', RETRY_AFTER_MS);
  }
  return undefined;
}

export function noSuchConfig({ env, id }: ConfigRef): StatusError {
  return notFound('CONFIG_NOT_FOUND', `there is no config ${env}/${id}`);
}

/** Whether there is such a config cannot be said now. */
export function acceptedUnknown(id: string): StatusError {
  const message = `etcd does not have a config ${id}, and MySQL cannot be asked`;
  return unavailable('ACCEPTED_UNKNOWN', message, RETRY_AFTER_MS);
}

export function noSuchEnvironment(env: string): StatusError {
  return notFound('ENVIRONMENT_NOT_FOUND', `environment ${env} has neither agents nor configs`);
}
