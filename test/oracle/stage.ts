import {
  agentKey,
  type ConfigValue,
  canonicalJson,
  configKey,
  decodeConfig,
  digestOf,
  EPOCH_KEY,
  encodeConfig,
  fixed20FromValue,
  type StatusValue,
  tombstoneKey,
} from '#libs/keyspace';
import { Random } from '#test/random';
import { SimEtcd, type SimSnapshot } from '#test/sim-etcd';
import type { ConfigRow, MemberRow, MysqlDump } from './rows.ts';

/** An agent's process, or where it would run. */
export interface Actor {
  readonly env: string;
  readonly name: string;
  life: 'out' | 'up' | 'paused' | 'down';
  incarnation: number;
  lease: string;
  /** Create revision of its registration: its writes are guarded by it. */
  created: bigint;
  /** Epoch and revision of its list, once it has reported everything. */
  synced: { epoch: number; revision: number } | null;
  /** What it last said of each config: its journal. */
  readonly journal: Map<string, StatusValue>;
}

/** Names that are prefixes of each other, and environments too. */
const ENVS = ['1', '10', 'prod'];
const AGENTS = ['a', 'ab', 'a-1', 'b', 'b.c', 'z'];
const IDS = ['web', 'web-1', 'w', 'api'];
/** More agents than an answer names. */
const CROWD = 108;
/** They are slow: one world of so many. */
const CROWD_EVERY = 10;
const START_MS = Date.UTC(2026, 0, 1);

/** The whole scene: etcd, MySQL, and everybody's own knowledge. */
export class Stage {
  readonly etcd = new SimEtcd();
  readonly envs: readonly string[];
  readonly ids: readonly string[];
  readonly actors: readonly Actor[];
  /** One environment has more agents than an answer names. */
  readonly isCrowded: boolean;
  readonly configs = new Map<string, ConfigRow>();
  readonly members = new Map<string, MemberRow>();
  readonly minAgents = new Map<string, number>();
  nowMs = START_MS;
  /** Newest epoch that MySQL ever gave out. */
  epochAllocated = 0;
  snapshot: SimSnapshot | undefined;

  constructor(seed: number) {
    const random = new Random(seed);
    this.envs = ENVS.slice(0, random.int(1, ENVS.length));
    this.ids = IDS.slice(0, random.int(1, IDS.length));
    this.isCrowded = seed % CROWD_EVERY === CROWD_EVERY - 1;
    this.actors = this.envs.flatMap((env, index) =>
      (this.isCrowded && index === 0 ? crowd() : AGENTS.slice(0, random.int(1, AGENTS.length))).map(
        (name) => createActor(env, name),
      ),
    );
  }

  get epoch(): number | undefined {
    const kv = this.etcd.get(EPOCH_KEY);
    return kv ? fixed20FromValue(kv.value) : undefined;
  }

  /** The rows as a program would read them now. */
  mysqlDump(): MysqlDump {
    const { nowMs, configs, members, minAgents } = this;
    return { nowMs, configs, members, minAgents };
  }

  /** The config at the key, when a controller wrote it. */
  configAt(env: string, id: string): ConfigValue | undefined {
    const kv = this.etcd.get(configKey(env, id));
    if (!kv) return undefined;
    const value = decodeConfig(kv.value);
    return 'foreign' in value ? undefined : value;
  }

  tombstoneAt(env: string, id: string): number | undefined {
    const kv = this.etcd.get(tombstoneKey(env, id));
    return kv ? fixed20FromValue(kv.value) : undefined;
  }

  /** Whether the actor's own registration stands: etcd refuses its writes otherwise. */
  isRegistered({ env, name, created, lease }: Actor): boolean {
    const kv = this.etcd.get(agentKey(env, name));
    return kv?.createRevision === created && kv.lease === lease;
  }

  /** Those who run and are registered. */
  working(): Actor[] {
    return this.actors.filter((actor) => actor.life === 'up' && this.isRegistered(actor));
  }
}

function crowd(): string[] {
  return Array.from({ length: CROWD }, (_, index) => `n${index}`);
}

function createActor(env: string, name: string): Actor {
  const nothing = { incarnation: 0, lease: '0', created: 0n, synced: null };
  return { env, name, life: 'out', ...nothing, journal: new Map() };
}

export function instanceOf({ name, incarnation }: Actor): string {
  return `${name}#${incarnation}`;
}

/** A config's content: few of them, so that one comes back in a later generation. */
export function contentOf(salt: number): string {
  return canonicalJson({ salt });
}

/** The bytes of a row's config key. */
export function configValueOf(row: ConfigRow): string {
  return encodeConfig({
    generation: row.generation,
    digest: digestOf(row.content, row.policy),
    completionPolicy: row.policy,
    labels: {},
    acceptedAt: new Date(row.acceptedAtMs).toISOString(),
    createdAt: new Date(0).toISOString(),
    traceparent: '',
    content: row.content,
  });
}
