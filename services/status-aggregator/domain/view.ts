import {
  decodeAgentRegistration,
  decodeConfig,
  decodeRoster,
  decodeStatus,
  fixed20FromValue,
  type KeyRef,
  parseKey,
} from '#libs/keyspace';
import type { ConfigSlot } from './config-entry.ts';
import { Environment, type RosterState, type StatusChange } from './environment.ts';
import { Interner } from './interner.ts';
import { registeredFrom } from './member.ts';
import { type Interners, reportFrom } from './report.ts';
import { SESSION_FIRST } from './status-table.ts';
import type { ViewEvent, ViewKeyValue } from './view-event.ts';
import type { ViewWatcher } from './view-watcher.ts';

/** What a batch of events touched. */
export interface ViewChange {
  /** Ids of configs by environment. */
  readonly configs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Environments whose members changed. */
  readonly envs: ReadonlySet<string>;
  /** Epoch or ready changed: everything did. */
  readonly all: boolean;
}

/**
 * The whole of /ingress/ as of one revision, without any config's content. Fed with the pages of one
 * list, then with events. Nothing that stands in etcd makes it throw.
 */
export class View {
  readonly #envs = new Map<string, Environment>();
  readonly #interners: Interners = {
    sessions: new Interner(SESSION_FIRST),
    digests: new Interner(1),
  };
  #revision = 0n;
  #isListed = false;
  #epoch: number | undefined;
  #ready: number | undefined;
  #pass: number | undefined;
  #changedConfigs = new Map<string, Set<string>>();
  #changedEnvs = new Set<string>();
  #changedAll = false;

  /** The content is exactly that of etcd at this revision. */
  get revision(): bigint {
    return this.#revision;
  }

  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** Epoch for which a full pass has completed. */
  get ready(): number | undefined {
    return this.#ready;
  }

  /** Count of full passes in this epoch. */
  get pass(): number | undefined {
    return this.#pass;
  }

  get isReady(): boolean {
    return this.#epoch !== undefined && this.#ready === this.#epoch;
  }

  env(name: string): Environment | undefined {
    return this.#envs.get(name);
  }

  get envs(): Iterable<Environment> {
    return this.#envs.values();
  }

  /** Takes in a page of the list. `atMs`: now, milliseconds since 1970. */
  load(kvs: readonly ViewKeyValue[], atMs: number): void {
    for (const kv of kvs) {
      const ref = parseKey(kv.key);
      if (ref) this.#put(ref, kv, atMs);
    }
  }

  /** The pages were everything at `revision`. `before`: the view that this one replaces. */
  settle(revision: bigint, before: View | undefined): void {
    this.#revision = revision;
    for (const env of this.#envs.values()) {
      env.setEpoch(this.#epoch);
      env.settle();
      const old = before?.env(env.name);
      if (old) env.inherit(old);
    }
    this.#isListed = true;
    this.#takeChange();
  }

  /** Takes in whole revisions, in order, after `settle`. */
  apply(
    events: readonly ViewEvent[],
    revision: bigint,
    atMs: number,
    watcher?: ViewWatcher,
  ): ViewChange {
    for (const event of events) {
      const ref = parseKey(event.type === 'put' ? event.kv.key : event.key);
      if (!ref) continue;
      watcher?.before(ref, event, this);
      if (event.type === 'put') this.#put(ref, event.kv, atMs);
      else this.#delete(ref, atMs);
      watcher?.after(ref, event, this);
    }
    this.#revision = revision;
    watcher?.end(this);
    return this.#takeChange();
  }

  #put(ref: KeyRef, kv: ViewKeyValue, atMs: number): void {
    switch (ref.kind) {
      case 'config':
        this.#configEnv(ref).setConfig(ref.id, this.#configFrom(kv.value), atMs);
        break;
      case 'tombstone': {
        const generation = fixed20FromValue(kv.value);
        const sinceMs = this.#isListed ? atMs : undefined;
        const revision = Number(kv.modRevision);
        const tombstone = generation === undefined ? undefined : { generation, revision, sinceMs };
        this.#configEnv(ref).setTombstone(ref.id, tombstone, atMs);
        break;
      }
      case 'status':
        this.#configEnv(ref).setStatus(ref.id, ref.agent, this.#reportFrom(kv, atMs), atMs);
        break;
      case 'agent': {
        const value = decodeAgentRegistration(kv.value);
        this.#memberEnv(ref).setRegistration(ref.name, registeredFrom(kv.lease, value), atMs);
        break;
      }
      case 'roster':
        this.#memberEnv(ref).setRoster(ref.name, rosterStateFrom(kv.value), atMs);
        break;
      default:
        this.#putMeta(ref, fixed20FromValue(kv.value));
    }
  }

  #delete(ref: KeyRef, atMs: number): void {
    switch (ref.kind) {
      case 'config':
        this.#configEnv(ref).setConfig(ref.id, undefined, atMs);
        break;
      case 'tombstone':
        this.#configEnv(ref).setTombstone(ref.id, undefined, atMs);
        break;
      case 'status':
        this.#configEnv(ref).setStatus(ref.id, ref.agent, undefined, atMs);
        break;
      case 'agent':
        this.#memberEnv(ref).setRegistration(ref.name, undefined, atMs);
        break;
      case 'roster':
        this.#memberEnv(ref).setRoster(ref.name, NOT_ON_ROSTER, atMs);
        break;
      default:
        this.#putMeta(ref, undefined);
    }
  }

  #putMeta({ kind }: KeyRef, counter: number | undefined): void {
    if (kind === 'epoch') {
      this.#epoch = counter;
      if (this.#isListed) for (const env of this.#envs.values()) env.setEpoch(counter);
    } else if (kind === 'ready') {
      this.#ready = counter;
    } else {
      // Passes change no state.
      if (kind === 'pass') this.#pass = counter;
      return;
    }
    this.#changedAll = true;
  }

  #configFrom(value: Uint8Array): ConfigSlot {
    const config = decodeConfig(value);
    if ('foreign' in config) return 'foreign';
    const { generation, digest, completionPolicy, acceptedAt, traceparent } = config;
    const acceptedAtMs = Date.parse(acceptedAt);
    return {
      generation,
      digest: this.#interners.digests.idOf(digest),
      digestText: digest,
      policy: completionPolicy,
      acceptedAtMs: Number.isNaN(acceptedAtMs) ? undefined : acceptedAtMs,
      traceparent,
    };
  }

  #reportFrom({ value, lease }: ViewKeyValue, atMs: number): StatusChange {
    const status = decodeStatus(value);
    return status ? reportFrom(status, { lease, atMs }, this.#interners) : 'unreadable';
  }

  #configEnv({ env, id }: { env: string; id: string }): Environment {
    const ids = this.#changedConfigs.get(env) ?? new Set();
    if (ids.size === 0) this.#changedConfigs.set(env, ids);
    ids.add(id);
    return this.#env(env);
  }

  #memberEnv({ env }: { env: string }): Environment {
    this.#changedEnvs.add(env);
    return this.#env(env);
  }

  #env(name: string): Environment {
    const known = this.#envs.get(name);
    if (known) return known;
    const env = new Environment(name, this.#interners);
    this.#envs.set(name, env);
    if (this.#isListed) {
      env.setEpoch(this.#epoch);
      env.settle();
    }
    return env;
  }

  #takeChange(): ViewChange {
    const change = {
      configs: this.#changedConfigs,
      envs: this.#changedEnvs,
      all: this.#changedAll,
    };
    this.#changedConfigs = new Map();
    this.#changedEnvs = new Set();
    this.#changedAll = false;
    return change;
  }
}

const NOT_ON_ROSTER: RosterState = { onRoster: false, forgottenAtMs: undefined };
const LEFT: RosterState = { ...NOT_ON_ROSTER, hasLeft: true };

function rosterStateFrom(value: Uint8Array): RosterState {
  const roster = decodeRoster(value);
  if (!('left_at' in roster)) return { onRoster: true, forgottenAtMs: undefined };
  return roster.forgotten ? { onRoster: false, forgottenAtMs: Date.parse(roster.left_at) } : LEFT;
}
