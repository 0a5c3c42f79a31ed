/** Full passes of the controllers that prove a content: one of them began after it was listed. */
const PASSES_NEEDED = 2;

/** What the view shows of the controllers' work. */
export interface Counters {
  readonly epoch: number | undefined;
  /** Count of full passes in the epoch. */
  readonly pass: number | undefined;
}

/** A list that was taken in. */
export interface TakenList extends Counters {
  readonly revision: bigint;
  /** Where it shows the own key; undefined: nowhere. */
  readonly ownRevision: bigint | undefined;
}

/** The view that a list replaces. */
export type ViewBefore = Pick<Counters, 'epoch'> & { readonly revision: bigint };

/**
 * Whether etcd has lost history. Put back to a backup it may be READY, in the same epoch, and lack the
 * members who joined since: what it holds then proves nothing, until the controllers have given it a
 * new epoch, or two whole passes of theirs have ended.
 */
export class LostHistory {
  /** Highest revision of a put of the own key that was answered since the last list. */
  #putRevision = 0n;
  /** `since`: as the first list after it was noticed shows etcd. */
  #loss: { epochBefore: number | undefined; since: Counters | undefined } | undefined;

  /** etcd answered a put of the own key. */
  answered(revision: bigint): void {
    if (revision > this.#putRevision) this.#putRevision = revision;
  }

  /** The watch has found another history than the one that was shown. A list follows. */
  noticed({ epoch }: Pick<Counters, 'epoch'>): void {
    this.#loss = { epochBefore: epoch, since: undefined };
    this.#putRevision = 0n;
  }

  /** A list was taken in, in place of `before`. */
  listed(list: TakenList, before: ViewBefore | undefined): void {
    const { revision, ownRevision = revision } = list;
    // A put that came after the list was read is not in it.
    const isPutLost = ownRevision < this.#putRevision && this.#putRevision <= revision;
    if (before && (isPutLost || revision < before.revision)) this.noticed(before);
    this.#putRevision = 0n;
    if (this.#loss) this.#loss = { ...this.#loss, since: this.#loss.since ?? list };
    this.look(list);
  }

  /** The view has moved on. */
  look(now: Counters): void {
    if (!this.isInDoubt(now)) this.#loss = undefined;
  }

  /** Whether a view with these counters is still in doubt. */
  isInDoubt(now: Counters): boolean {
    if (!this.#loss) return false;
    const { epochBefore, since } = this.#loss;
    if (!since || now.epoch === undefined) return true;
    const isNewEpoch = now.epoch !== since.epoch || now.epoch > (epochBefore ?? now.epoch);
    const passes = (now.pass ?? 0) - (since.pass ?? 0);
    return !isNewEpoch && passes < PASSES_NEEDED;
  }

  /** Why what etcd holds is not to be trusted; undefined: it is. */
  get unknownReason(): string | undefined {
    return this.#loss && 'etcd has lost history: the controllers have yet to look through it';
  }
}
