import { notFound, resourceExhausted, type StatusError } from '#libs/grpc';
import type { ConfigRef } from '../domain/completion.ts';
import { TooManyWaitsError, UnknownConfigError } from '../waits/errors.ts';

const RETRY_AFTER_MS = 1_000;

/** Ours as gRPC statuses; undefined for what is not ours. */
export function mapError(error: unknown): StatusError | undefined {
  if (error instanceof UnknownConfigError) return notFound('CONFIG_NOT_FOUND', error.message);
  if (error instanceof TooManyWaitsError) {
    return resourceExhausted('TOO_MANY_WAITS', error.message, { retryAfterMs: RETRY_AFTER_MS });
  }
  return undefined;
}

export function noSuchConfig({ env, id }: ConfigRef): StatusError {
  return notFound('CONFIG_NOT_FOUND', `there is no config ${env}/${id}`);
}

export function noSuchEnvironment(env: string): StatusError {
  return notFound('ENVIRONMENT_NOT_FOUND', `environment ${env} has neither agents nor configs`);
}
