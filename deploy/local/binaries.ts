import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installDebianPackages, type Unpacked, unpackedPackages } from './debian.ts';
import { SetupError } from './errors.ts';
import { withLock } from './lock.mjs';
import { localDir } from './paths.ts';

/** One program, with what its environment needs. */
export interface Binary {
  path: string;
  /** Added to the environment: where its shared libraries are. */
  env: NodeJS.ProcessEnv;
}

/** The servers that a local run needs. */
export interface Binaries {
  etcd: Binary;
  etcdctl: Binary;
  mysql: MysqlBinary;
}

export interface MysqlBinary extends Binary {
  flavor: 'mariadb' | 'mysql';
  /** Folder with `share` and `lib`: the server's `--basedir`. */
  baseDir: string;
}

/** Debian and Ubuntu keep servers in `sbin`, which is not on everybody's PATH. */
const EXTRA_DIRS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec'];

/** Finds the servers on PATH or among what an earlier run unpacked. Installs nothing. */
export function findBinaries(): Binaries | undefined {
  const unpacked = unpackedPackages();
  const find = (name: string) => findBinary(name, unpacked);
  const etcd = find('etcd');
  const etcdctl = find('etcdctl');
  const server = find('mariadbd') ?? find('mysqld');
  if (etcd === undefined || etcdctl === undefined || server === undefined) return undefined;
  return { etcd, etcdctl, mysql: toMysqlBinary(server) };
}

/**
 * Finds the servers; those that are missing are unpacked from Debian packages under `.local`,
 * without root and without touching the machine. Throws SetupError when there is no way.
 */
export async function ensureBinaries(
  say: (line: string) => void = () => undefined,
): Promise<Binaries> {
  const found = findBinaries();
  if (found !== undefined) return found;
  return await withLock(
    join(localDir, 'install.lock'),
    () => {
      const ready = findBinaries();
      if (ready !== undefined) return ready;
      say('installing etcd and MariaDB under .local/ (once)');
      installDebianPackages(missingPackages());
      const installed = findBinaries();
      if (installed === undefined) throw new SetupError('the unpacked packages lack a server');
      return installed;
    },
    () => say('another run installs etcd and MariaDB; waiting for it'),
  );
}

/** Each row: a program, and the packages that hold it, the first that exists is taken. */
function missingPackages(): string[][] {
  const missing: string[][] = [];
  if (findBinary('etcd', undefined) === undefined) missing.push(['etcd-server', 'etcd']);
  if (findBinary('etcdctl', undefined) === undefined) missing.push(['etcd-client', 'etcd']);
  if (findBinary('mariadbd', undefined) === undefined) {
    missing.push(['mariadb-server-core', 'mariadb-server-core-10.6', 'mysql-server-core-8.0']);
  }
  return missing;
}

/** Finds one program on PATH or among unpacked packages. */
export function findBinary(name: string, unpacked: Unpacked | undefined): Binary | undefined {
  for (const dir of [...(process.env['PATH'] ?? '').split(delimiter), ...EXTRA_DIRS]) {
    const path = join(dir, name);
    if (dir !== '' && isExecutable(path)) return { path, env: {} };
  }
  for (const dir of ['usr/bin', 'usr/sbin']) {
    const path = unpacked === undefined ? '' : join(unpacked.dir, dir, name);
    if (unpacked !== undefined && isExecutable(path)) return { path, env: unpacked.env };
  }
  return undefined;
}

function toMysqlBinary(binary: Binary): MysqlBinary {
  const version = execFileSync(binary.path, ['--no-defaults', '--version'], {
    encoding: 'utf8',
    env: { ...process.env, ...binary.env },
  });
  return {
    ...binary,
    flavor: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    baseDir: dirname(dirname(binary.path)),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
