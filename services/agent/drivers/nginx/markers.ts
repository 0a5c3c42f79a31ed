import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readRegularFile, replaceFile } from '#libs/files';

const SECRET = 'secret';

/** Makes a marker of what only one version has. The same parts give the same marker. */
export type MarkerOf = (parts: readonly string[]) => string;

/**
 * Markers by the secret of a directory, which is made when there is none. Nobody can tell one who does
 * not have the secret, though clients may ask for it.
 */
export async function openMarkers(dir: string): Promise<MarkerOf> {
  const found = (await readRegularFile(join(dir, SECRET)))?.toString('utf8');
  const secret = found || randomBytes(32).toString('hex');
  if (secret !== found) await replaceFile(dir, SECRET, secret);
  return (parts) => createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex');
}
