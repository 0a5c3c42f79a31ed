import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { ensureBinaries, type MysqlBinary } from './binaries.ts';
import { type Child, startChild } from './child.ts';
import { commonArgs, copyTemplate } from './mysql-template.ts';
import { freePort } from './ports.ts';
import { untilReady } from './ready.ts';

/** Paths of PEM files. With them the server refuses plaintext. */
export interface MysqlTls {
  ca: string;
  cert: string;
  key: string;
}

export interface MysqlOptions {
  /** Folder for data and log. */
  dir: string;
  tls?: MysqlTls;
}

/** A local MariaDB or MySQL, user root without password. Disposal kills it; its data stays. */
export interface MysqlServer extends AsyncDisposable {
  /** `mysql://` URL of a database, which need not exist. */
  url(database: string): string;
  readonly pid: number;
  /** Sends SIGKILL, or what is given, and waits for the end. */
  kill(name?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same data and port, and waits until it serves. */
  restart(): Promise<void>;
  /** Sends a signal without waiting, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** Creates an empty database and answers its URL. */
  createDatabase(name: string): Promise<string>;
}

/** One attempt to connect; the caller tries again. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Starts a durable server with small buffers on a free loopback port, and waits until it serves. */
export async function startMysql(options: MysqlOptions): Promise<MysqlServer> {
  const { mysql } = await ensureBinaries();
  mkdirSync(options.dir, { recursive: true });
  const dataDir = join(options.dir, 'data');
  await copyTemplate(mysql, dataDir);
  const port = await freePort();
  const logFile = join(options.dir, 'mysql.log');
  const connect = async () => await openConnection(port, options.tls !== undefined);
  const start = async () => {
    const args = serverArgs(mysql, dataDir, port, options.tls);
    const started = startChild({
      command: mysql.path,
      args,
      env: { ...process.env, ...mysql.env },
      logFile,
    });
    await untilReady('mysql', started, logFile, async () => {
      await (await connect()).end();
      return true;
    });
    return started;
  };
  let child: Child = await start();
  const url = (database: string) => `mysql://root@127.0.0.1:${port}/${database}`;
  return {
    url,
    get pid() {
      return child.pid;
    },
    kill: async (name) => {
      await child.kill(name);
    },
    restart: async () => {
      child = await start();
    },
    signal: (name) => child.signal(name),
    createDatabase: async (name) => {
      const connection = await connect();
      try {
        await connection.query('CREATE DATABASE ??', [name]);
      } finally {
        await connection.end();
      }
      return url(name);
    },
    [Symbol.asyncDispose]: async () => {
      await child.kill();
    },
  };
}

async function openConnection(port: number, tls: boolean): Promise<Connection> {
  return await createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Our own server on loopback: encrypted because it insists, not checked.
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  });
}

function serverArgs(
  mysql: MysqlBinary,
  dataDir: string,
  port: number,
  tls: MysqlTls | undefined,
): string[] {
  return [
    ...commonArgs(mysql, dataDir),
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    // Relative to the data folder: the path of a socket may not exceed 107 bytes.
    '--socket=mysql.sock',
    '--pid-file=mysql.pid',
    '--skip-name-resolve',
    '--skip-log-bin',
    // A commit that was acknowledged survives SIGKILL and a power cut.
    '--innodb-flush-log-at-trx-commit=1',
    '--max-connections=300',
    '--performance-schema=OFF',
    '--key-buffer-size=1M',
    ...(mysql.flavor === 'mariadb'
      ? [`--plugin-dir=${join(mysql.baseDir, 'lib/mysql/plugin')}`]
      : []),
    ...(mysql.flavor === 'mysql' ? ['--mysqlx=OFF'] : []),
    ...(tls === undefined
      ? []
      : [
          `--ssl-ca=${tls.ca}`,
          `--ssl-cert=${tls.cert}`,
          `--ssl-key=${tls.key}`,
          '--require-secure-transport=ON',
        ]),
  ];
}
