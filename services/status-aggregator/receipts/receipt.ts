import type { ConfigRef } from '../domain/completion.ts';

export type ReceiptKind = 'COMPLETED' | 'DELETED';

/** A member that a receipt does not speak for. */
export interface ReceiptException {
  readonly agent: string;
  /** LOST or FORGOTTEN. */
  readonly reason: string;
}

/** The proof that a generation was in force, or gone, on every live member. */
export interface Receipt extends ConfigRef {
  readonly generation: number;
  /** Empty for a delete. */
  readonly digest: string;
  readonly kind: ReceiptKind;
  /** Members whose reports counted. */
  readonly members: number;
  /** SHA-256, hexadecimal, of their names in order, each with a line feed. */
  readonly membersDigest: string;
  readonly exceptions: readonly ReceiptException[];
  /** Weakest proof among the members. Empty for a delete. */
  readonly proof: '' | 'APPLIED' | 'VERIFIED';
  readonly epoch: number;
  readonly revision: number;
  /** Found to hold after the fact: the observed times are missing. */
  readonly late: boolean;
  readonly acceptedAt: Date | undefined;
  /** As the aggregator that wrote it observed them. */
  readonly publishedAt: Date | undefined;
  readonly firstAppliedAt: Date | undefined;
  readonly lastAppliedAt: Date | undefined;
  readonly completedAt: Date;
  /** Name of the aggregator that wrote it. */
  readonly writtenBy: string;
}
