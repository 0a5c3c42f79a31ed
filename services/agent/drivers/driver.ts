import { createHash } from 'node:crypto';
import type { ConfigVersion, Proof } from '../domain/record.ts';

export type { Proof } from '../domain/record.ts';

/** One version of one config, as a driver takes it. */
export interface DriverConfig extends ConfigVersion {
  readonly id: string;
  /** Epoch of etcd in which it was handed to the driver; absent while none is known. */
  readonly epoch?: number | undefined;
}

/** What a driver has in force, read back from where it serves. */
export interface Installed {
  readonly id: string;
  /** `contentHash` of the content in force; another text when it is not what was applied. */
  readonly hash: string;
}

/**
 * What "apply" means on this host. Every call may be repeated and leaves one whole version in force,
 * the old one or the new one. Failures are DriverError; an abort of the signal is rethrown. Calls for
 * different ids overlap; calls for one id do not, but for one whose signal fired and that is ending.
 */
export interface Driver extends AsyncDisposable {
  readonly name: string;
  /** Calls that the engine may have under way at once; 8 when absent. */
  readonly concurrency?: number;
  /** How long one call may take before its signal fires; 10 s when absent. */
  readonly callTimeoutMs?: number;
  /** Throws a DriverError with outcome `rejected` for what this driver can never put in force. */
  validate(config: DriverConfig, signal: AbortSignal): Promise<void>;
  /** Durably in force when it resolves. */
  apply(config: DriverConfig, signal: AbortSignal): Promise<void>;
  /** Durably gone when it resolves; a missing config is no error. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Asks whether this version is in force, and tells how strong the answer is. Doubt throws. */
  verify(config: DriverConfig, signal: AbortSignal): Promise<Proof>;
  /**
   * Has `told` called with configs that stand otherwise by what was done for others: in force no longer,
   * or worth another try. Absent: configs of this driver do not touch each other.
   */
  onDisturbed?(told: (ids: readonly string[]) => void): void;
  /** Everything in force. */
  list(signal: AbortSignal): AsyncIterable<Installed>;
}

/** `retry`: try again later. `rejected`: never. `rolled_back`: the last-known-good is back in force. */
export type DriverOutcome = 'retry' | 'rejected' | 'rolled_back';

/** A version that is not in force. */
export class DriverError extends Error {
  readonly outcome: DriverOutcome;
  /** Stable upper-case word for the status. */
  readonly reason: string;

  constructor(outcome: DriverOutcome, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DriverError';
    this.outcome = outcome;
    this.reason = reason;
  }
}

/** Identifies a content: lower-case hexadecimal SHA-256. */
export function contentHash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
