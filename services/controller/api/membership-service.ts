import type { EtcdKv } from '#libs/etcd';
import { type CallContext, checkUpdateMask, failedPrecondition, notFound } from '#libs/grpc';
import { agentKey, decodeRoster, rosterKey } from '#libs/keyspace';
import type { Logger } from '#libs/telemetry';
import type {
  DecommissionAgentRequest,
  DecommissionAgentResponseInput,
  UpdateEnvironmentRequest,
} from '#proto';
import { checkAgent, checkEnvironment } from '../domain/request-rules.ts';
import { putWhileLost } from '../membership/roster-txns.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';
import type { MemberStore } from '../store/member-store.ts';
import { etcdUnavailable, passed } from './status-errors.ts';

/** Somebody changes the same roster key at the same time: look again. */
const ATTEMPTS_MAX = 5;
const CALL_TIMEOUT_MS = 1_000;

export interface MembershipDeps {
  etcd: Pick<EtcdKv, 'range' | 'txn'>;
  members: Pick<MemberStore, 'find' | 'left'>;
  environments: Pick<EnvironmentStore, 'update'>;
  log: Logger;
}

/** Settings of an environment that may change. */
const SETTINGS = ['min_agents'];

/** What operators change of who is expected. */
export class MembershipService {
  readonly #deps: MembershipDeps;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** Stores the settings of an environment. */
  async updateEnvironment(
    request: UpdateEnvironmentRequest,
    { actor }: CallContext,
  ): Promise<string> {
    passed(checkEnvironment(request));
    checkUpdateMask(request.updateMask, 'Environment', SETTINGS);
    const { env, minAgents } = request;
    await this.#deps.environments.update(env, { minAgents });
    this.#deps.log.info({ env, minAgents, actor }, 'environment updated');
    return env;
  }

  /** Writes the clean exit that the agent cannot write itself: etcd first, for it may come back. */
  async decommission(
    request: DecommissionAgentRequest,
    { actor, signal }: CallContext,
  ): Promise<DecommissionAgentResponseInput> {
    passed(checkAgent(request));
    const { env, name } = request;
    const { members, log } = this.#deps;
    const row = await members.find(env, name);
    const isInEtcd = await this.#leaveInEtcd(request, signal);
    if (!row && !isInEtcd) {
      throw notFound('AGENT_NOT_FOUND', `there is no agent ${env}/${name}`);
    }
    const isNews = await members.left(env, name);
    const changed = isInEtcd === 'changed' || isNews;
    const since = row?.lostSince ?? undefined;
    if (changed) log.warn({ env, agent: name, since, actor }, 'agent decommissioned');
    return { changed };
  }

  /** Undefined: the roster does not know it. */
  async #leaveInEtcd(
    { env, name }: DecommissionAgentRequest,
    signal: AbortSignal,
  ): Promise<'changed' | 'left' | undefined> {
    const { etcd } = this.#deps;
    const options = { signal, timeoutMs: CALL_TIMEOUT_MS };
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const [registration, roster] = await Promise.all([
        etcd.range({ key: agentKey(env, name) }, options),
        etcd.range({ key: rosterKey(env, name) }, options),
      ]);
      if (registration.kvs.length > 0) throw agentLive(`${env}/${name}`);
      const [kv] = roster.kvs;
      if (!kv) return undefined;
      const decoded = decodeRoster(kv.value);
      if ('left_at' in decoded && !decoded.forgotten) return 'left';
      const value = { left_at: new Date().toISOString() };
      const put = { env, name, modRevision: kv.modRevision, value };
      if (await putWhileLost(etcd, put, { signal })) return 'changed';
    }
    throw etcdUnavailable();
  }
}

function agentLive(name: string) {
  const advice = 'stop it, and it leaves the roster by itself';
  return failedPrecondition('AGENT_LIVE', `agent ${name} is registered: ${advice}`);
}
