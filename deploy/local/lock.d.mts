/**
 * Runs `work` while no other process holds the lock `file`. A lock whose holder is dead is taken
 * over. Throws when the lock stays held for 15 minutes. `onWait` is called once when it is held.
 */
export function withLock<T>(
  file: string,
  work: () => T | Promise<T>,
  onWait?: () => void,
): Promise<T>;

/** Whether a process of this id runs. */
export function isAlive(pid: number): boolean;
