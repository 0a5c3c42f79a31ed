import type { CompletionPolicy } from '#libs/keyspace';
import { type Blocker, blockersOf } from './blockers.ts';
import type { Member } from './member.ts';
import { isSameTarget, Milestones } from './milestones.ts';
import { STANDING, standingOf, type Target } from './standing.ts';
import { NO_DIGEST, StatusTable } from './status-table.ts';

/** What the view keeps of a config's value: never the content. */
export interface ConfigHead {
  readonly generation: number;
  /** From the view's digests. */
  readonly digest: number;
  readonly digestText: string;
  readonly policy: CompletionPolicy;
  /** When the generation became durable. Milliseconds since 1970; undefined for an unreadable time. */
  readonly acceptedAtMs: number | undefined;
  /** W3C traceparent of the write; empty: it was not traced. */
  readonly traceparent: string;
}

/** A delete in etcd. */
export interface Tombstone {
  readonly generation: number;
  /** Where it stands in etcd's history. */
  readonly revision: number;
  /** When it was seen to come. Undefined: it was there at the list. */
  readonly sinceMs: number | undefined;
}

/** What stands at a config's key: nothing, something that no controller wrote, or a config. */
export type ConfigSlot = undefined | 'foreign' | ConfigHead;

/** Live members by where they stand. */
export interface LiveCounts {
  done: number;
  failed: number;
}

/** Everything about one (env, id), with its counters. */
export class ConfigEntry {
  readonly id: string;
  readonly statuses = new StatusTable();
  #config: ConfigSlot;
  #tombstone: Tombstone | undefined;
  #target: Target | undefined;
  #counts: LiveCounts = { done: 0, failed: 0 };
  #blockers: readonly Blocker[] | undefined;
  #milestones = new Milestones(undefined);

  constructor(id: string) {
    this.id = id;
  }

  get config(): ConfigHead | undefined {
    return this.#config === 'foreign' ? undefined : this.#config;
  }

  /** Whether the config's key is there, whatever it holds. */
  get hasKey(): boolean {
    return this.#config !== undefined;
  }

  get tombstone(): Tombstone | undefined {
    return this.#tombstone;
  }

  /** What etcd wants: the newer of config and tombstone. */
  get target(): Target | undefined {
    return this.#target;
  }

  /** Of the target. */
  get milestones(): Milestones {
    return this.#milestones;
  }

  /** Takes over the milestones of the same target. */
  inheritMilestones(milestones: Milestones): void {
    this.#milestones = milestones;
  }

  /** Of the target, over live members. */
  get counts(): Readonly<LiveCounts> {
    return this.#counts;
  }

  /** Nothing of it is in etcd any more. */
  get isEmpty(): boolean {
    return !this.#config && !this.#tombstone && this.statuses.size === 0;
  }

  /** `atMs`: when it was seen to change; undefined at the list. */
  setConfig(config: ConfigSlot, atMs: number | undefined): void {
    this.#config = config;
    this.#retarget(atMs);
  }

  setTombstone(tombstone: Tombstone | undefined, atMs: number | undefined): void {
    this.#tombstone = tombstone;
    this.#retarget(atMs);
  }

  /** Adds (1) or takes away (-1) a member, as it stands now. */
  count(member: Member, by: 1 | -1): void {
    const standing = standingOf(member, this.#target, this.statuses);
    if (standing === STANDING.DONE) this.#counts.done += by;
    else if (standing === STANDING.FAILED) this.#counts.failed += by;
    this.#blockers = undefined;
  }

  /** Counts all anew. */
  recount(members: readonly Member[]): void {
    this.#counts = countAgainst(this.#target, this.statuses, members);
    this.#blockers = undefined;
  }

  /** Since when the target is wanted; undefined: not known. */
  get wantedSinceMs(): number | undefined {
    return this.#target?.deleted ? this.#tombstone?.sinceMs : this.config?.acceptedAtMs;
  }

  /** Who blocks. `members` in the order of the answer. Kept until something changes. */
  blockers(members: readonly Member[]): readonly Blocker[] {
    this.#blockers ??= this.#findBlockers(members);
    return this.#blockers;
  }

  #findBlockers(members: readonly Member[]): readonly Blocker[] {
    const target = this.#target;
    if (!target) return [];
    const { statuses, wantedSinceMs: sinceMs } = this;
    return blockersOf({ target, statuses, members, sinceMs });
  }

  #retarget(atMs: number | undefined): void {
    const before = this.#target;
    this.#target = this.#newTarget();
    if (!isSameTarget(before, this.#target)) this.#milestones = new Milestones(atMs);
  }

  #newTarget(): Target | undefined {
    const config = this.config;
    const tombstone = this.#tombstone;
    if (tombstone && tombstone.generation >= (config?.generation ?? 0)) {
      return deleteTarget(tombstone);
    }
    if (!config) return undefined;
    const { generation, digest, policy } = config;
    return { generation, digest, policy, deleted: false, tombstoneRevision: 0 };
  }
}

/** The target of a delete. `revision`: of its tombstone, 0 when that has gone with its lease. */
export function deleteTarget({
  generation,
  revision,
}: Pick<Tombstone, 'generation' | 'revision'>): Target {
  const tombstoneRevision = revision;
  return { generation, digest: NO_DIGEST, policy: 'APPLIED', deleted: true, tombstoneRevision };
}

/** Counts every member: for targets that are not etcd's. */
export function countAgainst(
  target: Target | undefined,
  statuses: StatusTable,
  members: readonly Member[],
): LiveCounts {
  const counts = { done: 0, failed: 0 };
  for (const member of members) {
    const standing = standingOf(member, target, statuses);
    if (standing === STANDING.DONE) counts.done += 1;
    else if (standing === STANDING.FAILED) counts.failed += 1;
  }
  return counts;
}
