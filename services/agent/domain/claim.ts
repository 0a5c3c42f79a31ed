/** How long another holder of the name is waited for: three times its lease. */
export const DUPLICATE_AFTER_MS = 15_000;

/** The registration that stands under the agent's key, as read. */
export interface Holder {
  /** Undefined: the value is unreadable. */
  readonly instance: string | undefined;
  readonly createRevision: bigint;
  readonly modRevision: bigint;
}

export interface ClaimInput {
  /** Undefined: nobody holds the name. */
  holder: Holder | undefined;
  /** Incarnation of this process. */
  instance: string;
  /** How long etcd has answered that somebody else holds the name. */
  heldByOtherMs: number;
}

/** The next step towards a registration. */
export type ClaimPlan =
  | { do: 'create' }
  /** The holder is this very process: an earlier answer was lost. */
  | { do: 'take-over'; holder: Holder }
  | { do: 'wait' }
  | { do: 'give-up' };

/** Decides what to do about a name. Only an agent's own registration is ever taken over. */
export function planClaim({ holder, instance, heldByOtherMs }: ClaimInput): ClaimPlan {
  if (!holder) return { do: 'create' };
  if (holder.instance === instance) {
    return { do: 'take-over', holder };
  }
  return heldByOtherMs >= DUPLICATE_AFTER_MS ? { do: 'give-up' } : { do: 'wait' };
}

/** Adds up the time during which etcd answered; silence in between does not count. */
export class AnsweredTime {
  #totalMs = 0;
  #lastMs: number | undefined;

  get totalMs(): number {
    return this.#totalMs;
  }

  /** etcd answered at `nowMs` of a monotonic clock. */
  answered(nowMs: number): void {
    if (this.#lastMs !== undefined) this.#totalMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
  }

  /** A call was not answered. */
  silent(): void {
    this.#lastMs = undefined;
  }
}
