/** Names a config. */
export interface Key {
  readonly env: string;
  readonly id: string;
}

/** A Set or a Delete, from the first try to the answer that a caller could rely on. */
export interface Write extends Key {
  readonly t: 'write';
  readonly kind: 'set' | 'delete';
  readonly requestId: string;
  /** Marks the content; writes with equal contents have equal marks. */
  readonly mark: string;
  readonly startMs: number;
  /** Undefined: nobody ever answered for sure. */
  endMs: number | undefined;
  /** Undefined: not acknowledged. */
  generation: number | undefined;
  changed: boolean;
  isPending: boolean;
  tries: number;
}

/** An answer about completion, and what the agents' disks held right after it. */
export interface Said extends Key {
  readonly t: 'said';
  readonly state: string;
  readonly generation: number;
  readonly askedMs: number;
  readonly atMs: number;
  /** Mark on each agent's disk; undefined: no such file. */
  readonly disks: Readonly<Record<string, string | undefined>>;
  /** Agents that were certainly alive from the question to the answer. */
  readonly alive: readonly string[];
}

/** A wait that ended. */
export interface Waited extends Key {
  readonly t: 'waited';
  readonly generation: number;
  readonly outcome: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly deadlineMs: number;
}

/** A config's file on an agent's disk became another one. */
export interface OnDisk extends Key {
  readonly t: 'disk';
  readonly agent: string;
  readonly mark: string | undefined;
  readonly atMs: number;
}

/** Something went wrong on purpose, or ended to. */
export interface Faulted {
  readonly t: 'fault';
  readonly round: number;
  readonly name: string;
  readonly phase: 'begins' | 'ended' | 'recovered';
  readonly atMs: number;
}

/** The epoch of etcd while everything is at rest. */
export interface Rested {
  readonly t: 'rest';
  readonly round: number;
  readonly epoch: number;
  /** Faults since the rest before. */
  readonly faults: readonly string[];
  readonly atMs: number;
}

/** A generation that MySQL's history holds. */
export interface Kept extends Key {
  readonly t: 'kept';
  readonly generation: number;
  readonly deleted: boolean;
  readonly mark: string;
}

export type Event = Write | Said | Waited | OnDisk | Faulted | Rested | Kept;

/** Everything that was seen, in the order in which it was seen. */
export class History {
  readonly events: Event[] = [];

  add<E extends Event>(event: E): E {
    this.events.push(event);
    return event;
  }

  of<T extends Event['t']>(type: T): Extract<Event, { t: T }>[] {
    return this.events.filter((event): event is Extract<Event, { t: T }> => event.t === type);
  }
}

export function keyOf({ env, id }: Key): string {
  return `${env}/${id}`;
}
