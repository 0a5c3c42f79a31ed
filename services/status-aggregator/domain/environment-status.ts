import { type CompletionState, situationOf } from './completion.ts';
import type { Facts } from './facts.ts';
import type { View } from './view.ts';

/** States from the worst to the best: what a person should look at first. */
export const STATES_WORST_FIRST: readonly CompletionState[] = [
  'FAILED',
  'STALLED',
  'NO_AGENTS',
  'UNKNOWN',
  'PENDING',
  'DELETING',
  'PROGRESSING',
  'DELETED_WITH_EXCEPTIONS',
  'COMPLETE_WITH_EXCEPTIONS',
  'DELETED',
  'COMPLETE',
];

/** An environment's members, and its configs by state. */
export interface EnvironmentStatus {
  readonly env: string;
  readonly minAgents: number;
  readonly live: number;
  readonly lost: number;
  /** Worst first; states without configs are left out. */
  readonly states: readonly { state: CompletionState; count: number }[];
}

/** Where an environment stands in the order of the list. */
export interface Rank {
  /** Index of its worst state. */
  readonly worst: number;
  readonly lost: number;
  readonly env: string;
}

/** What is said of the configs of `ids`; those known nowhere are left out. */
export function environmentStatusOf(
  view: View,
  env: string,
  { ids, factsOf }: { ids: Iterable<string>; factsOf: (id: string) => Facts },
): EnvironmentStatus {
  const counts = new Map<CompletionState, number>();
  for (const id of ids) {
    const state = situationOf(view, { env, id }, factsOf(id))?.state;
    if (state) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const { unknownReason, acceptedKnown, minAgents } = factsOf('');
  const environment = view.env(env);
  const isNothing = environment?.isEmpty ?? true;
  const isUnknown = unknownReason !== undefined || !view.isReady || (isNothing && !acceptedKnown);
  // Said even of an environment without configs: its members are as old as everything else.
  if (isUnknown && !counts.has('UNKNOWN')) counts.set('UNKNOWN', 0);
  const live = environment?.liveCount ?? 0;
  const states = STATES_WORST_FIRST.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
  return { env, minAgents, live, lost: (environment?.memberCount ?? 0) - live, states };
}

export function rankOf({ env, lost, states }: EnvironmentStatus): Rank {
  const [first] = states;
  const worst = first ? STATES_WORST_FIRST.indexOf(first.state) : STATES_WORST_FIRST.length;
  return { worst, lost, env };
}

/** Worst state first, then most lost, then by name. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.worst !== b.worst) return a.worst - b.worst;
  if (a.lost !== b.lost) return b.lost - a.lost;
  return a.env < b.env ? -1 : a.env > b.env ? 1 : 0;
}
