import { isIP } from 'node:net';
import type { PoolOptions, SslOptions } from 'mysql2';
import type { TlsMaterial } from '#libs/tls';

export interface MysqlSettings {
  /** `mysql://user:password@host:port/database`. */
  url: string;
  /**
   * The connection is TLS, verified by its `ca`, which is read at each connect. A host given by name
   * must be in the certificate; of an address only the chain is checked.
   */
  tls?: Pick<TlsMaterial, 'ca'> | undefined;
  /** Most connections at once. */
  connectionsMax?: number;
}

/** Longest wait for a TCP connection. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Connections of one process. Writes are batched, so that few serve many callers. */
const CONNECTIONS_MAX = 10;
/** Callers that may wait for a connection: past it they are shed. */
const WAITING_MAX = 1_024;

/** Options of the driver for `settings`; without a database when `database` is null. */
export function poolOptions(settings: MysqlSettings, database?: null): PoolOptions {
  const url = new URL(settings.url);
  const host = decodeURIComponent(url.hostname.replaceAll(/^\[|\]$/g, ''));
  return {
    host,
    port: url.port === '' ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(database === null ? {} : { database: databaseOf(settings) }),
    ...(settings.tls ? { ssl: sslOptions(settings.tls, host) } : {}),
    // Literals get the columns' own collation: comparisons stay bytewise and use the keys.
    charset: 'UTF8MB4_BIN',
    timezone: 'Z',
    stringifyObjects: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionLimit: settings.connectionsMax ?? CONNECTIONS_MAX,
    queueLimit: WAITING_MAX,
  };
}

/** The database that the URL names. */
export function databaseOf(settings: MysqlSettings): string {
  return decodeURIComponent(new URL(settings.url).pathname.slice(1));
}

function sslOptions(tls: Pick<TlsMaterial, 'ca'>, host: string): SslOptions {
  return {
    // The driver reads it when it connects.
    get ca() {
      return tls.ca ?? [];
    },
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    // The driver passes no server name for an address, which would then be compared as "localhost".
    verifyIdentity: isIP(host) === 0,
  };
}
