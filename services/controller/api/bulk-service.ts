import { type CallContext, invalidArgument, StatusError } from '#libs/grpc';
import type {
  BatchSetIngressConfigsRequest,
  BatchSetIngressConfigsResponseInput,
  SetFailureInput,
  SetIngressConfigRequest,
  SetIngressConfigResponseInput,
  StreamSetIngressConfigsRequest,
  StreamSetIngressConfigsResponseInput,
} from '#proto';
import { refKey } from '../domain/config-row.ts';
import { type Violation, Violations } from '../domain/violations.ts';
import type { SetCommand } from '../store/config-store.ts';
import { completedStream } from './completed-stream.ts';
import { mapError } from './status-errors.ts';
import { setCommandFrom } from './write-commands.ts';
import type { WriteService } from './write-service.ts';

/** Requests of one batch: they share two or three transactions. */
const BATCH_MAX = 500;
/** Messages of one stream that are not answered: a transaction's worth. */
const UNANSWERED_MAX = 256;
const KEY_MAX = 128;

export interface BulkDeps {
  writes: Pick<WriteService, 'setAs'>;
}

type Outcome = { response: SetIngressConfigResponseInput } | { failure: SetFailureInput };

/** Many Sets in one call. The store gathers them in transactions, as it does with those of many calls. */
export class BulkService {
  readonly #writes: BulkDeps['writes'];

  constructor({ writes }: BulkDeps) {
    this.#writes = writes;
  }

  async batch(
    { requests }: BatchSetIngressConfigsRequest,
    context: CallContext,
  ): Promise<BatchSetIngressConfigsResponseInput> {
    const commands = checkedBatch(requests, context);
    const outcomes = commands.map(({ command, request }) =>
      outcomeOf(() => this.#writes.setAs(command, request, context), context.signal),
    );
    return { outcomes: await Promise.all(outcomes) };
  }

  stream(
    messages: AsyncIterable<StreamSetIngressConfigsRequest>,
    context: CallContext,
  ): AsyncIterable<StreamSetIngressConfigsResponseInput> {
    const { signal } = context;
    const answer = async ({ key, request }: StreamSetIngressConfigsRequest) => {
      const set = async () => {
        if (!request) throw missingRequest();
        return await this.#writes.setAs(commandOf(request, context), request, context);
      };
      return { key, ...(await outcomeOf(set, signal)) };
    };
    return completedStream(withKeys(messages), answer, { width: UNANSWERED_MAX, signal });
  }
}

interface Checked {
  command: SetCommand;
  request: SetIngressConfigRequest;
}

/** Throws INVALID_ARGUMENT with the violations of all. */
function checkedBatch(
  requests: readonly SetIngressConfigRequest[],
  context: CallContext,
): Checked[] {
  const violations = new Violations();
  const isSized = requests.length >= 1 && requests.length <= BATCH_MAX;
  violations.require(isSized, 'requests', `must be 1 to ${BATCH_MAX}`);
  const places = new Map<string, number>();
  const commands = requests.slice(0, BATCH_MAX).flatMap((request, place) => {
    const checked = checkedSet(request, context);
    if ('violations' in checked) {
      for (const { field, description } of checked.violations) {
        violations.add(`requests[${place}].${field}`, description);
      }
      return [];
    }
    const first = places.get(refKey(checked.command));
    const rule = `is the config of requests[${first}] already`;
    violations.require(first === undefined, `requests[${place}].id`, rule);
    places.set(refKey(checked.command), place);
    return [{ command: checked.command, request }];
  });
  if (violations.list.length > 0) throw invalidArgument(violations.list);
  return commands;
}

function checkedSet(
  request: SetIngressConfigRequest,
  context: CallContext,
): { command: SetCommand } | { violations: readonly Violation[] } {
  try {
    return { command: commandOf(request, context) };
  } catch (error) {
    if (error instanceof StatusError && error.violations.length > 0) return error;
    throw error;
  }
}

function commandOf(request: SetIngressConfigRequest, context: CallContext): SetCommand {
  if (request.askAgents) {
    const description = 'is for SetIngressConfig: many configs would ask every agent many times';
    throw invalidArgument([{ field: 'ask_agents', description }]);
  }
  return setCommandFrom(request, context);
}

/** What becomes of one Set. Rejects only for what ends the whole call. */
async function outcomeOf(
  set: () => Promise<SetIngressConfigResponseInput>,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return { response: await set() };
  } catch (error) {
    if (signal.aborted) throw error;
    const status = error instanceof StatusError ? error : mapError(error);
    if (!status) throw error;
    const { codeName: code, reason, message, violations } = status;
    return { failure: { code, reason, message, problems: [...violations] } };
  }
}

/** A key that cannot be sent back leaves the caller without a way to tell the answers apart. */
async function* withKeys(
  messages: AsyncIterable<StreamSetIngressConfigsRequest>,
): AsyncGenerator<StreamSetIngressConfigsRequest> {
  for await (const message of messages) {
    if (message.key.length > KEY_MAX) {
      const description = `must be at most ${KEY_MAX} characters long`;
      throw invalidArgument([{ field: 'key', description }]);
    }
    yield message;
  }
}

function missingRequest(): StatusError {
  return invalidArgument([{ field: 'request', description: 'is required' }]);
}
