// What a request asks to be written, checked and as the store takes it.

import { hash, randomUUIDv7 } from 'node:crypto';
import { type CallContext, invalidArgument, objectFromStruct } from '#libs/grpc';
import type { CompletionPolicy } from '#libs/keyspace';
import type {
  DeleteIngressConfigRequest,
  RollbackIngressConfigRequest,
  SetIngressConfigRequest,
} from '#proto';
import { bodyOf, checkDelete, checkSet, type SetRequest } from '../domain/request-rules.ts';
import type { DeleteCommand, SetCommand } from '../store/config-store.ts';
import type { GenerationRecord } from '../store/history-store.ts';
import { passed } from './status-errors.ts';

type Caller = Pick<CallContext, 'actor' | 'traceparent'>;

/** The command of a Set. Throws INVALID_ARGUMENT with every violation. */
export function setCommandFrom(request: SetIngressConfigRequest, caller: Caller): SetCommand {
  const { env, id, labels, note, requestId, expectedGeneration } = request;
  const policy = policyOf(request);
  const asked: SetRequest = {
    ...{ env, id, labels, note, requestId, policy, expectedGeneration },
    config: request.content === 'config' ? objectFromStruct(request.config ?? {}) : undefined,
    configJson: request.content === 'configJson' ? request.configJson : undefined,
  };
  const { content, digest } = passed(checkSet(asked));
  const body = { env, id, labels, note, digest, expectedGeneration: expectedGeneration ?? null };
  return {
    ...{ env, labels, note, content, digest, expectedGeneration, completionPolicy: policy },
    id: id === '' ? randomUUIDv7() : id,
    requestId: requestId === '' ? undefined : requestId,
    bodyDigest: sha256(bodyOf('set', body)),
    ...callerOf(caller),
  };
}

/** The command of a Delete. Throws INVALID_ARGUMENT with every violation. */
export function deleteCommandFrom(
  request: DeleteIngressConfigRequest,
  caller: Caller,
): DeleteCommand {
  passed(checkDelete(request));
  const { env, id, expectedGeneration, note } = request;
  const body = { env, id, expectedGeneration: expectedGeneration ?? null, note };
  return {
    ...{ env, id, note, expectedGeneration },
    requestId: request.requestId,
    bodyDigest: sha256(bodyOf('delete', body)),
    ...callerOf(caller),
  };
}

/**
 * The command that sets what `earlier` was. Its content is checked anew: the rules may be newer.
 * Throws INVALID_ARGUMENT with every violation.
 */
export function rollbackCommandFrom(
  request: RollbackIngressConfigRequest,
  earlier: GenerationRecord,
  caller: Caller,
): SetCommand {
  const { env, id, toGeneration, expectedGeneration, note, requestId } = request;
  const { labels, completionPolicy, content: configJson } = earlier;
  const rest = { labels, policy: completionPolicy, configJson, expectedGeneration, note };
  const { content, digest } = passed(checkSet({ env, id, requestId, ...rest }));
  const body = { env, id, toGeneration, expectedGeneration: expectedGeneration ?? null, note };
  return {
    ...{ env, id, labels, completionPolicy, content, digest, expectedGeneration },
    note: note === '' ? `rollback to generation ${toGeneration}` : note,
    requestId: requestId === '' ? undefined : requestId,
    bodyDigest: sha256(bodyOf('rollback', body)),
    ...callerOf(caller),
  };
}

/** A request inside another one may hold a number that this server has no name for. */
function policyOf({ completionPolicy }: { completionPolicy: unknown }): CompletionPolicy {
  if (typeof completionPolicy !== 'string') {
    const description = 'holds a value that this server does not know';
    throw invalidArgument([{ field: 'completion_policy', description }]);
  }
  return completionPolicy.endsWith('VERIFIED') ? 'VERIFIED' : 'APPLIED';
}

function callerOf({ actor, traceparent }: Caller): Caller {
  return { actor, traceparent };
}

function sha256(text: string): string {
  return hash('sha256', text);
}
