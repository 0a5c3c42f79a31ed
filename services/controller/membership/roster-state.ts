import type { KeyValue } from '#libs/etcd';
import {
  type AgentRegistration,
  decodeAgentRegistration,
  decodeRoster,
  decodeServiceRegistration,
  fixed20FromValue,
  parseKey,
  type ServiceRegistration,
} from '#libs/keyspace';
import type { AgentKeys, RosterEntry } from '../domain/roster-plan.ts';

/** An agent as etcd shows it. */
export interface AgentView extends AgentKeys {
  /** Absent when the agent is not live, or when its registration is garbage. */
  readonly registration?: AgentRegistration;
}

/** A registered controller; without `registration` when its value is garbage. */
export interface ControllerView {
  readonly name: string;
  readonly registration?: ServiceRegistration;
}

/** The counters under `ingress_meta/`; absent: missing or not a counter. */
export interface Meta {
  readonly epoch?: number;
  readonly ready?: number;
  readonly pass?: number;
}

/** What a key is about. */
export type Touched = 'agent' | 'controller' | 'meta' | 'nothing';

interface AgentEntry {
  readonly env: string;
  readonly name: string;
  live: boolean;
  registration?: AgentRegistration | undefined;
  roster?: RosterEntry | undefined;
}

/** Agents, controllers and counters, key by key. No I/O; foreign content is never an error. */
export class RosterState {
  readonly #agents = new Map<string, AgentEntry>();
  readonly #controllers = new Map<string, ControllerView>();
  readonly #meta = new Map<'epoch' | 'ready' | 'pass', number>();

  /** Takes in a key's value, or its absence. */
  set(key: string, kv: KeyValue | undefined): Touched {
    const ref = parseKey(key);
    switch (ref?.kind) {
      case 'agent':
      case 'roster':
        this.#setAgent(ref, kv);
        return 'agent';
      case 'controller':
        this.#setController(ref.name, kv);
        return 'controller';
      case 'epoch':
      case 'ready':
      case 'pass': {
        const counter = kv && fixed20FromValue(kv.value);
        if (counter === undefined) this.#meta.delete(ref.kind);
        else this.#meta.set(ref.kind, counter);
        return 'meta';
      }
      default:
        return 'nothing';
    }
  }

  get meta(): Meta {
    return Object.fromEntries(this.#meta);
  }

  /** `env/name` of everyone with a key. */
  keys(): IterableIterator<string> {
    return this.#agents.keys();
  }

  /** Everyone with a key, those who left too, in no order. */
  entries(): AgentView[] {
    return [...this.#agents.values()].map(toView);
  }

  /** An agent by `env/name`, whether or not it is a member. */
  entry(key: string): AgentView | undefined {
    const entry = this.#agents.get(key);
    return entry && toView(entry);
  }

  controllers(): ControllerView[] {
    return [...this.#controllers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #setAgent(
    ref: { kind: 'agent' | 'roster'; env: string; name: string },
    kv: KeyValue | undefined,
  ): void {
    const { env, name } = ref;
    const key = `${env}/${name}`;
    const entry = this.#agents.get(key) ?? { env, name, live: false };
    if (ref.kind === 'agent') {
      entry.live = kv !== undefined;
      entry.registration = kv && decodeAgentRegistration(kv.value);
    } else {
      entry.roster = kv && rosterFrom(kv);
    }
    if (entry.live || entry.roster) this.#agents.set(key, entry);
    else this.#agents.delete(key);
  }

  #setController(name: string, kv: KeyValue | undefined): void {
    if (!kv) {
      this.#controllers.delete(name);
      return;
    }
    const registration = decodeServiceRegistration(kv.value);
    this.#controllers.set(name, registration ? { name, registration } : { name });
  }
}

/** Whether an agent belongs to its environment: in the roster, or registered at least. */
export function isMember({ live, roster }: AgentKeys): boolean {
  return live || (roster !== undefined && !roster.left);
}

function toView({ env, name, live, registration, roster }: AgentEntry): AgentView {
  return { env, name, live, ...(registration && { registration }), ...(roster && { roster }) };
}

function rosterFrom({ value, modRevision }: KeyValue): RosterEntry {
  const decoded = decodeRoster(value);
  if ('left_at' in decoded) {
    const { left_at: at, forgotten } = decoded;
    return { modRevision, left: true, ...(forgotten && { forgottenAt: at }) };
  }
  const member = { instance: decoded.instance, joinedAt: decoded.joined_at };
  return { modRevision, left: false, member };
}
