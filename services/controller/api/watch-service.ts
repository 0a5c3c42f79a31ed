import { z } from 'zod';
import { type CallContext, decodePageToken, encodePageToken, resourceExhausted } from '#libs/grpc';
import type { WatchIngressConfigsRequest, WatchIngressConfigsResponseInput } from '#proto';
import { checkListed } from '../domain/request-rules.ts';
import type { ConfigRecord } from '../store/config-store.ts';
import type { GenerationRecord } from '../store/history-store.ts';
import { configFeed, type FeedDeps } from './config-feed.ts';
import { generationMessage, hasContent } from './generation-message.ts';
import { passed } from './status-errors.ts';

/** Watches at once: each holds a page of 4 MiB at most. */
const WATCHES_MAX = 1_000;

const token = z.object({
  place: z
    .object({
      env: z.string(),
      id: z.string(),
      generation: z.number(),
      sequence: z.number(),
      acceptedAtMs: z.number(),
    })
    .optional(),
});

/** WatchIngressConfigs, from MySQL's history. */
export class WatchService {
  readonly #deps: FeedDeps;
  #watches = 0;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  async *watchConfigs(
    request: WatchIngressConfigsRequest,
    { signal }: CallContext,
  ): AsyncGenerator<WatchIngressConfigsResponseInput> {
    passed(checkListed(request));
    const { env, view, resumeToken } = request;
    const resumed = decodePageToken(resumeToken, token, 'resume_token');
    if (this.#watches >= WATCHES_MAX) {
      throw resourceExhausted('TOO_MANY_WATCHES', `there are ${WATCHES_MAX} watches already`);
    }
    this.#watches += 1;
    try {
      const query = {
        ...{ env: env === '-' ? undefined : env, withContent: hasContent(view) },
        ...{ resume: resumed !== undefined, after: resumed?.place },
      };
      for await (const event of configFeed(this.#deps, query, signal)) {
        if (event.kind === 'synced') {
          yield { type: 'TYPE_SYNCED', resumeToken: encodePageToken({ place: event.place }) };
        } else if (event.kind === 'listed') {
          yield { type: 'TYPE_SET', generation: generationMessage(recordOf(event.row), view) };
        } else {
          const { record, place } = event.change;
          yield {
            type: record.deleted ? 'TYPE_DELETED' : 'TYPE_SET',
            generation: generationMessage(record, view),
            // The rest of the snapshot is not told yet.
            resumeToken: event.isOld ? '' : encodePageToken({ place }),
          };
        }
      }
    } finally {
      this.#watches -= 1;
    }
  }
}

function recordOf(row: ConfigRecord): GenerationRecord {
  return { ...row, requestId: '' };
}
