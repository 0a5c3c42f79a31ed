import { z } from 'zod';
import { decodePageToken, encodePageToken, notFound, pageSize, readMask } from '#libs/grpc';
import type {
  GetIngressConfigRequest,
  GetIngressConfigResponseInput,
  ListIngressConfigsRequest,
  ListIngressConfigsResponseInput,
} from '#proto';
import { checkListed, checkRef } from '../domain/request-rules.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { configMessage, publicationOf } from './config-message.ts';
import { passed } from './status-errors.ts';

const position = z.object({ env: z.string(), id: z.string() });

export interface ReadDeps {
  store: Pick<ConfigStore, 'get' | 'list'>;
  /** The epoch that is believed current: what is published in another one is not published. */
  currentEpoch(): number | undefined;
}

/** Get and List, from MySQL. */
export class ReadService {
  readonly #deps: ReadDeps;

  constructor(deps: ReadDeps) {
    this.#deps = deps;
  }

  async get(request: GetIngressConfigRequest): Promise<GetIngressConfigResponseInput> {
    passed(checkRef(request));
    const masked = readMask(request.readMask, 'IngressConfig');
    const { env, id } = request;
    const row = await this.#deps.store.get(env, id);
    if (!row || (row.deleted && !request.showDeleted)) {
      throw notFound('CONFIG_NOT_FOUND', `there is no config ${env}/${id}`);
    }
    const view = request.view === 'CONFIG_VIEW_UNSPECIFIED' ? 'CONFIG_VIEW_FULL' : request.view;
    const publication = publicationOf(row, this.#deps.currentEpoch());
    return { config: masked(configMessage(row, publication, view)) };
  }

  async list(request: ListIngressConfigsRequest): Promise<ListIngressConfigsResponseInput> {
    passed(checkListed(request));
    const masked = readMask(request.readMask, 'IngressConfig');
    const size = pageSize(request.pageSize);
    const epoch = this.#deps.currentEpoch();
    const rows = await this.#deps.store.list({
      env: request.env === '-' ? undefined : request.env,
      labels: request.labels,
      text: request.text,
      published: publishedFilter(request, epoch),
      after: decodePageToken(request.pageToken, position),
      limit: size + 1,
    });
    const last = rows.length > size ? rows[size - 1] : undefined;
    return {
      configs: rows
        .slice(0, size)
        .map((row) => masked(configMessage(row, publicationOf(row, epoch), request.view))),
      nextPageToken: last ? encodePageToken({ env: last.env, id: last.id }) : '',
    };
  }
}

function publishedFilter(request: ListIngressConfigsRequest, epoch: number | undefined) {
  if (request.publishState === 'PUBLISH_STATE_UNSPECIFIED') return undefined;
  return { epoch: epoch ?? 0, is: request.publishState === 'PUBLISH_STATE_PUBLISHED' };
}
