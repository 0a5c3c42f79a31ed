import {
  type AgentRegistration,
  agentKey,
  type CompletionPolicy,
  canonicalJson,
  configKey,
  digestOf,
  EPOCH_KEY,
  encodeAgentRegistration,
  encodeConfig,
  encodeRoster,
  encodeStatus,
  READY_KEY,
  rosterKey,
  type StatusValue,
  statusKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import type { ViewEvent, ViewKeyValue } from '../view-event.ts';

export const ACCEPTED_AT = '2026-01-02T03:04:05.678Z';

/** One environment's agent in a story. */
export interface Cast {
  env: string;
  name: string;
}

export interface ConfigOptions {
  policy?: CompletionPolicy;
  /** Tells contents of one generation apart. */
  content?: string;
}

/** The digest of what `config` puts. */
export function digestFor(
  generation: number,
  { policy = 'APPLIED', content = '' }: ConfigOptions = {},
): string {
  return digestOf(canonicalJson({ generation, content }), policy);
}

/** The bytes of what `config` puts. */
export function configText(generation: number, options: ConfigOptions = {}): string {
  const { policy = 'APPLIED', content = '' } = options;
  return encodeConfig({
    generation,
    digest: digestFor(generation, options),
    completionPolicy: policy,
    labels: {},
    acceptedAt: ACCEPTED_AT,
    createdAt: ACCEPTED_AT,
    traceparent: '',
    content: canonicalJson({ generation, content }),
  });
}

/** A registration as an agent writes it. */
export function registrationText(
  name: string,
  instance: string,
  synced: AgentRegistration['synced'],
): string {
  return encodeAgentRegistration({
    ...{ name, instance, env_uuid: '', ip: '127.0.0.1', grpc_port: 1, version: '1' },
    ...{ driver: 'noop', started_at: ACCEPTED_AT },
    synced,
  });
}

/** A status that says that `generation` is in force. */
export function appliedStatus(
  generation: number,
  by: { instance: string; epoch: number },
  more: Partial<StatusValue> = {},
): StatusValue {
  return {
    ...by,
    phase: 'APPLIED',
    applied: { generation, digest: digestFor(generation), at: ACCEPTED_AT },
    last_attempt: null,
    proof: { level: 'APPLIED', method: 'noop' },
    traceparent: '',
    ...more,
  };
}

/** A status that says that a delete was carried out. */
export function removedStatus(
  generation: number,
  by: { instance: string; epoch: number },
): StatusValue {
  const applied = { generation, digest: '', at: ACCEPTED_AT };
  return appliedStatus(generation, by, { phase: 'REMOVED', applied, proof: null });
}

/** A last attempt that went wrong. */
export function failedAttempt(
  generation: number,
  more: Partial<NonNullable<StatusValue['last_attempt']>> = {},
): NonNullable<StatusValue['last_attempt']> {
  return {
    ...{ generation, digest: digestFor(generation), result: 'failed', reason: 'RELOAD' },
    ...{ message: 'host not found', attempts: 1, final: true, at: ACCEPTED_AT },
    ...more,
  };
}

/** An etcd of keys and revisions, told by what agents and controllers do to it. */
export class Story {
  readonly content = new Map<string, ViewKeyValue>();
  #revision = 1n;
  #events: ViewEvent[] = [];
  #epoch = 1;

  get revision(): bigint {
    return this.#revision;
  }

  /** Everything that happened since the last call. */
  take(): ViewEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The content in the order of a list. */
  list(): ViewKeyValue[] {
    return [...this.content.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  put(key: string, value: string, lease = '0'): this {
    this.#revision += 1n;
    const kv = { key, value: Buffer.from(value), modRevision: this.#revision, lease };
    this.content.set(key, kv);
    this.#events.push({ type: 'put', kv });
    return this;
  }

  delete(key: string): this {
    if (!this.content.delete(key)) return this;
    this.#revision += 1n;
    this.#events.push({ type: 'delete', key, modRevision: this.#revision });
    return this;
  }

  /** A pass of the controllers has completed in this epoch. */
  ready(epoch = 1): this {
    return this.epoch(epoch).put(READY_KEY, toFixed20(epoch));
  }

  epoch(epoch: number): this {
    this.#epoch = epoch;
    return this.put(EPOCH_KEY, toFixed20(epoch));
  }

  /** Registers, as incarnation `instance`, under the lease of its number; synced as of now. */
  join({ env, name }: Cast, instance = 1, { synced = true } = {}): this {
    this.put(
      rosterKey(env, name),
      encodeRoster({ instance: `${name}-${instance}`, joined_at: '' }),
    );
    return this.register({ env, name }, instance, { synced });
  }

  register({ env, name }: Cast, instance = 1, { synced = true } = {}): this {
    const at = { epoch: this.#epoch, revision: Number(this.#revision) };
    const text = registrationText(name, `${name}-${instance}`, synced ? at : null);
    return this.put(agentKey(env, name), text, leaseOf(name, instance));
  }

  /** The lease has ended: registration and statuses are gone. */
  crash({ env, name }: Cast): this {
    this.delete(agentKey(env, name));
    for (const key of [...this.content.keys()]) {
      if (key.startsWith(`/ingress/ingress_config_status/${env}/`) && key.endsWith(`/${name}`)) {
        this.delete(key);
      }
    }
    return this;
  }

  /** Taken off the roster, after it was lost for long. */
  forget(agent: Cast, atMs: number): this {
    const value = { left_at: new Date(atMs).toISOString(), forgotten: true };
    return this.put(rosterKey(agent.env, agent.name), encodeRoster(value));
  }

  /** A clean exit. */
  leave(agent: Cast): this {
    this.put(rosterKey(agent.env, agent.name), encodeRoster({ left_at: ACCEPTED_AT }));
    return this.crash(agent);
  }

  config(env: string, id: string, generation: number, options: ConfigOptions = {}): this {
    this.delete(tombstoneKey(env, id));
    return this.put(configKey(env, id), configText(generation, options));
  }

  remove(env: string, id: string, generation: number): this {
    this.delete(configKey(env, id));
    return this.put(tombstoneKey(env, id), toFixed20(generation));
  }

  /** `agent` reports that `generation` is in force, or what `more` says. */
  report(
    { env, name }: Cast,
    id: string,
    generation: number,
    { instance = 1, epoch = this.#epoch, ...more }: ReportOptions = {},
  ): this {
    const status = appliedStatus(generation, { instance: `${name}-${instance}`, epoch }, more);
    return this.put(statusKey(env, id, name), encodeStatus(status), leaseOf(name, instance));
  }

  reportRemoved({ env, name }: Cast, id: string, generation: number, instance = 1): this {
    const status = removedStatus(generation, {
      instance: `${name}-${instance}`,
      epoch: this.#epoch,
    });
    return this.put(statusKey(env, id, name), encodeStatus(status), leaseOf(name, instance));
  }
}

type ReportOptions = Omit<Partial<StatusValue>, 'instance'> & { instance?: number };

function leaseOf(name: string, instance: number): string {
  return `${Buffer.from(name).readUIntBE(0, Math.min(4, name.length))}${instance}`;
}
