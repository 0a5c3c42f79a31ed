import type { Random } from '#test/random';
import type { Backup } from './etcd-server.ts';
import type { World } from './world.ts';

/** Backups that were made, and what else a schedule remembers. */
export interface Notes {
  readonly backups: Backup[];
  readonly mysqlBackups: ReturnType<World['mysql']['backup']>[];
  writes: number;
  /** Keys were changed by hand, which nobody but a list may notice. */
  isByHand: boolean;
  /** Whether MySQL may be put back to a backup, and whether an operator then rebases. */
  readonly flavour: 'whole' | 'healed' | 'rebased';
}

/** One thing that may happen. False: it is not possible now. */
export type Act = (world: World, random: Random, notes: Notes) => Promise<boolean> | boolean;

/**
 * Whether etcd may lose what it has. When MySQL was rolled back, too, and no operator lifts what is
 * left, agents hold generations that nobody knows of any more.
 */
export function mayLoseEtcd({ flavour }: Notes): boolean {
  return flavour !== 'healed';
}
