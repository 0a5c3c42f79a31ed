import { z } from 'zod';
import {
  type CallContext,
  decodePageToken,
  encodePageToken,
  notFound,
  pageSize,
  unavailable,
} from '#libs/grpc';
import type {
  CompletionInput,
  GetCompletionRequest,
  GetCompletionResponseInput,
  ListCompletionsRequest,
  ListCompletionsResponseInput,
  WaitForCompletionRequest,
  WaitForCompletionResponseInput,
} from '#proto';
import type { Answer, Answerer } from '../answers/answerer.ts';
import type { Listing } from '../answers/listing.ts';
import { keyOfReceipt, type ReceiptKey, type ReceiptStore } from '../receipts/receipt-store.ts';
import type { Breaker } from '../store/breaker.ts';
import { waitForCompletion, waitForWrite } from '../waits/completion-wait.ts';
import { waitReason } from '../waits/wait-reason.ts';
import type { WaitRegistry } from '../waits/wait-registry.ts';
import { linearizeFor } from './linearize.ts';
import { completionMessage } from './messages.ts';
import {
  afterOf,
  afterViolations,
  agentOf,
  checkRef,
  envOfList,
  idViolations,
  isEveryEnv,
  passed,
  statesOf,
  waitViolations,
} from './requests.ts';
import { acceptedUnknown, noSuchConfig } from './status-errors.ts';

/** Position of a list: the last config that was looked at. */
const position = z.object({ env: z.string(), id: z.string() });

export interface CompletionDeps {
  answerer: Answerer;
  listing: Listing;
  registry: WaitRegistry;
  receipts: Pick<ReceiptStore, 'findAll'>;
  breaker: Breaker;
}

/** GetCompletion, ListCompletions and WaitForCompletion. */
export class CompletionService {
  readonly #deps: CompletionDeps;

  constructor(deps: CompletionDeps) {
    this.#deps = deps;
  }

  async get(
    request: GetCompletionRequest,
    context: CallContext,
  ): Promise<GetCompletionResponseInput> {
    passed([...checkRef(request), ...afterViolations(request.after)]);
    const { answerer } = this.#deps;
    const { env, id } = request;
    const ref = { env, id };
    const after = afterOf(request.after);
    if (after && !(await waitForWrite(this.#deps, { ref, after }, limitsOf(context)))) {
      const message = 'the write did not show up in the view before the deadline';
      throw unavailable('AFTER_NOT_REACHED', message, 0);
    }
    await linearizeFor(answerer, request, context);
    const accepted = await answerer.accepted([ref]);
    const [completion] = await this.#withReceipts(await answerer.answers([ref], accepted));
    if (!completion) throw noSuchConfig(ref);
    return { completion };
  }

  async list(
    request: ListCompletionsRequest,
    context: CallContext,
  ): Promise<ListCompletionsResponseInput> {
    const env = envOfList(request.env);
    if (request.id !== '') passed(idViolations(request.id));
    const { answerer, listing } = this.#deps;
    await linearizeFor(answerer, request, context);
    const { answers, next } = await listing.completions({
      env,
      id: request.id === '' ? undefined : request.id,
      states: statesOf(request.states),
      after: decodePageToken(request.pageToken, position),
      limit: pageSize(request.pageSize),
    });
    return {
      completions: answers.map((answer) => completionMessage(answer)),
      nextPageToken: next ? encodePageToken({ env: next.env, id: next.id }) : '',
      asOfRevision: answers[0]?.asOf.revision ?? answerer.asOf().revision,
    };
  }

  async wait(
    request: WaitForCompletionRequest,
    context: CallContext,
  ): Promise<WaitForCompletionResponseInput> {
    passed(waitViolations(request));
    const { id, generation } = request;
    const envs = isEveryEnv(request)
      ? await this.#deps.listing.envsWith(id)
      : [...new Set(request.envs)].toSorted();
    if (!envs) throw acceptedUnknown(id);
    if (envs.length === 0) throw notFound('CONFIG_NOT_FOUND', `no environment has a config ${id}`);
    const wait = {
      refs: envs.map((env) => ({ env, id })),
      generation,
      deleted: request.waitFor === 'WAIT_FOR_DELETED',
      acceptExceptions: request.acceptExceptions ?? true,
      after: afterOf(request.after),
      agent: agentOf(request),
    };
    const { outcome, answers, agentStatus } = await waitForCompletion(
      this.#deps,
      wait,
      limitsOf(context),
    );
    const completions = await this.#withReceipts(answers);
    const about = wait.agent === undefined ? undefined : { name: wait.agent, status: agentStatus };
    return { outcome: `WAIT_OUTCOME_${outcome}`, completions, reason: waitReason(answers, about) };
  }

  /** Each with the receipt of the generation that it speaks of; without when MySQL does not say. */
  async #withReceipts(answers: readonly Answer[]): Promise<CompletionInput[]> {
    const { receipts, breaker } = this.#deps;
    const keys = answers.map(receiptKeyOf).filter(({ generation }) => generation > 0);
    const found = keys.length > 0 ? await breaker.ask(() => receipts.findAll(keys)) : undefined;
    return answers.map((answer) =>
      completionMessage(answer, found?.get(keyOfReceipt(receiptKeyOf(answer)))),
    );
  }
}

function receiptKeyOf({ env, id, completion }: Answer): ReceiptKey {
  const { generation, digest, deleted } = completion;
  return { env, id, generation, digest, kind: deleted ? 'DELETED' : 'COMPLETED' };
}

function limitsOf(context: CallContext) {
  return { signal: context.signal, remainingMs: context.remainingMs() };
}
