import { type Run, sleepUntilAborted } from '#libs/lifecycle';
import type { AcceptedReader, RowsAnswer } from '../store/accepted-reader.ts';
import type { ChangeLog } from './change-log.ts';

/** MySQL tells nobody of what it accepts. */
const LOOK_EVERY_MS = 2_000;

export interface AcceptedPollDeps {
  reader: Pick<AcceptedReader, 'readRows'>;
  changes: Pick<ChangeLog, 'note'>;
  /** Whether anybody listens. */
  isWanted: () => boolean;
}

/**
 * Notes what changes in MySQL alone: configs that begin and cease to be accepted and not in etcd, and
 * how many members an environment needs.
 */
export class AcceptedPoll {
  readonly #deps: AcceptedPollDeps;
  #pending: ReadonlyMap<string, number> = new Map();
  #minAgents: ReadonlyMap<string, number> = new Map();
  #isKnown = true;

  constructor(deps: AcceptedPollDeps) {
    this.#deps = deps;
  }

  /** Whether MySQL answered when it was last asked. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  readonly run: Run = async (signal) => {
    while (!signal.aborted) {
      await sleepUntilAborted(LOOK_EVERY_MS, signal);
      if (!signal.aborted && this.#deps.isWanted()) await this.look();
    }
  };

  /** Asks once. */
  async look(): Promise<void> {
    const answer = await this.#deps.reader.readRows({ published: false });
    this.#isKnown = answer.known;
    if (!answer.known) return;
    const pending = pendingOf(answer);
    for (const key of changedKeys(this.#pending, pending)) {
      const at = key.indexOf('/');
      this.#deps.changes.note({ env: key.slice(0, at), id: key.slice(at + 1) });
    }
    this.#pending = pending;
    const minAgents = new Map(answer.envs.map((env) => [env, answer.minAgents(env)]));
    for (const env of changedKeys(this.#minAgents, minAgents)) this.#deps.changes.note({ env });
    this.#minAgents = minAgents;
  }
}

function pendingOf(answer: RowsAnswer): Map<string, number> {
  return new Map(
    answer.rows.map((ref) => [`${ref.env}/${ref.id}`, answer.accepted(ref)?.generation ?? 0]),
  );
}

function changedKeys(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter(
    (key) => before.get(key) !== now.get(key),
  );
}
