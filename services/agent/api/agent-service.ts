import { z } from 'zod';
import type { ListWatch } from '#libs/etcd';
import {
  type CallContext,
  decodePageToken,
  encodePageToken,
  type Handlers,
  notFound,
  pageSize,
  timestampFromDate,
  timestampFromIso,
  unavailable,
} from '#libs/grpc';
import { deadlineSignal } from '#libs/lifecycle';
import type {
  AgentDefinition,
  GetAgentResponseInput,
  GetAppliedConfigRequest,
  GetAppliedConfigResponseInput,
  ListAppliedConfigsRequest,
  ListAppliedConfigsResponseInput,
  RelistResponseInput,
} from '#proto';
import { shownProof } from '../domain/status.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Engine } from '../engine/engine.ts';
import type { EventFeeds } from '../events/event-feeds.ts';
import type { Journal } from '../journal/journal.ts';
import type { Membership } from '../membership/membership.ts';
import type { Outbox } from '../status/outbox.ts';
import type { EnvironmentView } from '../watch/environment-view.ts';
import { watchEvents } from './event-stream.ts';
import { toAppliedConfig, toControllerInfo, toTimedAttempt } from './messages.ts';
import { Validation } from './validation.ts';

/** Held removals shown in one answer. */
const HELD_SHOWN_MAX = 100;
/** Time left for the answer when etcd does not answer in time. */
const ANSWER_MS = 200;

const pageToken = z.object({ after: z.string() });

export interface AgentServiceDeps {
  identity: {
    env: string;
    name: string;
    instance: string;
    version: string;
    driver: string;
    /** ISO 8601. */
    startedAt: string;
  };
  view: EnvironmentView;
  journal: Pick<Journal, 'state'>;
  engine: Pick<Engine, 'held' | 'phaseOf' | 'attemptsOf'>;
  driver: Pick<Driver, 'validate'>;
  membership: Pick<Membership, 'session'>;
  outbox: Pick<Outbox, 'synced'>;
  listWatch: Pick<ListWatch, 'relist'>;
  events: Pick<EventFeeds, 'open'>;
}

/** The handlers of `rollcall.v1.Agent`. They read what the agent knows; none needs etcd but Relist. */
export function createAgentService(deps: AgentServiceDeps): Handlers<AgentDefinition> {
  const validation = new Validation(deps.driver);
  return {
    GetAgent: async () => getAgent(deps),
    ListAppliedConfigs: async (request) => listAppliedConfigs(deps, request),
    GetAppliedConfig: async (request) => getAppliedConfig(deps, request),
    Validate: async (request, context) => await validation.ask(request, context),
    WatchEvents: (request, context) => watchEvents(deps.events, request, context),
    Relist: async (_request, context) => await relist(deps, context),
  };
}

function getAgent(deps: AgentServiceDeps): GetAgentResponseInput {
  const { identity, view, journal, engine, membership, outbox } = deps;
  const { startedAt, ...rest } = identity;
  const session = membership.session;
  const held = engine.held().toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const controllers = [...view.controllers].toSorted(([a], [b]) => (a < b ? -1 : 1));
  let appliedCount = 0;
  for (const { applied } of journal.state.configs.values()) if (applied) appliedCount += 1;
  return {
    ...rest,
    startTime: timestampFromIso(startedAt),
    registered: session !== undefined,
    lease: session ? BigInt(session.lease.id).toString(16) : '',
    writable: session?.lease.writable() ?? false,
    synced: outbox.synced ?? null,
    controllers: controllers.map(([name, value]) => toControllerInfo(name, value)),
    heldRemovals: held.slice(0, HELD_SHOWN_MAX).map(({ id, reason, sinceMs }) => ({
      id,
      reason,
      since: timestampFromDate(new Date(sinceMs)),
    })),
    heldRemovalsTotal: held.length,
    appliedCount,
    foreignCount: view.foreign.size,
  };
}

function listAppliedConfigs(
  { view, journal, engine }: AgentServiceDeps,
  request: ListAppliedConfigsRequest,
): ListAppliedConfigsResponseInput {
  const size = pageSize(request.pageSize);
  const after = decodePageToken(request.pageToken, pageToken)?.after ?? '';
  const { configs, removed } = journal.state;
  const reported = [...removed].filter(([, { tombstone }]) => tombstone).map(([id]) => id);
  const known = new Set([...configs.keys(), ...view.configs.keys(), ...reported]);
  const ids = [...known].filter((id) => id > after).toSorted();
  const page = ids.slice(0, size);
  const last = page.at(-1);
  return {
    configs: page.map((id) =>
      toAppliedConfig(id, engine.phaseOf(id) ?? 'WAITING', {
        record: configs.get(id),
        removed: removed.get(id),
      }),
    ),
    nextPageToken:
      last !== undefined && ids.length > page.length ? encodePageToken({ after: last }) : '',
  };
}

function getAppliedConfig(
  { view, journal, engine }: AgentServiceDeps,
  { id, includeContent }: GetAppliedConfigRequest,
): GetAppliedConfigResponseInput {
  const phase = engine.phaseOf(id);
  if (phase === undefined) throw notFound('CONFIG_NOT_FOUND', 'the agent knows no such config');
  const record = journal.state.configs.get(id);
  const applied = record?.applied;
  return {
    config: toAppliedConfig(id, phase, { record, removed: journal.state.removed.get(id) }),
    attempts: engine.attemptsOf(id).map(toTimedAttempt),
    method: (record && shownProof(record)?.method) ?? '',
    desiredGeneration: view.configs.get(id)?.generation ?? 0,
    content: includeContent ? (applied?.content ?? '') : '',
  };
}

async function relist(
  { view, listWatch }: AgentServiceDeps,
  context: CallContext,
): Promise<RelistResponseInput> {
  const limitMs = Math.max(0, context.remainingMs() - ANSWER_MS);
  using limit = deadlineSignal(context.signal, limitMs);
  try {
    const revision = await listWatch.relist(limit.signal);
    const epoch = view.listed?.epoch ?? 0;
    return { synced: { epoch, revision: Number(revision) } };
  } catch (error) {
    if (context.signal.aborted || !limit.signal.aborted) throw error;
    throw unavailable('ETCD_UNAVAILABLE', 'etcd did not answer before the deadline');
  }
}
