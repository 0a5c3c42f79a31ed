import { errorCode } from '#libs/files';
import { DriverError } from '../driver.ts';

/** Does the work; what the system refuses, a full disk say, is a DriverError that names its code. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof DriverError || code === '') throw error;
    throw new DriverError('retry', code, `cannot write or read: ${code}`, { cause: error });
  }
}
