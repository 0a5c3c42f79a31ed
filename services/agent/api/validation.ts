import { type CallContext, invalidArgument, resourceExhausted } from '#libs/grpc';
import { canonicalJson, isConfigId, MESSAGE_LENGTH_MAX } from '#libs/keyspace';
import { deadlineSignal } from '#libs/lifecycle';
import type { ValidateRequest, ValidateResponseInput } from '#proto';
import { type Driver, DriverError } from '../drivers/driver.ts';

/** Questions that a driver is asked at once: its own work comes first. */
const ASKED_MAX = 4;
/** Time left for the answer when the driver does not answer in time. */
const ANSWER_MS = 200;

/** Asks the driver what it thinks of configs that nobody has set. */
export class Validation {
  readonly #driver: Pick<Driver, 'validate'>;
  #asked = 0;

  constructor(driver: Pick<Driver, 'validate'>) {
    this.#driver = driver;
  }

  /** Throws a StatusError for what is no question. */
  async ask(
    { id, content }: ValidateRequest,
    context: CallContext,
  ): Promise<ValidateResponseInput> {
    const config = versionOf(id, content);
    if (this.#asked >= ASKED_MAX) {
      throw resourceExhausted('VALIDATIONS', `the driver is asked ${ASKED_MAX} times already`);
    }
    this.#asked += 1;
    using limit = deadlineSignal(context.signal, Math.max(0, context.remainingMs() - ANSWER_MS));
    try {
      await this.#driver.validate(config, limit.signal);
      return { verdict: 'VERDICT_VALID' };
    } catch (error) {
      if (context.signal.aborted) throw error;
      return verdictOf(error);
    } finally {
      this.#asked -= 1;
    }
  }
}

function verdictOf(error: unknown): ValidateResponseInput {
  if (error instanceof DriverError) {
    const verdict = error.outcome === 'rejected' ? 'VERDICT_REJECTED' : 'VERDICT_UNCERTAIN';
    return { verdict, reason: error.reason, message: error.message.slice(0, MESSAGE_LENGTH_MAX) };
  }
  const message = 'the driver did not answer';
  return { verdict: 'VERDICT_UNCERTAIN', reason: 'DRIVER_ERROR', message };
}

function versionOf(id: string, content: string) {
  if (!isConfigId(id)) {
    throw invalidArgument([{ field: 'id', description: 'must be the id of a config' }]);
  }
  const parsed = objectOf(content);
  if (parsed === undefined) {
    throw invalidArgument([{ field: 'content', description: 'must be a JSON object' }]);
  }
  return {
    ...{ id, content: canonicalJson(parsed), generation: 0, digest: '' },
    ...{ traceparent: '', createdAt: '' },
  };
}

function objectOf(content: string): unknown {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
