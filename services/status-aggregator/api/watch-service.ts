import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type CallContext, invalidArgument, resourceExhausted } from '#libs/grpc';
import type { Clock } from '#libs/lifecycle';
import type { WatchCompletionsRequest, WatchCompletionsResponseInput } from '#proto';
import type { Answerer } from '../answers/answerer.ts';
import type { Listing } from '../answers/listing.ts';
import type { ChangeLog } from '../streams/change-log.ts';
import { CompletionFeed, type FeedMessage } from '../streams/completion-feed.ts';
import { completionMessage } from './messages.ts';
import { envOfList, idViolations, passed } from './requests.ts';

/** Streams at once: each remembers what it told. */
const STREAMS_MAX = 200;
const RETRY_AFTER_MS = 1_000;

/** Where a stream was, in which process, and what it was about. */
const token = z.object({
  ...{ process: z.string(), seq: z.int().min(0) },
  ...{ env: z.string(), id: z.string() },
});

export interface WatchDeps {
  answerer: Answerer;
  listing: Pick<Listing, 'refs'>;
  changes: ChangeLog;
  /** Whether MySQL answered when it was last asked. */
  acceptedKnown: () => boolean;
  clock: Pick<Clock, 'monotonicMs'>;
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
    const after = this.#positionOf(request);
    if (this.#streams >= STREAMS_MAX) {
      const options = { retryAfterMs: RETRY_AFTER_MS };
      throw resourceExhausted('TOO_MANY_STREAMS', `${STREAMS_MAX} streams are open`, options);
    }
    const { listing, ...deps } = this.#deps;
    const query = { env, id: request.id === '' ? undefined : request.id, after };
    this.#streams += 1;
    try {
      using feed = new CompletionFeed({ ...deps, refs: (of) => listing.refs(of) }, query);
      for await (const message of feed.messages(signal)) yield this.#message(message, request);
    } finally {
      this.#streams -= 1;
    }
  }

  #message(message: FeedMessage, request: WatchCompletionsRequest): WatchCompletionsResponseInput {
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
      case 'view': {
        const { unknownReason, acceptedKnown } = message;
        return { ...asOf, type: 'TYPE_VIEW', unknownReason, acceptedKnown, epoch: message.epoch };
      }
      case 'snapshot-begin':
        return { ...asOf, type: 'TYPE_SNAPSHOT_BEGIN' };
      default: {
        const type = message.kind === 'snapshot-end' ? 'TYPE_SNAPSHOT_END' : 'TYPE_BOOKMARK';
        return { ...asOf, type, resumeToken: this.#tokenAt(message.seq, request) };
      }
    }
  }

  #tokenAt(seq: number, { env, id }: WatchCompletionsRequest): string {
    const position = { process: this.#process, seq, env, id };
    return Buffer.from(JSON.stringify(position)).toString('base64url');
  }

  /** Undefined: begin with a snapshot. */
  #positionOf({ resumeToken, env, id }: WatchCompletionsRequest): number | undefined {
    if (resumeToken === '') return undefined;
    const position = tokenFrom(resumeToken);
    if (position.env !== env || position.id !== id) {
      const description = 'is of a stream with another env or id';
      throw invalidArgument([{ field: 'resume_token', description }]);
    }
    return position.process === this.#process ? position.seq : undefined;
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
