import { createHash, randomUUIDv7 } from 'node:crypto';
import { aborted, alreadyExists, type CallContext, notFound, objectFromStruct } from '#libs/grpc';
import type {
  DeleteIngressConfigRequest,
  DeleteIngressConfigResponseInput,
  SetIngressConfigRequest,
  SetIngressConfigResponseInput,
} from '#proto';
import { bodyOf, checkDelete, checkSet, type SetRequest } from '../domain/request-rules.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { ConfigStore, SetCommand, WriteResult } from '../store/config-store.ts';
import { configMessage, type Publication } from './config-message.ts';
import { passed } from './status-errors.ts';

/** What etcd gets of a write before it is answered as PENDING. */
const PUBLISH_BUDGET_MS = 1000;

export interface WriteDeps {
  store: Pick<ConfigStore, 'set' | 'delete' | 'preview'>;
  publisher: Pick<Publisher, 'publish' | 'currentEpoch'>;
}

type Written = Extract<WriteResult, { kind: 'ok' }>;

/** Set and Delete: durable in MySQL first, then in etcd within a budget. */
export class WriteService {
  readonly #store: WriteDeps['store'];
  readonly #publisher: WriteDeps['publisher'];

  constructor({ store, publisher }: WriteDeps) {
    this.#store = store;
    this.#publisher = publisher;
  }

  async set(
    request: SetIngressConfigRequest,
    context: CallContext,
  ): Promise<SetIngressConfigResponseInput> {
    const command = setCommandFrom(request, context);
    if (request.validateOnly) {
      const { row, changed } = written(await this.#store.preview(command), command);
      const pending = { published: false, after: { generation: row.generation } };
      return { config: configMessage(row, pending, 'CONFIG_VIEW_BASIC'), changed };
    }
    // The epoch must be known before the row is written: publish() relies on the order.
    const epoch = this.#publisher.currentEpoch();
    const result = await this.#store.set(command, { signal: context.signal });
    const answer = written(result, command);
    const publication = await this.#publish(answer, epoch);
    return {
      config: configMessage(answer.row, publication, 'CONFIG_VIEW_BASIC'),
      changed: answer.changed,
    };
  }

  async delete(
    request: DeleteIngressConfigRequest,
    context: CallContext,
  ): Promise<DeleteIngressConfigResponseInput> {
    passed(checkDelete(request));
    const { env, id, expectedGeneration, note } = request;
    const body = { env, id, expectedGeneration: expectedGeneration ?? null, note };
    const command = {
      ...{ env, id, note, expectedGeneration },
      requestId: request.requestId,
      bodyDigest: sha256(bodyOf('delete', body)),
      actor: context.actor,
      traceparent: context.traceparent,
    };
    const epoch = this.#publisher.currentEpoch();
    const result = await this.#store.delete(command, { signal: context.signal });
    const answer = written(result, command);
    const publication = await this.#publish(answer, epoch);
    return { config: configMessage(answer.row, publication, 'CONFIG_VIEW_BASIC') };
  }

  /** Never fails: what is not in etcd in time arrives by the scan for dirty rows. */
  async #publish({ row, replayed }: Written, epoch: number | undefined): Promise<Publication> {
    const { env, id, generation } = row;
    // A replayed row may be older than a delete that etcd has forgotten: it is read again.
    const known = replayed || epoch === undefined ? {} : { row, epoch };
    const options = { timeoutMs: PUBLISH_BUDGET_MS, ...known };
    const result = await this.#publisher.publish({ env, id }, options);
    if (result.state === 'PENDING') return { published: false, after: { generation } };
    const after = { epoch: result.epoch, revision: Number(result.revision), generation };
    return { published: true, after };
  }
}

function setCommandFrom(request: SetIngressConfigRequest, context: CallContext): SetCommand {
  const { env, id, labels, note, requestId, expectedGeneration } = request;
  const policy = request.completionPolicy.endsWith('VERIFIED') ? 'VERIFIED' : 'APPLIED';
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
    actor: context.actor,
    traceparent: context.traceparent,
  };
}

function written(result: WriteResult, { env, id }: { env: string; id: string }): Written {
  switch (result.kind) {
    case 'ok':
      return result;
    case 'generation_conflict': {
      const now = result.current === 0 ? 'does not exist' : `is at generation ${result.current}`;
      throw aborted('GENERATION_CONFLICT', `config ${env}/${id} ${now}; read it again`);
    }
    case 'not_found':
      throw notFound('CONFIG_NOT_FOUND', `there is no config ${env}/${id}`);
    case 'request_id_reused':
      throw alreadyExists('REQUEST_ID_REUSED', 'request_id was used with another request');
    default:
      return result satisfies never;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
