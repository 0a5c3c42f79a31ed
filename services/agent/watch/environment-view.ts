import type { KeyValue, ListWatchSink, Revision, SnapshotSink, WatchEvent } from '#libs/etcd';
import {
  agentKey,
  CONTROLLER_PREFIX,
  type ConfigValue,
  configKey,
  configPrefix,
  decodeConfig,
  decodeServiceRegistration,
  fixed20FromValue,
  META_PREFIX,
  parseKey,
  type ServiceRegistration,
  tombstonePrefix,
} from '#libs/keyspace';
import type { MetaView } from '../domain/record.ts';
import type { Tombstone } from '../domain/tombstone.ts';

/** Told of what changed in the view, after it changed. */
export interface ViewListener {
  /** A whole list was taken in. */
  listed(): void;
  /** A key of this config was put; it may be gone again. */
  present(id: string): void;
  /** Configs or tombstones changed. */
  changed(ids: ReadonlySet<string>): void;
  /** Epoch, ready, pass or the operator's word changed. */
  metaChanged(): void;
  /** The watch broke, or is up again. */
  connected(up: boolean): void;
  /** The agent's own registration was put, or listed. */
  registrationSeen(): void;
  /** The agent's own registration was not there at this revision. */
  registrationMissing(revision: Revision): void;
}

/** The last whole list. */
export interface Listed {
  /** Undefined: etcd holds no epoch. */
  readonly epoch: number | undefined;
  readonly revision: Revision;
  /** Revision of the first list in this epoch and history. */
  readonly since: Revision;
}

/** What an agent watches: its configs, their tombstones, the meta keys, the controllers, itself. */
export function watchedRanges(env: string, agent: string): readonly string[] {
  return [
    configPrefix(env),
    tombstonePrefix(env),
    META_PREFIX,
    CONTROLLER_PREFIX,
    agentKey(env, agent),
  ];
}

/** What etcd holds for one agent, as of one revision. Foreign content is counted and ignored. */
export class EnvironmentView implements ListWatchSink {
  readonly #env: string;
  readonly #ownKey: string;
  readonly #listener: ViewListener;
  #content = emptyContent();
  #listed: Listed | undefined;

  constructor(env: string, agent: string, listener: ViewListener) {
    this.#env = env;
    this.#ownKey = agentKey(env, agent);
    this.#listener = listener;
  }

  /** Undefined until the first list. */
  get listed(): Listed | undefined {
    return this.#listed;
  }

  get meta(): MetaView {
    return this.#content.meta;
  }

  get configs(): ReadonlyMap<string, ConfigValue> {
    return this.#content.configs;
  }

  get tombstones(): ReadonlyMap<string, Tombstone> {
    return this.#content.tombstones;
  }

  get controllers(): ReadonlyMap<string, ServiceRegistration> {
    return this.#content.controllers;
  }

  /** Create revision of the agent's own registration: proof that the view is of the history it stands in. */
  get registered(): Revision | undefined {
    return this.#content.registered;
  }

  /** Keys under the environment's config prefix that are no config. */
  get foreign(): ReadonlySet<string> {
    return this.#content.foreign;
  }

  /** Whether there is a key for this config with a value that no controller wrote. */
  isForeign(id: string): boolean {
    return this.#content.foreign.size > 0 && this.#content.foreign.has(configKey(this.#env, id));
  }

  begin(): SnapshotSink {
    const next = emptyContent();
    return {
      page: (kvs) => {
        for (const kv of kvs) {
          if (kv.key === this.#ownKey) next.registered = kv.createRevision;
          else this.#put(next, kv);
        }
      },
      commit: (revision) => {
        this.#content = next;
        const { epoch } = next.meta;
        const before = this.#listed;
        // A revision below one that was listed is of another history: nothing of it was seen.
        const goesOn = before && before.epoch === epoch && before.revision <= revision;
        const since = goesOn ? before.since : revision;
        this.#listed = { epoch, revision, since };
        if (next.registered === undefined) this.#listener.registrationMissing(revision);
        else this.#listener.registrationSeen();
        this.#listener.listed();
      },
    };
  }

  connected(up: boolean): void {
    this.#listener.connected(up);
  }

  events(events: readonly WatchEvent[]): void {
    const ids = new Set<string>();
    const metaBefore = this.#content.meta;
    for (const event of events) {
      const key = event.type === 'put' ? event.kv.key : event.key;
      if (key === this.#ownKey) {
        this.#takeOwn(event);
        continue;
      }
      const id =
        event.type === 'put'
          ? this.#put(this.#content, event.kv)
          : this.#delete(this.#content, event.key);
      if (id === undefined) continue;
      ids.add(id);
      if (event.type === 'put' && parseKey(key)?.kind === 'config') this.#listener.present(id);
    }
    if (this.#content.meta !== metaBefore) this.#listener.metaChanged();
    if (ids.size > 0) this.#listener.changed(ids);
  }

  #takeOwn(event: WatchEvent): void {
    if (event.type === 'put') {
      this.#content.registered = event.kv.createRevision;
      this.#listener.registrationSeen();
    } else {
      this.#content.registered = undefined;
      this.#listener.registrationMissing(event.modRevision);
    }
  }

  /** Takes in one key; the id of the config that it is about, if any. */
  #put(content: Content, kv: KeyValue): string | undefined {
    const ref = parseKey(kv.key);
    switch (ref?.kind) {
      case 'config':
        this.#putConfig(content, kv, ref.id);
        return ref.id;
      case 'tombstone': {
        const generation = fixed20FromValue(kv.value);
        if (generation === undefined) content.tombstones.delete(ref.id);
        else content.tombstones.set(ref.id, { generation, modRevision: kv.modRevision });
        return ref.id;
      }
      case 'controller':
        content.controllers.set(
          ref.name,
          decodeServiceRegistration(kv.value) ?? unreadable(ref.name),
        );
        return undefined;
      case undefined:
        if (kv.key.startsWith(configPrefix(this.#env))) content.foreign.add(kv.key);
        return undefined;
      default:
        this.#setMeta(content, kv.key, fixed20FromValue(kv.value));
        return undefined;
    }
  }

  #putConfig(content: Content, kv: KeyValue, id: string): void {
    const value = decodeConfig(kv.value);
    if ('foreign' in value) {
      content.configs.delete(id);
      content.foreign.add(kv.key);
      return;
    }
    content.foreign.delete(kv.key);
    const known = this.#content.configs.get(id);
    // One copy of a content in memory, however often it is listed.
    const isKnown =
      known?.generation === value.generation &&
      known.digest === value.digest &&
      known.createdAt === value.createdAt;
    content.configs.set(id, isKnown ? known : value);
  }

  #delete(content: Content, key: string): string | undefined {
    content.foreign.delete(key);
    const ref = parseKey(key);
    switch (ref?.kind) {
      case 'config':
        content.configs.delete(ref.id);
        return ref.id;
      case 'tombstone':
        content.tombstones.delete(ref.id);
        return ref.id;
      case 'controller':
        content.controllers.delete(ref.name);
        return undefined;
      default:
        this.#setMeta(content, key, undefined);
        return undefined;
    }
  }

  #setMeta(content: Content, key: string, value: number | undefined): void {
    const ref = parseKey(key);
    switch (ref?.kind) {
      case 'epoch':
      case 'ready':
      case 'pass':
        content.meta = { ...content.meta, [ref.kind]: value };
        return;
      case 'resume_removals':
        if (ref.env === this.#env) content.meta = { ...content.meta, resume: value };
        return;
      default:
    }
  }
}

interface Content {
  configs: Map<string, ConfigValue>;
  tombstones: Map<string, Tombstone>;
  controllers: Map<string, ServiceRegistration>;
  foreign: Set<string>;
  meta: MetaView;
  registered: Revision | undefined;
}

function emptyContent(): Content {
  return {
    configs: new Map(),
    tombstones: new Map(),
    controllers: new Map(),
    foreign: new Set(),
    meta: { epoch: undefined, ready: undefined, pass: undefined, resume: undefined },
    registered: undefined,
  };
}

/** A registered controller is seen even when its registration is garbage: by its key. */
function unreadable(name: string): ServiceRegistration {
  return { name, instance: '', ip: '', grpc_port: 0, version: '', started_at: '' };
}
