/** What MySQL knows of etcd's incarnation. */
export interface KnownEpoch {
  /** 0: none was ever allocated. */
  readonly epoch: number;
  /** Highest revision of etcd that a clean pass of this epoch saw. */
  readonly highWaterRevision: bigint;
}

/** What etcd says of itself, read linearizably after `KnownEpoch`. */
export interface ObservedEpoch {
  /** Absent: the key is missing or not a counter. */
  readonly epoch?: number;
  readonly revision: bigint;
}

/** The highest revision that this process saw in an epoch before it asked. */
export interface SeenRevision {
  readonly epoch: number;
  readonly revision: bigint;
  /** etcd was found to have another history since. */
  readonly rewound?: boolean;
}

export type EpochPlan =
  | { kind: 'keep'; epoch: number }
  /** etcd was wiped or rolled back: its content belongs to no known epoch. */
  | { kind: 'allocate'; above: number; reason: 'missing' | 'different' | 'rolled back' };

/** Whether etcd still is the incarnation that MySQL knows. */
export function planEpoch(
  known: KnownEpoch,
  observed: ObservedEpoch,
  seen: SeenRevision | undefined,
): EpochPlan {
  const { epoch, revision } = observed;
  if (epoch === undefined) return { kind: 'allocate', above: known.epoch, reason: 'missing' };
  const above = Math.max(known.epoch, epoch);
  if (epoch !== known.epoch) return { kind: 'allocate', above, reason: 'different' };
  // What was seen in another epoch says nothing of this one: its revisions are another history's.
  const seenHere = seen?.epoch === epoch ? seen : undefined;
  const isBehind = revision < known.highWaterRevision || revision < (seenHere?.revision ?? 0n);
  if (isBehind || seenHere?.rewound) {
    return { kind: 'allocate', above, reason: 'rolled back' };
  }
  return { kind: 'keep', epoch };
}
