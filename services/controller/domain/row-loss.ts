import { isSafetyStop, type RowCounts } from './reconcile-plan.ts';

/** What an operator accepted about a loss of rows. */
export interface ConfirmedLoss {
  /** Live rows that are enough. */
  readonly liveRows: number;
  /** Live rows at the last clean pass when it was accepted: another number is another loss. */
  readonly liveRowsBefore: number;
}

/** What a pass does about a MySQL that looks as if it had lost rows. */
export type LossPlan = 'none' | 'stop' | 'accepted';

/** Whether a pass may go on. A confirmation counts for its own loss only, and for nothing worse. */
export function planLoss(
  counts: RowCounts,
  liveRowsBefore: number,
  configsInEtcd: number,
  confirmed: ConfirmedLoss | undefined,
): LossPlan {
  if (!isSafetyStop(counts, liveRowsBefore, configsInEtcd)) return 'none';
  if (!confirmed || confirmed.liveRowsBefore !== liveRowsBefore) return 'stop';
  return counts.live >= confirmed.liveRows ? 'accepted' : 'stop';
}

/** What a confirmation meets. */
export interface ConfirmInput {
  /** Live rows that the operator named. */
  readonly accepted: number;
  /** Live rows now. */
  readonly liveRows: number;
  /** Live rows at the last clean pass. */
  readonly liveRowsBefore: number;
  /** The stop that stands. */
  readonly stop:
    | { readonly liveRowsBefore: number; readonly confirmedLiveRows: number | undefined }
    | undefined;
}

export type ConfirmPlan =
  | { kind: 'confirm' }
  /** The controllers go by this number already. */
  | { kind: 'known' }
  | { kind: 'not_stopped' }
  /** MySQL has other rows than the operator looked at, or the stop is another one. */
  | { kind: 'other' };

/** Whether an operator's confirmation is one of the stop that stands. */
export function planConfirm({
  accepted,
  liveRows,
  liveRowsBefore,
  stop,
}: ConfirmInput): ConfirmPlan {
  if (!stop) return { kind: accepted === liveRowsBefore ? 'known' : 'not_stopped' };
  if (accepted !== liveRows || stop.liveRowsBefore !== liveRowsBefore) return { kind: 'other' };
  return { kind: stop.confirmedLiveRows === accepted ? 'known' : 'confirm' };
}
