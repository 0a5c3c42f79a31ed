import { type Absence, compareMarks, observeAbsence, readyMark } from './evidence.ts';
import {
  type ConfigRecord,
  type ConfigVersion,
  generationOf,
  type MetaView,
  type PassMark,
} from './record.ts';

/** What etcd says of an absent config at one revision. */
export interface AbsenceInput {
  /** Generation in force, or tried. */
  generation: number;
  /** Whether a key is there after all. */
  present: boolean;
  tombstone: number | undefined;
  meta: Omit<MetaView, 'resume'>;
  absence: Absence;
  /** Highest mark ever seen. */
  highest: PassMark | undefined;
}

/** How an absence is to be taken. */
export type RemovalPlan =
  /** It was deleted, at this generation. */
  | { do: 'remove'; by: 'tombstone'; generation: number }
  /** Two whole passes ended without it. The brake has a say. */
  | { do: 'remove'; by: 'passes'; epoch: number }
  | { do: 'keep'; absence: Absence };

/** The highest generation that may be in force: an apply may take effect that nobody confirmed. */
export function highestAsked(
  record: ConfigRecord,
  tries: readonly Pick<ConfigVersion, 'generation'>[] = [],
): number {
  return Math.max(generationOf(record), ...tries.map(({ generation }) => generation));
}

/** Weighs the evidence for a delete. Without any, what is in force stays in force. */
export function planRemoval(input: AbsenceInput): RemovalPlan {
  const { generation, present, tombstone, absence, highest } = input;
  if (present) return { do: 'keep', absence: { sinceMs: absence.sinceMs, mark: undefined } };
  if (tombstone !== undefined && tombstone >= generation) {
    return { do: 'remove', by: 'tombstone', generation: tombstone };
  }
  const meta = { ...input.meta, resume: undefined };
  const observed = observeAbsence(absence, meta, highest);
  const now = readyMark(meta);
  if (!observed.proven || !now) return { do: 'keep', absence: observed.absence };
  return { do: 'remove', by: 'passes', epoch: now.epoch };
}

/** The mark that a view is worth remembering for: its passes count only once it is READY. */
export function seenMark(meta: MetaView, highest: PassMark | undefined): PassMark | undefined {
  if (meta.epoch === undefined) return undefined;
  const mark = readyMark(meta) ?? { epoch: meta.epoch, pass: 0 };
  return highest && compareMarks(mark, highest) <= 0 ? undefined : mark;
}
