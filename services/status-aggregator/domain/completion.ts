import { type Blocker, blockersOf, withForgotten } from './blockers.ts';
import { type ConfigEntry, countAgainst, deleteTarget } from './config-entry.ts';
import type { Environment } from './environment.ts';
import type { Accepted, Facts } from './facts.ts';
import type { Target } from './standing.ts';
import { StatusTable } from './status-table.ts';
import type { View } from './view.ts';

export type CompletionState =
  | 'UNKNOWN'
  | 'PENDING'
  | 'NO_AGENTS'
  | 'STALLED'
  | 'FAILED'
  | 'PROGRESSING'
  | 'COMPLETE_WITH_EXCEPTIONS'
  | 'COMPLETE'
  | 'DELETING'
  | 'DELETED_WITH_EXCEPTIONS'
  | 'DELETED';

/** Members by where they stand; `expected` is the sum of the others. */
export interface Counts {
  readonly expected: number;
  readonly done: number;
  readonly progressing: number;
  readonly failed: number;
  readonly lost: number;
}

/** Where a config stands, without the names. */
export interface Situation {
  readonly state: CompletionState;
  /** The current generation, which the state speaks of; 0 when none is known. */
  readonly generation: number;
  readonly digest: string;
  /** The current generation is a delete. */
  readonly deleted: boolean;
  /** All 0 while the state is UNKNOWN. */
  readonly counts: Counts;
  /** Who was forgotten since the generation was accepted; not among the counts. */
  readonly forgotten: number;
  /** Why the state is UNKNOWN; empty otherwise. */
  readonly unknownReason: string;
}

/** A situation with the names of those who block. */
export interface Completion extends Situation {
  readonly blockers: readonly Blocker[];
  readonly blockersTotal: number;
}

export interface ConfigRef {
  readonly env: string;
  readonly id: string;
}

const NO_COUNTS: Counts = { expected: 0, done: 0, progressing: 0, failed: 0, lost: 0 };

/** The generation that an answer speaks of, and whether it is in etcd. */
interface Current {
  readonly generation: number;
  readonly digest: string;
  readonly deleted: boolean;
  /** What agents are compared with. Undefined: it is not in etcd. */
  readonly target: Target | undefined;
  /** When it was accepted. Milliseconds since 1970; undefined: not known. */
  readonly acceptedAtMs: number | undefined;
}

/** The state of a config; undefined when it is known neither to etcd nor to MySQL. In O(1). */
export function situationOf(view: View, ref: ConfigRef, facts: Facts): Situation | undefined {
  const env = view.env(ref.env);
  const entry = env?.entries.get(ref.id);
  const current = currentOf(entry, facts.accepted);
  if (!current) {
    if (facts.acceptedKnown) return undefined;
    return unknown(undefined, 'etcd does not have it, and MySQL cannot be asked');
  }
  const reason = facts.unknownReason ?? notReady(view);
  if (reason !== undefined) return unknown(current, reason);
  const { generation, digest, deleted, target, acceptedAtMs } = current;
  const forgotten = env?.forgottenSince(acceptedAtMs).length ?? 0;
  const counts = countsOf(env, entry, target);
  const state = target
    ? stateOf(target, {
        ...{ counts, forgotten, minAgents: facts.minAgents },
        hasKey: entry?.hasKey ?? false,
      })
    : 'PENDING';
  return { state, generation, digest, deleted, counts, forgotten, unknownReason: '' };
}

/** What agents are compared with; undefined: the current generation is not in etcd. */
export function targetOf(view: View, ref: ConfigRef, facts: Facts): Target | undefined {
  return currentOf(view.env(ref.env)?.entries.get(ref.id), facts.accepted)?.target;
}

/** As `situationOf`, with who blocks. */
export function completionOf(view: View, ref: ConfigRef, facts: Facts): Completion | undefined {
  const situation = situationOf(view, ref, facts);
  if (!situation) return undefined;
  const { progressing, failed, lost } = situation.counts;
  // Before it is in etcd no agent is to blame.
  const isPending = situation.state === 'PENDING';
  const blockersTotal = isPending ? 0 : progressing + failed + lost + situation.forgotten;
  const blockers = blockersTotal === 0 ? [] : blockersIn(view, ref, facts.accepted);
  return { ...situation, blockers, blockersTotal };
}

/** Whether all live agents have executed it. */
export function isFullyExecuted(state: CompletionState): boolean {
  return state === 'COMPLETE' || state === 'COMPLETE_WITH_EXCEPTIONS';
}

function currentOf(
  entry: ConfigEntry | undefined,
  accepted: Accepted | undefined,
): Current | undefined {
  const target = entry?.target;
  if (accepted && !isInEtcd(target, accepted, entry?.config?.digestText)) {
    const { generation, digest, deleted } = accepted;
    const isOver = deleted && accepted.published && accepted.tombstoneExpired && !entry?.hasKey;
    // Its tombstone has gone with its lease, and the row is what is left to tell of the delete.
    const told = isOver && !target ? deleteTarget({ generation, revision: 0 }) : undefined;
    const { acceptedAtMs } = accepted;
    return { generation, digest: deleted ? '' : digest, deleted, target: told, acceptedAtMs };
  }
  if (!target) return undefined;
  const { generation, deleted } = target;
  // A tombstone says no time; MySQL's row does, if it is of this very delete.
  const isRow = deleted && accepted?.deleted && accepted.generation === generation;
  const acceptedAtMs = isRow ? accepted.acceptedAtMs : entry?.config?.acceptedAtMs;
  const digest = deleted ? '' : (entry?.config?.digestText ?? '');
  return {
    generation,
    digest,
    deleted,
    target,
    acceptedAtMs: deleted && !isRow ? undefined : acceptedAtMs,
  };
}

/** Whether etcd has what was accepted, or something newer than MySQL's answer. */
function isInEtcd(
  target: Target | undefined,
  { generation, digest, deleted }: Accepted,
  digestInEtcd: string | undefined,
): boolean {
  if (!target || target.generation < generation) return false;
  if (target.generation > generation) return true;
  return target.deleted === deleted && (deleted || digestInEtcd === digest);
}

function notReady({ epoch, ready, isReady }: View): string | undefined {
  if (isReady) return undefined;
  if (epoch === undefined) return 'etcd holds no epoch: it is being rebuilt';
  return `etcd is being rebuilt: epoch ${epoch}, ready ${ready ?? 'none'}`;
}

function unknown(current: Current | undefined, unknownReason: string): Situation {
  const { generation, digest, deleted } = current ?? { generation: 0, digest: '', deleted: false };
  return {
    ...{ state: 'UNKNOWN', generation, digest, deleted, counts: NO_COUNTS },
    ...{ forgotten: 0, unknownReason },
  };
}

function countsOf(
  env: Environment | undefined,
  entry: ConfigEntry | undefined,
  target: Target | undefined,
): Counts {
  if (!env) return NO_COUNTS;
  const { memberCount: expected, liveCount: live } = env;
  const { done, failed } = liveCounts(env, entry, target);
  return { expected, done, progressing: live - done - failed, failed, lost: expected - live };
}

function liveCounts(
  env: Environment,
  entry: ConfigEntry | undefined,
  target: Target | undefined,
): { done: number; failed: number } {
  if (!target) return { done: 0, failed: 0 };
  if (entry?.target === target) return entry.counts;
  return countAgainst(target, entry?.statuses ?? new StatusTable(), env.members);
}

/** The table of completion.md: the first that holds. */
function stateOf(
  { deleted }: Target,
  about: { counts: Counts; forgotten: number; minAgents: number; hasKey: boolean },
): CompletionState {
  const { counts, forgotten, minAgents, hasKey } = about;
  const { expected, done, failed, lost } = counts;
  const live = expected - lost;
  const exceptions = lost + forgotten;
  // Nothing is ever complete on nobody's word.
  if (expected < Math.max(1, minAgents)) return 'NO_AGENTS';
  if (live === 0) return 'STALLED';
  if (failed > 0) return 'FAILED';
  if (deleted) {
    if (done < live || hasKey) return 'DELETING';
    return exceptions > 0 ? 'DELETED_WITH_EXCEPTIONS' : 'DELETED';
  }
  if (done < live) return 'PROGRESSING';
  return exceptions > 0 ? 'COMPLETE_WITH_EXCEPTIONS' : 'COMPLETE';
}

function blockersIn(
  view: View,
  ref: ConfigRef,
  accepted: Accepted | undefined,
): readonly Blocker[] {
  const env = view.env(ref.env);
  const entry = env?.entries.get(ref.id);
  const current = currentOf(entry, accepted);
  const target = current?.target;
  if (!env || !target) return [];
  const statuses = entry?.statuses ?? new StatusTable();
  const blockers =
    entry?.target === target
      ? entry.blockers(env.members)
      : blockersOf({ target, statuses, members: env.members, sinceMs: undefined });
  return withForgotten(blockers, env.forgottenSince(current?.acceptedAtMs), { target, statuses });
}
