import type { TimedAttempt } from '../domain/agent-event.ts';

/** Tries remembered of each config. */
const ATTEMPTS_MAX = 5;

/** The last tries of each config since this process began, for people who look into it. */
export class AttemptHistory {
  readonly #byId = new Map<string, readonly TimedAttempt[]>();

  /** Remembers one more try. */
  note(id: string, attempt: TimedAttempt): void {
    this.#byId.set(id, [attempt, ...this.of(id)].slice(0, ATTEMPTS_MAX));
  }

  /** The newest first, at most five. */
  of(id: string): readonly TimedAttempt[] {
    return this.#byId.get(id) ?? [];
  }

  /** The config is gone: nobody asks about it any more. */
  forget(id: string): void {
    this.#byId.delete(id);
  }
}
