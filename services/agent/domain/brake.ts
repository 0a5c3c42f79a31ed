/** Share of the configs in force that may be removed without a tombstone in one epoch. */
const REMOVALS_SHARE = 0.1;

/** Removals without a tombstone that were let through in an epoch. */
export interface BrakeState {
  readonly epoch: number;
  /** How many the epoch allows: fixed at its first removal. */
  readonly limit: number;
  readonly used: number;
}

export interface BrakeInput {
  brake: BrakeState | undefined;
  epoch: number;
  /** Configs in force now. */
  appliedCount: number;
  /** Epoch named by an operator who lets removals go on. */
  resume: number | undefined;
}

/** The state after one more removal without a tombstone, or undefined when it has to be held. */
export function takeRemoval(input: BrakeInput): BrakeState | undefined {
  const { brake, epoch, appliedCount, resume } = input;
  const current =
    brake?.epoch === epoch
      ? brake
      : { epoch, limit: Math.max(1, Math.floor(appliedCount * REMOVALS_SHARE)), used: 0 };
  if (current.used >= current.limit && resume !== epoch) return undefined;
  return { ...current, used: current.used + 1 };
}
