import { z } from 'zod';
import {
  type CallContext,
  decodePageToken,
  encodePageToken,
  pageSize,
  timestampFromDate,
  timestampFromIso,
} from '#libs/grpc';
import type {
  AgentInfoInput,
  EnvironmentInput,
  ListAgentsRequest,
  ListAgentsResponseInput,
  ListControllersResponseInput,
  ListEnvironmentsRequest,
  ListEnvironmentsResponseInput,
  WatchAgentsRequest,
  WatchAgentsResponseInput,
} from '#proto';
import { checkListed } from '../domain/request-rules.ts';
import type { AgentView } from '../membership/roster-state.ts';
import type { RosterView } from '../membership/roster-view.ts';
import type { EnvironmentSummary } from '../store/config-queries.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { MemberStore } from '../store/member-store.ts';
import { RosterFeed } from './roster-feed.ts';
import { etcdUnavailable, passed } from './status-errors.ts';

const agentPosition = z.object({ env: z.string(), name: z.string() });
const environmentPosition = z.object({ env: z.string() });

export interface RosterDeps {
  view: RosterView;
  members: Pick<MemberStore, 'list'>;
  store: Pick<ConfigStore, 'environments'>;
}

/** Who is there: agents and controllers as etcd shows them, environments as both stores do. */
export class RosterService {
  readonly #deps: RosterDeps;

  constructor(deps: RosterDeps) {
    this.#deps = deps;
  }

  async listAgents(request: ListAgentsRequest): Promise<ListAgentsResponseInput> {
    passed(checkListed(request));
    const size = pageSize(request.pageSize);
    const after = decodePageToken(request.pageToken, agentPosition);
    const view = this.#currentView();
    const env = request.env === '-' ? undefined : request.env;
    const rest = view.agents(env).filter((agent) => !after || isAfter(agent, after));
    const page = rest.slice(0, size);
    const asOfRevision = Number(view.asOfRevision);
    const last = rest.length > size ? page.at(-1) : undefined;
    const lostSince = page.some(({ live }) => !live) ? await this.#lostSince(env) : new Map();
    return {
      agents: page.map((agent) => agentMessage(agent, lostSince.get(nameOf(agent)))),
      nextPageToken: last ? encodePageToken({ env: last.env, name: last.name }) : '',
      asOfRevision,
    };
  }

  async *watchAgents(
    request: WatchAgentsRequest,
    { signal }: CallContext,
  ): AsyncGenerator<WatchAgentsResponseInput> {
    passed(checkListed(request));
    const env = request.env === '-' ? undefined : request.env;
    using feed = new RosterFeed(this.#currentView(), env);
    for await (const change of feed.changes(signal)) {
      const revision = Number(change.revision);
      if (change.kind === 'synced') yield { type: 'TYPE_SYNCED', revision };
      else if (change.kind === 'left') {
        yield { type: 'TYPE_LEFT', agent: { env: change.env, name: change.name }, revision };
      } else yield { type: 'TYPE_UPSERTED', agent: agentMessage(change.agent), revision };
    }
  }

  async listControllers(): Promise<ListControllersResponseInput> {
    const view = this.#currentView();
    return {
      controllers: view.controllers().map(({ name, registration }) => ({
        name,
        instance: registration?.instance ?? '',
        ip: registration?.ip ?? '',
        grpcPort: registration?.grpc_port ?? 0,
        version: registration?.version ?? '',
        startTime: timestampFromIso(registration?.started_at ?? ''),
      })),
      asOfRevision: Number(view.asOfRevision),
    };
  }

  async listEnvironments(request: ListEnvironmentsRequest): Promise<ListEnvironmentsResponseInput> {
    const size = pageSize(request.pageSize);
    const after = decodePageToken(request.pageToken, environmentPosition);
    const found = new Map((await this.#deps.store.environments()).map((each) => [each.env, each]));
    const agents = Map.groupBy(this.#deps.view.agents(), ({ env }) => env);
    const names = [...new Set([...found.keys(), ...agents.keys()])].toSorted();
    const rest = names.filter((env) => !after || env > after.env);
    const page = rest.slice(0, size);
    return {
      environments: page.map((env) => environmentMessage(env, found.get(env), agents.get(env))),
      nextPageToken: rest.length > size ? encodePageToken({ env: page.at(-1) ?? '' }) : '',
    };
  }

  /** An environment as it stands, whether or not anything is in it. */
  async environment(env: string): Promise<EnvironmentInput> {
    const found = (await this.#deps.store.environments()).find((each) => each.env === env);
    return environmentMessage(env, found, this.#deps.view.agents(env));
  }

  #currentView(): RosterView {
    if (!this.#deps.view.isCurrent) throw etcdUnavailable();
    return this.#deps.view;
  }

  /** Since when members are lost; empty when MySQL does not tell. */
  async #lostSince(env: string | undefined): Promise<Map<string, Date>> {
    const members = await this.#deps.members.list(env).catch(() => []);
    const lost = members.flatMap((member) =>
      member.lostSince ? [[nameOf(member), member.lostSince] as const] : [],
    );
    return new Map(lost);
  }
}

function environmentMessage(
  env: string,
  found: EnvironmentSummary | undefined,
  agents: readonly AgentView[] = [],
): EnvironmentInput {
  const live = agents.filter((agent) => agent.live).length;
  const { minAgents = 1, configCount = 0 } = found ?? {};
  return { env, minAgents, configCount, liveAgents: live, lostAgents: agents.length - live };
}

function agentMessage(agent: AgentView, lostSince?: Date): AgentInfoInput {
  const { env, name, live, registration, roster } = agent;
  const member = roster?.member;
  return {
    ...{ env, name },
    state: live ? 'AGENT_STATE_LIVE' : 'AGENT_STATE_LOST',
    instance: registration?.instance ?? member?.instance ?? '',
    ip: registration?.ip ?? '',
    grpcPort: registration?.grpc_port ?? 0,
    version: registration?.version ?? '',
    driver: registration?.driver ?? '',
    startTime: timestampFromIso(registration?.started_at ?? ''),
    synced: registration?.synced ?? null,
    joinTime: timestampFromIso(member?.joinedAt ?? ''),
    lostSince: lostSince && !live ? timestampFromDate(lostSince) : null,
  };
}

function isAfter(agent: AgentView, { env, name }: { env: string; name: string }): boolean {
  return agent.env > env || (agent.env === env && agent.name > name);
}

function nameOf({ env, name }: { env: string; name: string }): string {
  return `${env}/${name}`;
}
