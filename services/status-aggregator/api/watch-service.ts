import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type CallContext, invalidArgument, resourceExhausted } from '#libs/grpc';
import type { WatchCompletionsRequest, WatchCompletionsResponseInput } from '#proto';
import type { Answerer } from '../answers/answerer.ts';
import type { Listing } from '../answers/listing.ts';
import type { ChangeLog } from '../streams/change-log.ts';
import { CompletionFeed, type FeedMessage } from '../streams/completion-feed.ts';
import { completionMessage } from './messages.ts';
import { envOfList, idViolations, passed } from './requests.ts';

/** Streams at once: each remembers what it told. */
const STREAMS_MAX = 1_000;
const RETRY_AFTER_MS = 1_000;

/** Where a stream was, in which process. */
const token = z.object({ process: z.string(), seq: z.int().min(0) });

export interface WatchDeps {
  answerer: Answerer;
  listing: Pick<Listing, 'refs'>;
  changes: ChangeLog;
}

/** WatchCompletions. */
export class WatchService {
  readonly #deps: WatchDeps;
  /** Numbers of changes mean something in one process only. */
  readonly #process = randomUUID();
  #streams = 0;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
  }

  /** Number of streams. */
  get streams(): number {
    return this.#streams;
  }

  async *watch(
    request: WatchCompletionsRequest,
    { signal }: CallContext,
  ): AsyncGenerator<WatchCompletionsResponseInput> {
    const env = envOfList(request.env);
    if (request.id !== '') passed(idViolations(request.id));
    const after = this.#positionOf(request.resumeToken);
    if (this.#streams >= STREAMS_MAX) {
      const options = { retryAfterMs: RETRY_AFTER_MS };
      throw resourceExhausted('TOO_MANY_STREAMS', `${STREAMS_MAX} streams are open`, options);
    }
    const { answerer, changes, listing } = this.#deps;
    const query = { env, id: request.id === '' ? undefined : request.id, after };
    this.#streams += 1;
    try {
      using feed = new CompletionFeed({ answerer, changes, refs: (of) => listing.refs(of) }, query);
      for await (const message of feed.messages(signal)) yield this.#message(message);
    } finally {
      this.#streams -= 1;
    }
  }

  #message(message: FeedMessage): WatchCompletionsResponseInput {
    const { revision, epoch } = this.#deps.answerer.asOf();
    const asOf = { asOfRevision: revision, epoch };
    switch (message.kind) {
      case 'changed':
        return {
          ...{ type: 'TYPE_CHANGED', completion: completionMessage(message.answer) },
          asOfRevision: message.answer.asOf.revision,
          epoch: message.answer.asOf.epoch,
        };
      case 'removed':
        return { ...asOf, type: 'TYPE_REMOVED', completion: message.ref };
      case 'view':
        return { ...asOf, type: 'TYPE_VIEW', unknownReason: message.unknownReason };
      case 'snapshot-begin':
        return { ...asOf, type: 'TYPE_SNAPSHOT_BEGIN' };
      case 'snapshot-end':
        return { ...asOf, type: 'TYPE_SNAPSHOT_END', resumeToken: this.#tokenAt(message.seq) };
      default:
        return { ...asOf, type: 'TYPE_BOOKMARK', resumeToken: this.#tokenAt(message.seq) };
    }
  }

  #tokenAt(seq: number): string {
    return Buffer.from(JSON.stringify({ process: this.#process, seq })).toString('base64url');
  }

  /** Undefined: begin with a snapshot. */
  #positionOf(text: string): number | undefined {
    if (text === '') return undefined;
    const { process, seq } = tokenFrom(text);
    return process === this.#process ? seq : undefined;
  }
}

function tokenFrom(text: string): z.infer<typeof token> {
  try {
    return token.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    const description = 'must be a token of this method, or empty';
    throw invalidArgument([{ field: 'resume_token', description }]);
  }
}
