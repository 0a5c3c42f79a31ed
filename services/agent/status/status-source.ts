import { type AgentPhase, encodeStatus } from '#libs/keyspace';
import { type StatusAuthor, statusOf } from '../domain/status.ts';
import type { JournalState } from '../journal/journal-state.ts';

/** What statuses are made from. */
export interface StatusSource {
  state: Pick<JournalState, 'configs' | 'removed'>;
  /** What is being done at this moment, by config. */
  active: ReadonlyMap<string, AgentPhase>;
}

/** The text of a config's status, or undefined when there is nothing to report. */
export function statusText(
  { state, active }: StatusSource,
  id: string,
  author: StatusAuthor,
): string | undefined {
  const facts = {
    record: state.configs.get(id),
    removed: state.removed.get(id),
    active: active.get(id),
  };
  const status = statusOf(facts, author);
  return status && encodeStatus(status);
}

/** Every config that there may be something to report of. */
export function reportableIds({ state, active }: StatusSource): Set<string> {
  return new Set([...state.configs.keys(), ...state.removed.keys(), ...active.keys()]);
}
