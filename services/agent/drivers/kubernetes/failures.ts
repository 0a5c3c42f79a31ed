import { DriverError } from '../driver.ts';
import { cleanedOutput } from '../exec/cleaned-output.ts';
import { ApiError } from './api-error.ts';

/** What no repeat mends: the object itself is refused. */
const REFUSED: readonly number[] = [400, 405, 413, 415, 422];

/** What a failed call means for the config; anything but an ApiError is returned as it is. */
export function driverErrorOf(error: unknown, content = ''): unknown {
  if (!(error instanceof ApiError)) return error;
  const { code, conflicts, reason } = error;
  const make = (outcome: 'retry' | 'rejected', word: string, what: string) => {
    const said = cleanedOutput(error.message, content);
    const message = said === '' ? what : `${what}: ${said}`;
    return new DriverError(outcome, word, message, { cause: error });
  };
  if (conflicts.length > 0) {
    const message = 'somebody else has just made an Ingress of this name';
    return new DriverError('rejected', 'NOT_OWNED', message, { cause: error });
  }
  if (code === 409) return make('retry', 'API_CONFLICT', 'the object changes all the time');
  if (REFUSED.includes(code)) return make('rejected', 'API_REFUSED', 'the API server refused it');
  if (code === 401 || code === 403) {
    return make('retry', 'API_FORBIDDEN', 'the API server does not let the agent');
  }
  if (code === 404)
    return make('retry', 'API_NOT_FOUND', `the API server has no such ${whatIsMissing(error)}`);
  if (code === 429) return make('retry', 'API_BUSY', 'the API server is busy');
  if (code === 0) return make('retry', 'API_UNREACHABLE', 'the API server does not answer');
  return make('retry', 'API_FAILED', `the API server failed with ${code} ${reason}`.trim());
}

function whatIsMissing({ message }: ApiError): string {
  return message.startsWith('namespaces ') ? 'namespace' : 'object';
}
