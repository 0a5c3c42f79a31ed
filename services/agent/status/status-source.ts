import { encodeStatus } from '#libs/keyspace';
import { type StatusAuthor, statusOf } from '../domain/status.ts';
import type { JournalState } from '../journal/journal-state.ts';

/** The text of a config's status, or undefined when there is nothing to report. */
export function statusText(
  state: JournalState,
  id: string,
  author: StatusAuthor,
): string | undefined {
  const status = statusOf(state.configs.get(id), state.removed.get(id), author);
  return status && encodeStatus(status);
}

/** Every config that the journal may have something to report of. */
export function reportableIds(state: JournalState): Set<string> {
  return new Set([...state.configs.keys(), ...state.removed.keys()]);
}
