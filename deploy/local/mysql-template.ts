import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { MysqlBinary } from './binaries.ts';
import { SetupError } from './errors.ts';
import { withLock } from './lock.mjs';
import { localDir } from './paths.ts';

/** A first data folder is made in a second; a minute means it hangs. */
const INITIALIZE_TIMEOUT_MS = 60_000;

/** Copies an empty data folder to `dataDir`; the first call on this machine makes the template. */
export async function copyTemplate(mysql: MysqlBinary, dataDir: string): Promise<void> {
  const template = join(localDir, `${mysql.flavor}-template`);
  if (!existsSync(template)) {
    await withLock(join(localDir, 'template.lock'), () => {
      if (!existsSync(template)) makeTemplate(mysql, template);
    });
  }
  cpSync(template, dataDir, { recursive: true });
}

/** Arguments that every start of a data folder shares with its initialization. */
export function commonArgs(mysql: MysqlBinary, dataDir: string): string[] {
  const share = shareDir(mysql);
  return [
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--tmpdir=${temporaryDir(dataDir)}`,
    `--basedir=${mysql.baseDir}`,
    ...(share === undefined ? [] : [`--lc-messages-dir=${share}`]),
    // Refuses to run as root unless told so.
    ...(userInfo().uid === 0 ? ['--user=root'] : []),
    '--innodb-buffer-pool-size=64M',
    // Containers often forbid io_uring.
    '--innodb-use-native-aio=0',
    '--character-set-server=utf8mb4',
    ...(mysql.flavor === 'mariadb' ? ['--innodb-log-file-size=32M'] : []),
  ];
}

/**
 * A folder beside the data for temporary tables: at its start a server deletes every one that it finds,
 * also those that another server works with.
 */
function temporaryDir(dataDir: string): string {
  const dir = `${dataDir}.tmp`;
  mkdirSync(dir, { recursive: true });
  return dir;
}

function makeTemplate(mysql: MysqlBinary, template: string): void {
  const work = `${template}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    if (mysql.flavor === 'mariadb')
      run(mysql, [...commonArgs(mysql, work), '--bootstrap'], setUp(mysql));
    else run(mysql, [...commonArgs(mysql, work), '--initialize-insecure']);
    renameSync(work, template);
  } finally {
    for (const dir of [work, `${work}.tmp`]) rmSync(dir, { recursive: true, force: true });
  }
}

function run(mysql: MysqlBinary, args: readonly string[], input = ''): void {
  try {
    execFileSync(mysql.path, args, {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: INITIALIZE_TIMEOUT_MS,
      env: { ...process.env, ...mysql.env },
    });
  } catch (cause) {
    throw new SetupError(`${mysql.path} cannot initialize: ${(cause as Error).message}`, { cause });
  }
}

/** What `mariadb-install-db` does, which needs programs of other packages: one root, no password. */
function setUp(mysql: MysqlBinary): string {
  const share = shareDir(mysql);
  if (share === undefined) throw new SetupError(`${mysql.path} has no mysql_system_tables.sql`);
  const file = (name: string) => readFileSync(join(share, name), 'utf8');
  return [
    'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n',
    file('mysql_system_tables.sql'),
    file('mysql_performance_tables.sql'),
    file('mysql_system_tables_data.sql'),
    // Names are not resolved, so "localhost" would never match.
    "\nUSE mysql;\nDELETE FROM global_priv WHERE User='root' AND Host<>'localhost';\n",
    "UPDATE global_priv SET Host='%' WHERE User='root';\nDELETE FROM proxies_priv;\n",
  ].join('\n');
}

function shareDir(mysql: MysqlBinary): string | undefined {
  const candidates = ['share/mysql', 'share/mariadb', 'share'];
  return candidates
    .map((name) => join(mysql.baseDir, name))
    .find((dir) => existsSync(join(dir, 'mysql_system_tables.sql')));
}
