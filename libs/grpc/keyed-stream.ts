import { completedStream } from '#libs/lifecycle';
import type { CallContext } from './context.ts';
import type { MapError } from './handlers.ts';
import { type FieldViolation, invalidArgument, StatusError } from './status.ts';

/** Messages of one stream that are not answered. */
const UNANSWERED_MAX = 256;
const KEY_MAX = 128;

/** Why one of several requests failed, as the failures in the protos have it. */
export interface ItemFailure {
  code: string;
  reason: string;
  message: string;
  problems: FieldViolation[];
}

/** What became of one of several requests. */
export type ItemOutcome<R> = { response: R } | { failure: ItemFailure };

export interface ItemOptions {
  readonly signal: AbortSignal;
  readonly mapError: MapError;
}

/** What becomes of one request among several. Rejects only for what ends the whole call. */
export async function itemOutcome<R>(
  work: () => Promise<R>,
  { signal, mapError }: ItemOptions,
): Promise<ItemOutcome<R>> {
  try {
    return { response: await work() };
  } catch (error) {
    if (signal.aborted) throw error;
    const status = error instanceof StatusError ? error : mapError(error);
    if (!status) throw error;
    const { codeName: code, reason, message, violations } = status;
    return { failure: { code, reason, message, problems: [...violations] } };
  }
}

/**
 * Answers each message of a stream under its key, in the order of completion, while at most 256 of them
 * are not answered. A request that fails is answered with its failure, and the stream goes on.
 */
export function answerKeyed<M extends { key: string }, R extends object>(
  messages: AsyncIterable<M>,
  work: (message: M) => Promise<R>,
  { context: { signal }, mapError }: { context: CallContext; mapError: MapError },
): AsyncIterable<{ key: string } & ItemOutcome<R>> {
  const answer = async (message: M) => ({
    key: message.key,
    ...(await itemOutcome(() => work(message), { signal, mapError })),
  });
  return completedStream(withKeys(messages), answer, { width: UNANSWERED_MAX, signal });
}

/** A key that cannot be sent back leaves the caller without a way to tell the answers apart. */
async function* withKeys<M extends { key: string }>(messages: AsyncIterable<M>): AsyncGenerator<M> {
  for await (const message of messages) {
    if (message.key.length > KEY_MAX) {
      const description = `must be at most ${KEY_MAX} characters long`;
      throw invalidArgument([{ field: 'key', description }]);
    }
    yield message;
  }
}
