import {
  aborted,
  alreadyExists,
  type CallContext,
  failedPrecondition,
  invalidArgument,
  notFound,
} from '#libs/grpc';
import type {
  DeleteIngressConfigRequest,
  DeleteIngressConfigResponseInput,
  RollbackIngressConfigRequest,
  RollbackIngressConfigResponseInput,
  SetIngressConfigRequest,
  SetIngressConfigResponseInput,
} from '#proto';
import type { AgentQuestions } from '../agents/agent-questions.ts';
import { checkGeneration } from '../domain/request-rules.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { ConfigStore, SetCommand, WriteResult } from '../store/config-store.ts';
import type { HistoryStore } from '../store/history-store.ts';
import { configMessage, type Publication } from './config-message.ts';
import { generationNotFound } from './generation-message.ts';
import { passed } from './status-errors.ts';
import { deleteCommandFrom, rollbackCommandFrom, setCommandFrom } from './write-commands.ts';

/** What etcd gets of a write before it is answered as PENDING. */
const PUBLISH_BUDGET_MS = 1000;

export interface WriteDeps {
  store: Pick<ConfigStore, 'set' | 'delete' | 'preview'>;
  history: Pick<HistoryStore, 'find'>;
  publisher: Pick<Publisher, 'publish' | 'currentEpoch'>;
  questions: Pick<AgentQuestions, 'ask'>;
}

type Written = Extract<WriteResult, { kind: 'ok' }>;

/** Set, Delete and Rollback: durable in MySQL first, then in etcd within a budget. */
export class WriteService {
  readonly #store: WriteDeps['store'];
  readonly #history: WriteDeps['history'];
  readonly #publisher: WriteDeps['publisher'];
  readonly #questions: WriteDeps['questions'];

  constructor({ store, history, publisher, questions }: WriteDeps) {
    this.#store = store;
    this.#history = history;
    this.#publisher = publisher;
    this.#questions = questions;
  }

  async set(
    request: SetIngressConfigRequest,
    context: CallContext,
  ): Promise<SetIngressConfigResponseInput> {
    return await this.setAs(setCommandFrom(request, context), request, context);
  }

  /** A Set whose command is made already. */
  async setAs(
    command: SetCommand,
    request: Pick<SetIngressConfigRequest, 'validateOnly' | 'askAgents'>,
    context: CallContext,
  ): Promise<SetIngressConfigResponseInput> {
    if (request.validateOnly) return await this.#preview(command, request.askAgents, context);
    if (request.askAgents) {
      const description = 'goes with validate_only alone';
      throw invalidArgument([{ field: 'ask_agents', description }]);
    }
    return await this.#set(command, context.signal);
  }

  /** Answers as if it were set, and what agents say of it when they are to be asked. */
  async #preview(
    command: SetCommand,
    askAgents: boolean,
    context: CallContext,
  ): Promise<SetIngressConfigResponseInput> {
    const { row, changed } = written(await this.#store.preview(command), command);
    const pending = { published: false, after: { generation: row.generation } };
    return {
      config: configMessage(row, pending, 'CONFIG_VIEW_BASIC'),
      changed,
      agents: askAgents ? await this.#questions.ask(command, context) : null,
    };
  }

  async delete(
    request: DeleteIngressConfigRequest,
    context: CallContext,
  ): Promise<DeleteIngressConfigResponseInput> {
    const command = deleteCommandFrom(request, context);
    const epoch = this.#publisher.currentEpoch();
    const result = await this.#store.delete(command, { signal: context.signal });
    const answer = written(result, command);
    const publication = await this.#publish(answer, epoch);
    return { config: configMessage(answer.row, publication, 'CONFIG_VIEW_BASIC') };
  }

  async rollback(
    request: RollbackIngressConfigRequest,
    context: CallContext,
  ): Promise<RollbackIngressConfigResponseInput> {
    const { env, id, toGeneration } = request;
    passed(checkGeneration({ env, id, generation: toGeneration }, 'to_generation'));
    const earlier = await this.#history.find({ env, id }, toGeneration);
    if (!earlier) throw generationNotFound(request, toGeneration);
    if (earlier.deleted) {
      const problem = `generation ${toGeneration} of ${env}/${id} is a delete; name one with a content`;
      throw failedPrecondition('GENERATION_IS_DELETE', problem);
    }
    return await this.#set(rollbackCommandFrom(request, earlier, context), context.signal);
  }

  async #set(command: SetCommand, signal: AbortSignal) {
    // The epoch must be known before the row is written: publish() relies on the order.
    const epoch = this.#publisher.currentEpoch();
    const answer = written(await this.#store.set(command, { signal }), command);
    const publication = await this.#publish(answer, epoch);
    const config = configMessage(answer.row, publication, 'CONFIG_VIEW_BASIC');
    return { config, changed: answer.changed };
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
