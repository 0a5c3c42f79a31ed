import { type Run, sleepUntilAborted } from '#libs/lifecycle';
import type { AcceptedReader } from '../store/accepted-reader.ts';
import type { ChangeLog } from './change-log.ts';

/** MySQL tells nobody of what it accepts. */
const LOOK_EVERY_MS = 2_000;

export interface PendingPollDeps {
  reader: Pick<AcceptedReader, 'readRows'>;
  changes: Pick<ChangeLog, 'note'>;
  /** Whether anybody listens. */
  isWanted: () => boolean;
}

/** Notes configs that are accepted and not in etcd, when they begin and cease to be so. */
export function createPendingPoll({ reader, changes, isWanted }: PendingPollDeps): Run {
  return async (signal) => {
    let before = new Map<string, number>();
    while (!signal.aborted) {
      await sleepUntilAborted(LOOK_EVERY_MS, signal);
      if (signal.aborted || !isWanted()) continue;
      const answer = await reader.readRows({ published: false });
      if (!answer.known) continue;
      const now = new Map<string, number>(
        answer.rows.map((ref) => [`${ref.env}/${ref.id}`, answer.accepted(ref)?.generation ?? 0]),
      );
      for (const key of new Set([...before.keys(), ...now.keys()])) {
        if (before.get(key) === now.get(key)) continue;
        const at = key.indexOf('/');
        changes.note({ env: key.slice(0, at), id: key.slice(at + 1) });
      }
      before = now;
    }
  };
}
