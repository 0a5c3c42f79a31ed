import type { Candidate } from './admission.ts';

type Claims = ReadonlyMap<string, Candidate>;

/** What one batch did. */
export interface Settled {
  /** In force before it, and after it, by id. */
  readonly before: Claims;
  readonly after: Claims;
  /** Configs that were changed or removed on purpose. */
  readonly changed: readonly string[];
  /** The winner by each config that lost a route to it. */
  readonly takenBy: ReadonlyMap<string, string>;
}

/** Remembers who lost a route to whom, until the loser is in force or is removed. */
export class Losers {
  readonly #winners = new Map<string, string>();

  /**
   * Takes in what a batch did. Returns the configs whose standing it changed without being asked to:
   * in force no longer, or free to have their route.
   */
  settled({ before, after, changed, takenBy }: Settled): string[] {
    const asked = new Set(changed);
    for (const id of asked) this.#winners.delete(id);
    for (const [id, winner] of takenBy) this.#winners.set(id, winner);
    const displaced = [...before.keys()].filter((id) => !after.has(id) && !asked.has(id));
    const freed = [...this.#winners].filter(
      ([, winner]) => !after.has(winner) || after.get(winner) !== before.get(winner),
    );
    // Whoever has just lost to a winner that came in the same batch would lose again.
    const isNews = ([id, winner]: readonly [string, string]) =>
      !asked.has(id) || !after.has(winner);
    return [...displaced, ...freed.filter(isNews).map(([id]) => id)];
  }
}
