import type { ConfigRecord, ConfigVersion, RemovedRecord } from './record.ts';

/** What one look at a config saw. */
export interface GateInput {
  /** The canonical value in etcd. Undefined: none. */
  desired: ConfigVersion | undefined;
  /** A key is there, but its value is foreign. */
  foreign: boolean;
  /** Generation of the tombstone in etcd. */
  tombstone: number | undefined;
  record: ConfigRecord | undefined;
  /** What the driver was asked for and has not confirmed: any of it may be in force. */
  tried: readonly ConfigVersion[] | undefined;
  removed: RemovedRecord | undefined;
  /** What the driver has is not what the journal says. */
  drifted: boolean;
  /** Versions that this process has settled as failed and does not try again. */
  settled: readonly ConfigVersion[];
}

/** What to do about one config. */
export type GatePlan =
  | { do: 'apply'; version: ConfigVersion }
  /** Put the last-known-good back in force. */
  | { do: 'repair'; version: ConfigVersion }
  /** The value is lower than what is in force or than what was removed. */
  | { do: 'refuse'; reason: 'OLDER' | 'REMOVED' }
  /** It is in force here and absent from etcd: look for evidence of a delete. */
  | { do: 'absent' }
  | { do: 'nothing' };

/**
 * The apply gate: a version is applied when its generation is higher than the one in force, or equal
 * while the local state has drifted. A foreign value changes nothing.
 */
export function planConfig(input: GateInput): GatePlan {
  const { desired, record, removed, tombstone } = input;
  if (!desired) {
    if (input.foreign) return repairOr(input, { do: 'nothing' });
    return record ? { do: 'absent' } : { do: 'nothing' };
  }
  const applied = record?.applied;
  if (!applied && Math.max(removed?.generation ?? 0, tombstone ?? 0) >= desired.generation) {
    return record ? { do: 'absent' } : { do: 'refuse', reason: 'REMOVED' };
  }
  if (desired.generation < highestInForce(input)) {
    return repairOr(input, { do: 'refuse', reason: 'OLDER' });
  }
  if (applied && isSame(applied, desired) && !input.drifted) return { do: 'nothing' };
  if (input.settled.some((version) => isSame(version, desired)))
    return repairOr(input, { do: 'nothing' });
  return { do: 'apply', version: desired };
}

function highestInForce({ record, tried = [] }: Pick<GateInput, 'record' | 'tried'>): number {
  return Math.max(record?.applied?.generation ?? 0, ...tried.map(({ generation }) => generation));
}

/** Whether two versions are one and the same. */
export function isSame(
  a: Pick<ConfigVersion, 'generation' | 'digest'>,
  b: Pick<ConfigVersion, 'generation' | 'digest'>,
): boolean {
  return a.generation === b.generation && a.digest === b.digest;
}

/** The repair of a drifted last-known-good, or `otherwise` when there is nothing to repair. */
export function repairOr(
  { record, drifted, settled }: Pick<GateInput, 'record' | 'drifted' | 'settled'>,
  otherwise: GatePlan,
): GatePlan {
  const applied = record?.applied;
  if (!drifted || !applied || applied.content === '') return otherwise;
  if (settled.some((version) => isSame(version, applied))) return otherwise;
  return { do: 'repair', version: applied };
}
