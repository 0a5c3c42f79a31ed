import { realpath } from 'node:fs/promises';
import { errorCode, makeDir, removeTemporaries } from '#libs/files';
import { DriverError } from '../driver.ts';

/** The directory of a driver, made when missing. It belongs to the driver alone. */
export class Home {
  /** Where it really is. */
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Somebody may have removed the directory since it was opened, or put a link in its place. */
  async check(): Promise<void> {
    await makeDir(this.dir);
    if ((await realpath(this.dir)) !== this.dir) {
      throw new DriverError('retry', 'DIR_MOVED', 'the directory now leads somewhere else');
    }
  }
}

/** Makes the directory, and removes what a writer that died left behind in it. */
export async function openHome(dir: string): Promise<Home> {
  await makeDir(dir);
  const home = await realpath(dir);
  await removeTemporaries(home);
  return new Home(home);
}

/** Runs `work`; what fails with a code of the system becomes a DriverError that says so. */
export async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DriverError) throw error;
    const code = errorCode(error) || 'IO_ERROR';
    throw new DriverError('retry', code, `cannot ${what}: ${code}`, { cause: error });
  }
}
