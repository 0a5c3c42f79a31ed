import { join } from 'node:path';
import { ensureBinaries } from './binaries.ts';
import { hasDockerEngine, openDockerServers } from './docker.ts';
import { SetupError } from './errors.ts';
import { startEtcd } from './etcd.ts';
import { startMysql } from './mysql.ts';

/** The etcd and the MySQL of a run. Disposal ends those that the run started. */
export interface Servers extends AsyncDisposable {
  readonly etcd: readonly string[];
  readonly mysqlUrl: string;
}

const ADVICE = `
Rollcall needs etcd, etcdctl and MariaDB or MySQL. Any of these helps:
  - install them, so that etcd, etcdctl and mariadbd (or mysqld) are on the PATH
  - Debian or Ubuntu: make apt-get download work (its packages are unpacked, not installed)
  - start a Docker engine with Compose
  - set ETCD_ENDPOINTS=host:port,... and MYSQL_URL=mysql://user:password@host:port/database`;

/** Servers named by `ETCD_ENDPOINTS` and `MYSQL_URL`, else local ones, else containers. */
export async function openServers(dir: string, say: (line: string) => void): Promise<Servers> {
  const etcd = process.env['ETCD_ENDPOINTS'] || undefined;
  const mysqlUrl = process.env['MYSQL_URL'] || undefined;
  if (etcd !== undefined && mysqlUrl !== undefined) {
    say(`using the etcd at ${etcd} and the MySQL of MYSQL_URL`);
    return { etcd: etcd.split(','), mysqlUrl, [Symbol.asyncDispose]: async () => undefined };
  }
  const started = await startServers({ dir, say, etcd, mysqlUrl });
  return {
    etcd: etcd?.split(',') ?? started.etcd,
    mysqlUrl: mysqlUrl ?? started.mysqlUrl,
    [Symbol.asyncDispose]: async () => await started[Symbol.asyncDispose](),
  };
}

/**
 * Makes sure that servers can be started: true for local ones, false when only containers can be
 * had. Throws SetupError with advice when neither is possible.
 */
export async function prepareServers(say: (line: string) => void): Promise<boolean> {
  try {
    await ensureBinaries(say);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (await hasDockerEngine()) return false;
    throw new SetupError(`${error.message}\n${ADVICE}`, { cause: error });
  }
}

interface StartOptions {
  dir: string;
  say: (line: string) => void;
  etcd: string | undefined;
  mysqlUrl: string | undefined;
}

async function startServers({ dir, say, etcd, mysqlUrl }: StartOptions): Promise<Servers> {
  if (!(await prepareServers(say))) {
    say('starting etcd and MariaDB with Docker Compose');
    const docker = await openDockerServers();
    return { ...docker, etcd: [docker.etcd] };
  }
  await using stack = new AsyncDisposableStack();
  const endpoints =
    etcd === undefined ? stack.use(await startEtcd({ dir: join(dir, 'etcd') })).endpoints : [];
  const url =
    mysqlUrl === undefined
      ? stack.use(await startMysql({ dir: join(dir, 'mysql') })).url('rollcall')
      : '';
  const held = stack.move();
  return {
    etcd: endpoints,
    mysqlUrl: url,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}
