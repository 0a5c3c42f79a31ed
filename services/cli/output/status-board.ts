import type { Completion, WatchCompletionsResponse } from '#proto';
import { stateOf } from './words.ts';

/** Who looks first looks at what needs somebody. */
const WORST_FIRST = [
  ...['FAILED', 'STALLED', 'UNKNOWN', 'NO_AGENTS', 'PENDING', 'PROGRESSING', 'DELETING'],
  ...['COMPLETE_WITH_EXCEPTIONS', 'DELETED_WITH_EXCEPTIONS', 'COMPLETE', 'DELETED'],
];

/** Where configs stand, as the messages of WatchCompletions tell it. */
export class StatusBoard {
  #completions = new Map<string, Completion>();
  /** A snapshot that is not whole yet. */
  #coming: Map<string, Completion> | undefined;
  #sorted: readonly Completion[] | undefined;
  #isListed = false;
  #unknownReason = '';

  /** Takes in one message. */
  take({ type, completion, unknownReason }: WatchCompletionsResponse): void {
    switch (type) {
      case 'TYPE_VIEW':
        this.#unknownReason = unknownReason;
        return;
      case 'TYPE_SNAPSHOT_BEGIN':
        this.#coming = new Map();
        return;
      case 'TYPE_SNAPSHOT_END':
        this.#completions = this.#coming ?? this.#completions;
        this.#coming = undefined;
        this.#isListed = true;
        break;
      case 'TYPE_CHANGED':
        if (completion) (this.#coming ?? this.#completions).set(keyOf(completion), completion);
        break;
      case 'TYPE_REMOVED':
        if (completion) (this.#coming ?? this.#completions).delete(keyOf(completion));
        break;
      default:
        return;
    }
    this.#sorted = undefined;
  }

  /** Whether there has been a whole snapshot. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** Why nothing is known for certain; empty: it is. */
  get unknownReason(): string {
    return this.#unknownReason;
  }

  /** The worst first, then by env and id. */
  get completions(): readonly Completion[] {
    this.#sorted ??= [...this.#completions.values()].toSorted(
      (a, b) => rankOf(a) - rankOf(b) || compare(a.env, b.env) || compare(a.id, b.id),
    );
    return this.#sorted;
  }

  /** Number of configs by state, the worst first. */
  get counts(): readonly (readonly [state: string, count: number])[] {
    return [...Map.groupBy(this.completions, stateOf)].map(([state, of]) => [state, of.length]);
  }
}

function rankOf(completion: Completion): number {
  return WORST_FIRST.indexOf(stateOf(completion));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function keyOf({ env, id }: Completion): string {
  return `${env}/${id}`;
}
