import { z } from 'zod';
import {
  type CallContext,
  decodePageToken,
  encodePageToken,
  pageSize,
  timestampFromDate,
  unavailable,
} from '#libs/grpc';
import type {
  AgentStanding,
  AgentStatusInput,
  ListAgentStatusesRequest,
  ListAgentStatusesResponseInput,
} from '#proto';
import type { Answerer } from '../answers/answerer.ts';
import { type AgentStatus, agentStatusesOf } from '../domain/agent-statuses.ts';
import { linearizeFor } from './linearize.ts';
import { checkRef, passed } from './requests.ts';
import { noSuchConfig } from './status-errors.ts';

/** Position of a list: the last agent. */
const position = z.object({ agent: z.string() });

/** ListAgentStatuses. */
export class AgentStatusService {
  readonly #answerer: Answerer;

  constructor({ answerer }: { answerer: Answerer }) {
    this.#answerer = answerer;
  }

  async list(
    request: ListAgentStatusesRequest,
    context: CallContext,
  ): Promise<ListAgentStatusesResponseInput> {
    passed(checkRef(request));
    const wanted = standingsOf(request.standings);
    const { agent: after = '' } = decodePageToken(request.pageToken, position) ?? {};
    const limit = pageSize(request.pageSize);
    const answerer = this.#answerer;
    await linearizeFor(answerer, request, context);
    const { env, id } = request;
    const ref = { env, id };
    const accepted = await answerer.accepted([ref]);
    // From here on nothing is waited for: all of it is of one revision.
    const facts = answerer.facts(ref, accepted);
    const situation = answerer.situation(ref, accepted);
    if (!situation) throw noSuchConfig(ref);
    if (situation.state === 'UNKNOWN') throw unavailable('UNKNOWN', situation.unknownReason, 0);
    const found: AgentStatus[] = [];
    for (const status of agentStatusesOf(answerer.view, ref, { facts, after })) {
      if (wanted.size > 0 && !wanted.has(status.standing)) continue;
      if (found.push(status) > limit) break;
    }
    const last = found.length > limit ? found[limit - 1] : undefined;
    const { revision, epoch } = answerer.asOf();
    const page = found.slice(0, limit);
    const lost = page.filter(({ standing }) => standing === 'LOST').map(({ agent }) => agent);
    const lostSince = await answerer.lostSince(env, lost);
    return {
      statuses: page.map((status) => statusMessage(status, lostSince)),
      nextPageToken: last ? encodePageToken({ agent: last.agent }) : '',
      generation: situation.generation,
      asOfRevision: revision,
      epoch,
    };
  }
}

function standingsOf(standings: readonly AgentStanding[]): Set<string> {
  const short = standings.map((standing) => standing.slice('AGENT_STANDING_'.length));
  if (short.includes('UNSPECIFIED')) {
    passed([{ field: 'standings', description: 'must not be unspecified' }]);
  }
  return new Set(short);
}

function statusMessage(
  status: AgentStatus,
  lostSince: ReadonlyMap<string, Date>,
): AgentStatusInput {
  const { agent, standing, blocker, phase, appliedGeneration, isUpToDate, proof } = status;
  const observed = blocker?.sinceMs === undefined ? undefined : new Date(blocker.sinceMs);
  // MySQL's time survives every restart of ours.
  const since = lostSince.get(agent) ?? observed;
  return {
    ...{ agent, phase, appliedGeneration },
    standing: `AGENT_STANDING_${standing}`,
    reason: blocker?.reason ?? '',
    message: blocker?.message ?? '',
    since: since ? timestampFromDate(since) : null,
    upToDate: isUpToDate,
    proof: `COMPLETION_POLICY_${proof === 'NONE' ? 'UNSPECIFIED' : proof}`,
  };
}
