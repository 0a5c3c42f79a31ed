/** Above the highest generation seen: what nobody shows any more may have been higher. */
export const REBASE_MARGIN = 1_000_000;
/** A base further above all that was seen is a mistake, and generations do not come back. */
export const REBASE_REACH = 1_000_000_000;
/** Higher generations in etcd are none of ours: half of all are left for what comes. */
export const SEEN_MAX = 2 ** 52;

export interface RebaseInput {
  /** 0: to be chosen. */
  readonly requested: number;
  /** The base that holds. */
  readonly current: number;
  /** Highest generation that anybody shows. */
  readonly seen: number;
}

export type RebasePlan =
  | { kind: 'rebase'; base: number }
  /** Generations at or below it would be lifted below what was published. */
  | { kind: 'too_low'; least: number }
  | { kind: 'too_high'; most: number }
  /** No generations are left. */
  | { kind: 'exhausted' };

/** Whether a base was set before, so that nothing has to be looked at. */
export function isSetBefore(requested: number, current: number): boolean {
  return requested > 0 && requested <= current;
}

/** The base above which every generation is lifted. It never goes down. */
export function planRebase({ requested, current, seen }: RebaseInput): RebasePlan {
  if (isSetBefore(requested, current)) return { kind: 'rebase', base: current };
  const least = Math.max(seen, current);
  if (least > SEEN_MAX) return { kind: 'exhausted' };
  if (requested === 0) return { kind: 'rebase', base: least + REBASE_MARGIN };
  if (requested < least) return { kind: 'too_low', least };
  const most = least + REBASE_REACH;
  return requested > most ? { kind: 'too_high', most } : { kind: 'rebase', base: requested };
}
