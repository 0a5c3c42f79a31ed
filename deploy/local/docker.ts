import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './errors.ts';

const run = promisify(execFile);

/** Asking the engine for its version takes milliseconds when there is one. */
const PROBE_TIMEOUT_MS = 5_000;

/** Images may have to be pulled. */
const UP_TIMEOUT_MS = 300_000;

const FILE = join(import.meta.dirname, 'compose.yaml');

/** etcd and MariaDB in containers. Disposal removes them. */
export interface DockerServers extends AsyncDisposable {
  readonly etcd: string;
  readonly mysqlUrl: string;
}

/** Whether a Docker engine answers. */
export async function hasDockerEngine(): Promise<boolean> {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: PROBE_TIMEOUT_MS });
    await run('docker', ['compose', 'version'], { timeout: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** Starts the servers of compose.yaml on free loopback ports. Throws SetupError. */
export async function openDockerServers(): Promise<DockerServers> {
  const compose = async (...args: string[]) => {
    const all = ['compose', '--file', FILE, '--project-name', `rollcall-${process.pid}`, ...args];
    return (await run('docker', all, { timeout: UP_TIMEOUT_MS })).stdout.trim();
  };
  const down = async () => {
    await compose('down', '--volumes', '--timeout', '1');
  };
  try {
    await compose('up', '--detach', '--wait');
    const etcd = await compose('port', 'etcd', '2379');
    const mysql = await compose('port', 'mysql', '3306');
    return { etcd, mysqlUrl: `mysql://root@${mysql}/rollcall`, [Symbol.asyncDispose]: down };
  } catch (cause) {
    await down().catch(() => undefined);
    throw new SetupError(`docker compose failed: ${(cause as Error).message}`, { cause });
  }
}
