import {
  type EtcdClient,
  type KeyValue,
  ListWatch,
  type ListWatchSink,
  type Revision,
  type SnapshotSink,
  type WatchEvent,
} from '#libs/etcd';
import {
  AGENT_PREFIX,
  CONTROLLER_PREFIX,
  META_PREFIX,
  parseKey,
  ROSTER_PREFIX,
} from '#libs/keyspace';
import type { Logger } from '#libs/telemetry';
import { agentChange, type RosterChange } from './roster-change.ts';
import {
  type AgentView,
  type ControllerView,
  isMember,
  type Meta,
  RosterState,
} from './roster-state.ts';

export type RosterListener = (change: RosterChange) => void;

/** Who is a member and who is live, as one list-watch shows it: always the state at one revision. */
export class RosterView implements ListWatchSink {
  readonly #listWatch: ListWatch;
  readonly #onRewound: (epoch: number) => void;
  readonly #listeners = new Set<RosterListener>();
  #state = new RosterState();
  #revision: Revision | undefined;
  #connected = true;

  /** `onRewound`: told that etcd lost the history of this epoch. */
  constructor(deps: {
    client: EtcdClient;
    log: Logger;
    onRewound?: (epoch: number) => void;
  }) {
    this.#onRewound = deps.onRewound ?? (() => undefined);
    this.#listWatch = new ListWatch({
      client: deps.client,
      name: 'roster',
      ranges: [AGENT_PREFIX, ROSTER_PREFIX, CONTROLLER_PREFIX, META_PREFIX],
      sink: this,
      log: deps.log,
    });
  }

  /** Lists and watches until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#listWatch.run(signal);
  }

  /** Whether the view has been filled and follows etcd. Else it is empty or stale. */
  get isCurrent(): boolean {
    return this.#revision !== undefined && this.#connected;
  }

  /** Revision that the view shows; undefined before the first list. */
  get asOfRevision(): Revision | undefined {
    return this.#revision;
  }

  /** `epoch`, `ready` and `pass` as watched. */
  get meta(): Meta {
    return this.#state.meta;
  }

  /** Whether a full pass has completed for the current epoch. */
  get isReady(): boolean {
    const { epoch, ready } = this.meta;
    return epoch !== undefined && epoch === ready;
  }

  /** The members, of one environment or all, ordered by env and name. */
  agents(env?: string): AgentView[] {
    return this.entries()
      .filter((agent) => isMember(agent) && (env === undefined || agent.env === env))
      .toSorted(byName);
  }

  /** Everyone with a key, those who left too, in no order. */
  entries(): AgentView[] {
    return this.#state.entries();
  }

  /** The registered controllers, ordered by name. */
  controllers(): ControllerView[] {
    return this.#state.controllers();
  }

  /**
   * Calls `listener` synchronously at each change, until the returned function is called. A relist
   * shows as the changes that it makes. A listener must not throw.
   */
  subscribe(listener: RosterListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  begin(): SnapshotSink {
    const fresh = new RosterState();
    return {
      page: (kvs: readonly KeyValue[]) => {
        for (const kv of kvs) fresh.set(kv.key, kv);
      },
      commit: (revision) => this.#replace(fresh, revision),
    };
  }

  events(events: readonly WatchEvent[], revision: Revision): void {
    const before = new Map<string, AgentView | undefined>();
    let controllers = false;
    let meta: { deleted: boolean } | undefined;
    for (const event of events) {
      const key = event.type === 'put' ? event.kv.key : event.key;
      const agent = agentKeyOf(key);
      if (agent !== undefined && !before.has(agent)) before.set(agent, this.#state.entry(agent));
      const touched = this.#state.set(key, event.type === 'put' ? event.kv : undefined);
      if (touched === 'controller') controllers = true;
      if (touched === 'meta') meta = { deleted: meta?.deleted || event.type === 'delete' };
    }
    this.#revision = revision;
    for (const [key, agent] of before) {
      this.#emit(agentChange(agent, this.#state.entry(key), revision));
    }
    if (controllers) this.#emit({ kind: 'controllers', revision });
    if (meta) this.#emit({ kind: 'meta', ...meta, revision });
  }

  connected(up: boolean): void {
    const wasUp = this.#connected;
    this.#connected = up;
    if (up && !wasUp) this.#emit({ kind: 'reconnected', revision: this.#revision ?? 0n });
  }

  /** What is shown is of a history that etcd does not have any more. */
  rewound(): void {
    const { epoch } = this.meta;
    if (epoch !== undefined) this.#onRewound(epoch);
  }

  #replace(fresh: RosterState, revision: Revision): void {
    const old = this.#state;
    this.#state = fresh;
    this.#revision = revision;
    this.#connected = true;
    const keys = new Set([...old.keys(), ...fresh.keys()]);
    for (const key of keys) this.#emit(agentChange(old.entry(key), fresh.entry(key), revision));
    this.#emit({ kind: 'controllers', revision });
    const { epoch, ready, pass } = old.meta;
    const isLost = [
      epoch !== undefined && fresh.meta.epoch === undefined,
      ready !== undefined && fresh.meta.ready === undefined,
      pass !== undefined && fresh.meta.pass === undefined,
    ].includes(true);
    this.#emit({ kind: 'meta', deleted: isLost, revision });
    this.#emit({ kind: 'synced', revision });
  }

  #emit(change: RosterChange | undefined): void {
    if (!change) return;
    for (const listener of this.#listeners) listener(change);
  }
}

function byName(a: AgentView, b: AgentView): number {
  if (a.env !== b.env) return a.env < b.env ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function agentKeyOf(key: string): string | undefined {
  const ref = parseKey(key);
  return ref?.kind === 'agent' || ref?.kind === 'roster' ? `${ref.env}/${ref.name}` : undefined;
}
