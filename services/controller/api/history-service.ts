import { z } from 'zod';
import { decodePageToken, encodePageToken, notFound, pageSize } from '#libs/grpc';
import { canonicalJson } from '#libs/keyspace';
import type {
  DiffGenerationsRequest,
  DiffGenerationsResponseInput,
  FieldChangeInput,
  GetGenerationRequest,
  GetGenerationResponseInput,
  ListGenerationsRequest,
  ListGenerationsResponseInput,
} from '#proto';
import type { ConfigRef } from '../domain/config-row.ts';
import { checkDiff, checkGeneration, checkRef } from '../domain/request-rules.ts';
import type { ValueChange } from '../domain/value-diff.ts';
import type { GenerationRecord, HistoryStore } from '../store/history-store.ts';
import { diffGenerations } from './generation-diff.ts';
import { generationMessage, generationNotFound, hasContent } from './generation-message.ts';
import { passed } from './status-errors.ts';

/** Contents of one page: at 256 KiB each they stay below the 4 MiB that gRPC clients take. */
const CONTENT_PAGE_MAX = 15;
const CONTEXT_LINES = 3;

const position = z.object({ generation: z.int().positive() });

export interface HistoryDeps {
  history: Pick<HistoryStore, 'list' | 'find'>;
}

/** What the generations of a config were, and what differs between them. From MySQL. */
export class HistoryService {
  readonly #history: HistoryDeps['history'];

  constructor({ history }: HistoryDeps) {
    this.#history = history;
  }

  async list(request: ListGenerationsRequest): Promise<ListGenerationsResponseInput> {
    passed(checkRef(request));
    const { env, id, view } = request;
    const withContent = hasContent(view);
    const asked = pageSize(request.pageSize);
    const size = withContent ? Math.min(asked, CONTENT_PAGE_MAX) : asked;
    const below = decodePageToken(request.pageToken, position)?.generation;
    const limit = size + 1;
    const records = await this.#history.list({ env, id, below, withContent, limit });
    if (records.length === 0 && below === undefined) throw configNotFound(request);
    const last = records.length > size ? records[size - 1] : undefined;
    return {
      generations: records.slice(0, size).map((record) => generationMessage(record, view)),
      nextPageToken: last ? encodePageToken({ generation: last.generation }) : '',
    };
  }

  async get(request: GetGenerationRequest): Promise<GetGenerationResponseInput> {
    passed(checkGeneration(request, 'generation'));
    const record = await this.#require(request, request.generation);
    const view = request.view === 'CONFIG_VIEW_UNSPECIFIED' ? 'CONFIG_VIEW_FULL' : request.view;
    return { generation: generationMessage(record, view) };
  }

  async diff(request: DiffGenerationsRequest): Promise<DiffGenerationsResponseInput> {
    const { contextLines = CONTEXT_LINES, fromGeneration, toGeneration } = request;
    passed(checkDiff({ ...request, contextLines }));
    const to =
      toGeneration === 0 ? await this.#newest(request) : await this.#require(request, toGeneration);
    if (!to) throw configNotFound(request);
    const from =
      fromGeneration === 0
        ? await this.#newest(request, to.generation)
        : await this.#require(request, fromGeneration);
    const { changes, truncated, unified } = diffGenerations(from, to, { contextLines });
    return {
      from: from ? generationMessage(from, 'CONFIG_VIEW_BASIC') : null,
      to: generationMessage(to, 'CONFIG_VIEW_BASIC'),
      changes: changes.map(changeMessage),
      changesTruncated: truncated,
      unified,
    };
  }

  async #require({ env, id }: ConfigRef, generation: number): Promise<GenerationRecord> {
    const record = await this.#history.find({ env, id }, generation);
    if (!record) throw generationNotFound({ env, id }, generation);
    return record;
  }

  async #newest({ env, id }: ConfigRef, below?: number): Promise<GenerationRecord | undefined> {
    const [newest] = await this.#history.list({ env, id, below, withContent: true, limit: 1 });
    return newest;
  }
}

function configNotFound({ env, id }: ConfigRef) {
  return notFound('CONFIG_NOT_FOUND', `there was never a config ${env}/${id}`);
}

function changeMessage({ path, before, after }: ValueChange): FieldChangeInput {
  const bare = { path, oldJson: jsonOf(before), newJson: jsonOf(after) };
  if (before === undefined) return { ...bare, type: 'TYPE_ADDED' };
  return { ...bare, type: after === undefined ? 'TYPE_REMOVED' : 'TYPE_CHANGED' };
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}
