import type { AgentRegistration } from '#libs/keyspace';
import type { Interner } from './interner.ts';

/** Session of a member whose reports do not count. No report has it. */
export const NO_SESSION = -1;

/** An agent's name in an environment, and what the roster and its registration say of it. */
export interface Member {
  readonly name: string;
  /** Its index in the environment, and in each config's table of statuses. */
  readonly slot: number;
  /** A roster key without `left_at`. */
  onRoster: boolean;
  /**
   * When it was forgotten: lost for too long to be counted. Milliseconds since 1970, NaN when the time
   * cannot be read; undefined: it was not.
   */
  forgottenAtMs: number | undefined;
  /** A roster key with `left_at` that does not say forgotten. */
  hasLeft: boolean;
  /** Undefined: no registration. */
  registration: Registered | undefined;
  /** Session whose reports count, or NO_SESSION: not synced in the current epoch. */
  session: number;
  /** When its registration was first missed. Milliseconds since 1970; undefined while it is not lost. */
  lostSinceMs: number | undefined;
}

/** What counts of a registration key. */
export interface Registered {
  readonly lease: string;
  /** Undefined: the value cannot be read, and only the key says that somebody is there. */
  readonly instance: string | undefined;
  /** Epoch in which the agent has listed and reported in full. */
  readonly syncedEpoch: number | undefined;
  /** Its reports stand for everything that etcd held at this revision. 0: not synced. */
  readonly syncedRevision: number;
}

export function createMember(name: string, slot: number): Member {
  return {
    name,
    slot,
    onRoster: false,
    forgottenAtMs: undefined,
    hasLeft: false,
    registration: undefined,
    session: NO_SESSION,
    lostSinceMs: undefined,
  };
}

/** A registration key by its lease and value; undefined for a value that cannot be read. */
export function registeredFrom(lease: string, value: AgentRegistration | undefined): Registered {
  const { instance, synced } = value ?? {};
  return { lease, instance, syncedEpoch: synced?.epoch, syncedRevision: synced?.revision ?? 0 };
}

/** On the roster, or registered although the roster does not know it: such a one serves, too. */
export function isMember(member: Member): boolean {
  return member.onRoster || member.registration !== undefined;
}

/**
 * Whether it was forgotten since `sinceMs`: it may still serve what it had, and nobody counts it.
 * Times that are not known count as since.
 */
export function isForgottenSince(member: Member, sinceMs: number | undefined): boolean {
  const { forgottenAtMs } = member;
  if (forgottenAtMs === undefined || isMember(member)) return false;
  return sinceMs === undefined || !(forgottenAtMs < sinceMs);
}

export function isLive(member: Member): boolean {
  return member.registration !== undefined;
}

/** One incarnation of an agent, under one lease, in one epoch. */
export function sessionOf(
  sessions: Interner,
  { instance, lease, epoch }: { instance: string; lease: string; epoch: number },
): number {
  return sessions.idOf(`${lease}/${epoch}/${instance}`);
}

/** The session whose reports count for this registration. */
export function countingSession(
  sessions: Interner,
  registration: Registered | undefined,
  epoch: number | undefined,
): number {
  if (!registration || epoch === undefined) return NO_SESSION;
  const { instance, lease, syncedEpoch } = registration;
  if (instance === undefined || syncedEpoch !== epoch) return NO_SESSION;
  return sessionOf(sessions, { instance, lease, epoch });
}
