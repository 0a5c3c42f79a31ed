import {
  answerKeyed,
  type CallContext,
  invalidArgument,
  itemOutcome,
  StatusError,
} from '#libs/grpc';
import type {
  BatchSetIngressConfigsRequest,
  BatchSetIngressConfigsResponseInput,
  SetIngressConfigRequest,
  StreamSetIngressConfigsRequest,
  StreamSetIngressConfigsResponseInput,
} from '#proto';
import { refKey } from '../domain/config-row.ts';
import { type Violation, Violations } from '../domain/violations.ts';
import type { SetCommand } from '../store/config-store.ts';
import { mapError } from './status-errors.ts';
import { setCommandFrom } from './write-commands.ts';
import type { WriteService } from './write-service.ts';

/** Requests of one batch: they share two or three transactions. */
const BATCH_MAX = 500;

export interface BulkDeps {
  writes: Pick<WriteService, 'setAs'>;
}

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
      itemOutcome(() => this.#writes.setAs(command, request, context), {
        signal: context.signal,
        mapError,
      }),
    );
    return { outcomes: await Promise.all(outcomes) };
  }

  stream(
    messages: AsyncIterable<StreamSetIngressConfigsRequest>,
    context: CallContext,
  ): AsyncIterable<StreamSetIngressConfigsResponseInput> {
    const set = async ({ request }: StreamSetIngressConfigsRequest) => {
      if (!request) throw missingRequest();
      return await this.#writes.setAs(commandOf(request, context), request, context);
    };
    return answerKeyed(messages, set, { context, mapError });
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

function missingRequest(): StatusError {
  return invalidArgument([{ field: 'request', description: 'is required' }]);
}
