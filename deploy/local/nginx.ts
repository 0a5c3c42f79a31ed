import { join } from 'node:path';
import { type Binary, findBinary } from './binaries.ts';
import { installDebianPackages, unpackedPackages } from './debian.ts';
import { SetupError } from './errors.ts';
import { withLock } from './lock.mjs';
import { localDir } from './paths.ts';

/** Debian has the program in `nginx`; on Ubuntu that may be a package of nothing but dependencies. */
const PACKAGES = [['nginx'], ['nginx-core', 'nginx-light']];

/**
 * Finds nginx on PATH, or unpacks it from Debian packages under `.local`, without root and without
 * touching the machine. Throws SetupError when there is no way.
 */
export async function ensureNginx(): Promise<Binary> {
  const find = () => findBinary('nginx', unpackedPackages('debian-nginx'));
  return (
    find() ??
    (await withLock(
      join(localDir, 'install.lock'),
      () => {
        if (!find()) installDebianPackages(PACKAGES, 'debian-nginx');
        const installed = find();
        if (!installed) throw new SetupError('the unpacked packages lack nginx');
        return installed;
      },
      () => undefined,
    ))
  );
}
