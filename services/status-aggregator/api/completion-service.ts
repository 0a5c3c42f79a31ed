import { z } from 'zod';
import {
  answerKeyed,
  type CallContext,
  decodePageToken,
  encodePageToken,
  invalidArgument,
  notFound,
  pageSize,
  readMask,
  unavailable,
} from '#libs/grpc';
import type {
  CompletionInput,
  GetCompletionRequest,
  GetCompletionResponseInput,
  ListCompletionsRequest,
  ListCompletionsResponseInput,
  QueryCompletionsRequest,
  QueryCompletionsResponseInput,
  WaitForCompletionRequest,
  WaitForCompletionResponseInput,
} from '#proto';
import type { Answer, Answerer } from '../answers/answerer.ts';
import type { Listing } from '../answers/listing.ts';
import type { ConfigRef } from '../domain/completion.ts';
import type { View } from '../domain/view.ts';
import { keyOfReceipt, type ReceiptKey, type ReceiptStore } from '../receipts/receipt-store.ts';
import type { Breaker } from '../store/breaker.ts';
import { Gatherer } from '../store/gatherer.ts';
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
import { acceptedUnknown, mapError, noSuchConfig } from './status-errors.ts';

/** Position of a list: the last config that was looked at. */
const position = z.object({ env: z.string(), id: z.string() });

/** Receipts that are asked for at once: more callers wait for the next asking. */
const RECEIPTS_MAX = 1_000;

type FoundReceipts = Awaited<ReturnType<ReceiptStore['findAll']>>;

const NONE: FoundReceipts = new Map();

export interface CompletionDeps {
  answerer: Answerer;
  listing: Listing;
  registry: WaitRegistry;
  receipts: Pick<ReceiptStore, 'findAll'>;
  breaker: Breaker;
}

/** GetCompletion, QueryCompletions, ListCompletions and WaitForCompletion. */
export class CompletionService {
  readonly #deps: CompletionDeps;
  readonly #receipts: Gatherer<ReceiptKey, FoundReceipts | undefined>;

  constructor(deps: CompletionDeps) {
    this.#deps = deps;
    const { breaker, receipts } = deps;
    const ask = async (keys: readonly ReceiptKey[]) =>
      await breaker.ask(() => receipts.findAll(keys));
    this.#receipts = new Gatherer({ ask, keyOf: keyOfReceipt, max: RECEIPTS_MAX });
  }

  async get(
    request: GetCompletionRequest,
    context: CallContext,
  ): Promise<GetCompletionResponseInput> {
    passed([...checkRef(request), ...afterViolations(request.after)]);
    const masked = readMask(request.readMask, 'Completion');
    const { answerer } = this.#deps;
    const { env, id } = request;
    const ref = { env, id };
    const after = afterOf(request.after);
    if (after && !(await waitForWrite(this.#deps, { ref, after }, limitsOf(context)))) {
      const message = 'the write did not show up in the view before the deadline';
      throw unavailable('AFTER_NOT_REACHED', message, 0);
    }
    await linearizeFor(answerer, request, context);
    // The view says which receipt there may be: both questions go to MySQL at once.
    const shown = shownReceipt(answerer.view, ref);
    const [accepted, found] = await Promise.all([
      answerer.accepted([ref]),
      this.#findReceipts(shown),
    ]);
    const answers = await answerer.answers([ref], accepted);
    const [completion] = await this.#withReceipts(answers, { asked: shown, found });
    if (!completion) throw noSuchConfig(ref);
    return { completion: masked(completion) };
  }

  query(
    messages: AsyncIterable<QueryCompletionsRequest>,
    context: CallContext,
  ): AsyncIterable<QueryCompletionsResponseInput> {
    const ask = async ({ request }: QueryCompletionsRequest) => {
      if (!request) throw invalidArgument([{ field: 'request', description: 'is required' }]);
      return await this.get(request, context);
    };
    return answerKeyed(messages, ask, { context, mapError });
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
  async #withReceipts(
    answers: readonly Answer[],
    before: { asked: readonly ReceiptKey[]; found: FoundReceipts } = { asked: [], found: NONE },
  ): Promise<CompletionInput[]> {
    const asked = new Set(before.asked.map(keyOfReceipt));
    // What was not complete when it was asked for has no receipt yet.
    const isOpen = (answer: Answer) => {
      const key = keyOfReceipt(receiptKeyOf(answer));
      return !before.found.has(key) && (!asked.has(key) || answer.completion.state === 'COMPLETE');
    };
    const found = await this.#findReceipts(answers.filter(isOpen).map(receiptKeyOf));
    return answers.map((answer) => {
      const key = keyOfReceipt(receiptKeyOf(answer));
      return completionMessage(answer, before.found.get(key) ?? found.get(key));
    });
  }

  async #findReceipts(keys: readonly ReceiptKey[]): Promise<FoundReceipts> {
    const known = keys.filter(({ generation }) => generation > 0);
    return known.length === 0 ? NONE : ((await this.#receipts.ask(known)) ?? NONE);
  }
}

/** The receipt of what etcd shows now, if it is complete. */
function shownReceipt(view: View, { env, id }: ConfigRef): ReceiptKey[] {
  const config = view.env(env)?.entries.get(id)?.config;
  if (!config) return [];
  const { generation, digestText: digest } = config;
  return [{ env, id, generation, digest, kind: 'COMPLETED' }];
}

function receiptKeyOf({ env, id, completion }: Answer): ReceiptKey {
  const { generation, digest, deleted } = completion;
  return { env, id, generation, digest, kind: deleted ? 'DELETED' : 'COMPLETED' };
}

function limitsOf(context: CallContext) {
  return { signal: context.signal, remainingMs: context.remainingMs() };
}
