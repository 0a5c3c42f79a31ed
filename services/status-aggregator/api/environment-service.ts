import { z } from 'zod';
import { decodePageToken, encodePageToken, pageSize } from '#libs/grpc';
import type {
  EnvironmentStatusInput,
  GetEnvironmentRequest,
  GetEnvironmentResponseInput,
  StatusAggregatorListEnvironmentsRequest,
  StatusAggregatorListEnvironmentsResponseInput,
} from '#proto';
import type { Answerer } from '../answers/answerer.ts';
import type { Listing } from '../answers/listing.ts';
import { type EnvironmentStatus, rankOf } from '../domain/environment-status.ts';
import { environmentMessage } from './messages.ts';
import { envViolations, passed } from './requests.ts';
import { noSuchEnvironment } from './status-errors.ts';

/** Position of a list: the rank of the last environment. */
const position = z.object({ worst: z.int(), lost: z.int(), env: z.string() });

export interface EnvironmentDeps {
  answerer: Answerer;
  listing: Listing;
}

/** GetEnvironment and ListEnvironments. */
export class EnvironmentService {
  readonly #deps: EnvironmentDeps;

  constructor(deps: EnvironmentDeps) {
    this.#deps = deps;
  }

  async get({ env }: GetEnvironmentRequest): Promise<GetEnvironmentResponseInput> {
    passed(envViolations(env));
    const status = await this.#deps.listing.environment(env);
    if (!status) throw noSuchEnvironment(env);
    return { environment: this.#message(status) };
  }

  async list(
    request: StatusAggregatorListEnvironmentsRequest,
  ): Promise<StatusAggregatorListEnvironmentsResponseInput> {
    const size = pageSize(request.pageSize);
    const after = decodePageToken(request.pageToken, position);
    const found = await this.#deps.listing.environments(size + 1, after);
    const last = found.length > size ? found[size - 1] : undefined;
    return {
      environments: found.slice(0, size).map((status) => this.#message(status)),
      nextPageToken: last ? encodePageToken(rankOf(last)) : '',
    };
  }

  #message(status: EnvironmentStatus): EnvironmentStatusInput {
    const { answerer } = this.#deps;
    const lost = answerer.view.env(status.env)?.lostMembers() ?? [];
    const lostAgents = lost.map(({ name }) => name);
    return environmentMessage(status, { lostAgents, asOf: answerer.asOf() });
  }
}
