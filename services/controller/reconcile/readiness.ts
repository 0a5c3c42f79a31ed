import { ExitError } from '#libs/config';
import { jittered, sleepUntilAborted } from '#libs/lifecycle';
import { checkSchema, type Mysql, SchemaError } from '#libs/mysql';
import type { Logger } from '#libs/telemetry';

const CHECK_MS = 1000;
const JITTER = 0.1;

export interface ReadinessDeps {
  mysql: Mysql;
  setReady(ready: boolean): void;
  log: Logger;
}

/**
 * Says that this controller can serve while MySQL answers; looks once a second. Ends the program when
 * the schema is not the one that it needs.
 */
export async function runReadiness(signal: AbortSignal, deps: ReadinessDeps): Promise<void> {
  let ready = false;
  let checked = false;
  while (!signal.aborted) {
    const before: boolean = ready;
    try {
      if (checked) await deps.mysql.ping(signal);
      else await checkSchema(deps.mysql);
      checked = true;
      ready = true;
    } catch (error) {
      if (error instanceof SchemaError) throw schemaExit(error);
      ready = false;
      if (before && !signal.aborted) deps.log.warn({ err: error }, 'mysql does not answer');
    }
    if (ready !== before) deps.setReady(ready);
    await sleepUntilAborted(jittered(CHECK_MS, JITTER), signal);
  }
}

function schemaExit(error: SchemaError): ExitError {
  const message = `the database is not ready: ${error.message} (rollcall migrate --mysql-url …)`;
  return new ExitError(1, message, { cause: error });
}
