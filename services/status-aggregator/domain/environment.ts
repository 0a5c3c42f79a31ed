import { ConfigEntry, type ConfigSlot, type Tombstone } from './config-entry.ts';
import {
  countingSession,
  createMember,
  isForgottenSince,
  isLive,
  isMember,
  type Member,
  type Registered,
} from './member.ts';
import { type Interners, sameProblemSince } from './report.ts';
import type { Report } from './status-table.ts';

/** A change of a status key: the report, a value that cannot be read, or no key any more. */
export type StatusChange = Report | 'unreadable' | undefined;

/** What a roster key says; no key: not on it. */
export type RosterState = Pick<Member, 'onRoster' | 'forgottenAtMs'> &
  Partial<Pick<Member, 'hasLeft'>>;

/**
 * One environment of the view. Every change keeps the counters right: of a status in O(1), of a
 * config in O(agents), of an agent in O(configs). Until `settle` is called nothing is counted.
 */
export class Environment {
  readonly name: string;
  readonly entries = new Map<string, ConfigEntry>();
  readonly #interners: Interners;
  readonly #slots: Member[] = [];
  readonly #byName = new Map<string, Member>();
  readonly #forgotten = new Set<Member>();
  #epoch: number | undefined;
  #isCounting = false;
  #memberCount = 0;
  #liveCount = 0;
  #version = 0;
  #membersVersion = 0;
  #sortedMembers: readonly Member[] | undefined;
  #sortedIds: readonly string[] | undefined;

  constructor(name: string, interners: Interners) {
    this.name = name;
    this.#interners = interners;
  }

  get memberCount(): number {
    return this.#memberCount;
  }

  get liveCount(): number {
    return this.#liveCount;
  }

  /** Changes with everything in the environment. */
  get version(): number {
    return this.#version;
  }

  /** Changes with the members. */
  get membersVersion(): number {
    return this.#membersVersion;
  }

  /** Neither members nor configs. */
  get isEmpty(): boolean {
    return this.#memberCount === 0 && this.entries.size === 0;
  }

  /** Everybody that was ever heard of, ordered by name. */
  get members(): readonly Member[] {
    this.#sortedMembers ??= this.#slots.toSorted((a, b) => compareText(a.name, b.name));
    return this.#sortedMembers;
  }

  /** Undefined: never heard of. */
  member(name: string): Member | undefined {
    return this.#byName.get(name);
  }

  /** Ids of all entries, in order. */
  get ids(): readonly string[] {
    this.#sortedIds ??= [...this.entries.keys()].toSorted(compareText);
    return this.#sortedIds;
  }

  /** Lost members, ordered by name. */
  lostMembers(): Member[] {
    if (this.#memberCount === this.#liveCount) return [];
    return this.members.filter((member) => isMember(member) && !isLive(member));
  }

  setConfig(id: string, config: ConfigSlot, atMs: number): void {
    this.#changeEntry(id, atMs, (entry, seenAtMs) => entry.setConfig(config, seenAtMs));
  }

  setTombstone(id: string, tombstone: Tombstone | undefined, atMs: number): void {
    this.#changeEntry(id, atMs, (entry, seenAtMs) => entry.setTombstone(tombstone, seenAtMs));
  }

  setStatus(id: string, agent: string, change: StatusChange, atMs: number): void {
    const entry = this.#entry(id);
    const member = this.#memberFor(agent);
    const { statuses } = entry;
    const doneBefore = entry.counts.done;
    if (this.#isCounting) entry.count(member, -1);
    if (change === undefined) statuses.clear(member.slot);
    else if (change === 'unreadable') statuses.setUnreadable(member.slot);
    else {
      const { problem } = change;
      const before = statuses.problem(member.slot);
      statuses.set(
        member.slot,
        problem ? { ...change, problem: sameProblemSince(problem, before) } : change,
      );
    }
    if (this.#isCounting) {
      entry.count(member, 1);
      if (entry.counts.done > doneBefore) entry.milestones.done(atMs);
    }
    this.#changed(entry);
  }

  setRegistration(name: string, registration: Registered | undefined, atMs: number): void {
    this.#changeMember(name, atMs, (member) => {
      member.registration = registration;
      member.session = countingSession(this.#interners.sessions, registration, this.#epoch);
    });
  }

  setRoster(name: string, state: RosterState, atMs: number): void {
    const { onRoster, forgottenAtMs, hasLeft = false } = state;
    this.#changeMember(name, atMs, (member) => {
      member.onRoster = onRoster;
      member.hasLeft = hasLeft;
      member.forgottenAtMs = forgottenAtMs;
      if (forgottenAtMs === undefined) this.#forgotten.delete(member);
      else this.#forgotten.add(member);
    });
  }

  /** Members forgotten since `sinceMs` (undefined: ever), ordered by name. */
  forgottenSince(sinceMs: number | undefined): readonly Member[] {
    if (this.#forgotten.size === 0) return [];
    return [...this.#forgotten]
      .filter((member) => isForgottenSince(member, sinceMs))
      .toSorted((a, b) => compareText(a.name, b.name));
  }

  /** Reports count in this epoch only. */
  setEpoch(epoch: number | undefined): void {
    this.#epoch = epoch;
    for (const member of this.#slots) {
      member.session = countingSession(this.#interners.sessions, member.registration, epoch);
    }
    if (this.#isCounting) this.#recount();
  }

  /** The content is whole: counts everything, and from now on every change. */
  settle(): void {
    this.#isCounting = true;
    this.#recount();
    for (const { counts, milestones } of this.entries.values()) {
      if (counts.done > 0) milestones.doneUnseen();
    }
  }

  /** Takes over since when things are as they are, where they are still the same. */
  inherit(before: Environment): void {
    for (const member of this.#slots) {
      const sinceMs = before.#byName.get(member.name)?.lostSinceMs;
      if (member.lostSinceMs !== undefined) member.lostSinceMs = sinceMs ?? member.lostSinceMs;
    }
    for (const [id, entry] of this.entries) {
      const old = before.entries.get(id);
      if (old) inheritEntry(entry, old, (slot) => before.#slotOf(this.#slots[slot]?.name));
    }
  }

  #slotOf(name: string | undefined): number | undefined {
    return name === undefined ? undefined : this.#byName.get(name)?.slot;
  }

  #entry(id: string): ConfigEntry {
    const known = this.entries.get(id);
    if (known) return known;
    const entry = new ConfigEntry(id);
    this.entries.set(id, entry);
    this.#sortedIds = undefined;
    if (this.#isCounting) entry.recount(this.#slots);
    return entry;
  }

  #memberFor(name: string): Member {
    const known = this.#byName.get(name);
    if (known) return known;
    const member = createMember(name, this.#slots.length);
    this.#slots.push(member);
    this.#byName.set(name, member);
    this.#sortedMembers = undefined;
    return member;
  }

  #changeEntry(
    id: string,
    atMs: number,
    change: (entry: ConfigEntry, seenAtMs: number | undefined) => void,
  ): void {
    const entry = this.#entry(id);
    change(entry, this.#isCounting ? atMs : undefined);
    if (this.#isCounting) {
      entry.recount(this.#slots);
      if (entry.counts.done > 0 && entry.milestones.publishedAtMs === atMs) {
        entry.milestones.done(atMs);
      }
    }
    this.#changed(entry);
  }

  #changed(entry: ConfigEntry): void {
    this.#version += 1;
    if (!entry.isEmpty) return;
    this.entries.delete(entry.id);
    this.#sortedIds = undefined;
  }

  #changeMember(name: string, atMs: number, change: (member: Member) => void): void {
    const member = this.#memberFor(name);
    if (this.#isCounting) this.#count(member, -1, undefined);
    const sessionBefore = member.session;
    change(member);
    const isLost = isMember(member) && !isLive(member);
    member.lostSinceMs = isLost ? (member.lostSinceMs ?? atMs) : undefined;
    const isNewSession = member.session !== sessionBefore;
    if (this.#isCounting) this.#count(member, 1, isNewSession ? atMs : undefined);
    this.#version += 1;
    this.#membersVersion += 1;
  }

  /** `atMs`: from when on it counts, for who settles something by that. */
  #count(member: Member, by: 1 | -1, atMs: number | undefined): void {
    if (!isMember(member)) return;
    this.#memberCount += by;
    if (isLive(member)) this.#liveCount += by;
    // A lost member is in no counter of a config, but among those who block it.
    for (const entry of this.entries.values()) {
      const before = entry.counts.done;
      entry.count(member, by);
      if (atMs !== undefined && entry.counts.done > before) entry.milestones.done(atMs);
    }
  }

  #recount(): void {
    this.#memberCount = this.#slots.filter(isMember).length;
    this.#liveCount = this.#slots.filter(isLive).length;
    for (const entry of this.entries.values()) entry.recount(this.#slots);
    this.#version += 1;
  }
}

function inheritEntry(
  entry: ConfigEntry,
  old: ConfigEntry,
  oldSlotOf: (slot: number) => number | undefined,
): void {
  const { tombstone } = entry;
  if (tombstone && tombstone.generation === old.tombstone?.generation) {
    // Its revision is that of this list: etcd may have been lost in between, and the delete put anew.
    entry.setTombstone({ ...tombstone, sinceMs: old.tombstone.sinceMs }, undefined);
  }
  if (isTargetOf(entry, old)) {
    entry.inheritMilestones(old.milestones);
    if (entry.counts.done > old.counts.done) entry.milestones.doneUnseen();
  }
  for (const [slot, problem] of entry.statuses.problems) {
    const oldSlot = oldSlotOf(slot);
    const before = oldSlot === undefined ? undefined : old.statuses.problem(oldSlot);
    entry.statuses.setProblem(slot, sameProblemSince(problem, before));
  }
}

/** Whether both are about the same generation. Each view has its own numbers for digests. */
function isTargetOf(entry: ConfigEntry, old: ConfigEntry): boolean {
  const [now, before] = [entry.target, old.target];
  if (now?.generation !== before?.generation || now?.deleted !== before?.deleted) return false;
  return now?.deleted === true || entry.config?.digestText === old.config?.digestText;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
