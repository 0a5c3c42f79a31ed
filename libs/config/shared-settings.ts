// The settings that every program shares.

import { hostname } from 'node:os';
import { address, integer, list, matching, number, oneOf, readableFile, text } from './parse.ts';

/** Host names may hold upper case or a domain; an instance's name may not start or end oddly. */
function defaultName(): string {
  return hostname()
    .toLowerCase()
    .replaceAll(/[^-_.a-z0-9]|\.(?=\.)/g, '-')
    .slice(0, 63)
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
}

/** Rule of instance names; the same as in the key space. */
const INSTANCE_NAME = /^(?!.*\.\.)[a-z0-9](?:[-_.a-z0-9]{0,61}[a-z0-9])?$/;

export const processSettings = {
  name: {
    flag: '--name',
    env: 'ROLLCALL_NAME',
    help: "the instance's name in etcd; the host name by default",
    default: defaultName() || 'rollcall',
    parse: matching(
      (value) => INSTANCE_NAME.test(value),
      'must be 1 to 63 characters of a-z, 0-9, "-", "_" and "."',
    ),
  },
  logLevel: {
    flag: '--log-level',
    env: 'ROLLCALL_LOG_LEVEL',
    help: 'least severe level that is logged: debug, info, warn, error or silent',
    default: 'info',
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  },
  metricsListen: {
    flag: '--metrics-listen',
    env: 'ROLLCALL_METRICS_LISTEN',
    help: 'address of Prometheus metrics; off when not set',
    parse: address,
  },
  otlpEndpoint: {
    flag: '--otlp-endpoint',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    help: 'URL of an OpenTelemetry collector (OTLP over gRPC); traces are off when not set',
    parse: text,
  },
} as const;

export const serverSettings = {
  listen: {
    flag: '--listen',
    env: 'ROLLCALL_LISTEN',
    help: 'gRPC address; port 0 picks a free one',
    default: '127.0.0.1:0',
    parse: address,
  },
  advertise: {
    flag: '--advertise',
    env: 'ROLLCALL_ADVERTISE',
    help: 'host:port written into the registration; the listen address by default',
    parse: address,
  },
  healthListen: {
    flag: '--health-listen',
    env: 'ROLLCALL_HEALTH_LISTEN',
    help: 'address of a plaintext health service; off when not set',
    parse: address,
  },
  graceSeconds: {
    flag: '--grace',
    env: 'ROLLCALL_GRACE',
    help: 'seconds that calls in flight get at a stop',
    default: '10',
    parse: number(0, 300),
  },
  tlsCert: {
    flag: '--tls-cert',
    env: 'ROLLCALL_TLS_CERT',
    help: "file of the gRPC server's certificate chain (PEM); plaintext when not set",
    parse: readableFile,
  },
  tlsKey: {
    flag: '--tls-key',
    env: 'ROLLCALL_TLS_KEY',
    help: "file of the gRPC server's key (PEM)",
    parse: readableFile,
  },
  tlsClientCa: {
    flag: '--tls-client-ca',
    env: 'ROLLCALL_TLS_CLIENT_CA',
    help: 'file of the CA that clients must be signed by (PEM): mutual TLS',
    parse: readableFile,
  },
} as const;

export const etcdSettings = {
  etcdEndpoints: {
    flag: '--etcd-endpoints',
    env: 'ETCD_ENDPOINTS',
    help: 'comma-separated host:port',
    default: '127.0.0.1:2379',
    parse: (value: string) => list(value).map(etcdEndpoint),
  },
  etcdCa: {
    flag: '--etcd-ca',
    env: 'ETCD_CA',
    help: 'file of the CA of etcd (PEM): TLS',
    parse: readableFile,
  },
  etcdCert: {
    flag: '--etcd-cert',
    env: 'ETCD_CERT',
    help: 'file of the client certificate for etcd (PEM)',
    parse: readableFile,
  },
  etcdKey: {
    flag: '--etcd-key',
    env: 'ETCD_KEY',
    help: 'file of the client key for etcd (PEM)',
    parse: readableFile,
  },
  etcdUser: { flag: '--etcd-user', env: 'ETCD_USER', help: 'user for etcd', parse: text },
  etcdPassword: { env: 'ETCD_PASSWORD', help: 'password for etcd', parse: text },
} as const;

export const mysqlSettings = {
  mysqlUrl: {
    flag: '--mysql-url',
    env: 'MYSQL_URL',
    help: 'mysql://user:password@host:port/database',
    default: 'mysql://root@127.0.0.1:3306/rollcall',
    parse: mysqlUrl,
  },
  mysqlCa: {
    flag: '--mysql-ca',
    env: 'MYSQL_CA',
    help: 'file of the CA of MySQL (PEM): TLS',
    parse: readableFile,
  },
} as const;

export const leaseSettings = {
  leaseTtl: {
    flag: '--lease-ttl',
    env: 'ROLLCALL_LEASE_TTL',
    help: 'seconds after which a silent instance counts as gone',
    default: '5',
    parse: integer(2, 3600),
  },
  heartbeat: {
    flag: '--heartbeat',
    env: 'ROLLCALL_HEARTBEAT',
    help: 'seconds between heartbeats',
    default: '2',
    parse: number(0.1, 1200),
  },
} as const;

function etcdEndpoint(value: string): string {
  const bare = value.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return address(bare);
}

function mysqlUrl(value: string): string {
  const url = URL.parse(value);
  if (url?.protocol !== 'mysql:' || url.hostname === '' || url.pathname.length < 2) {
    throw new Error('must be mysql://user:password@host:port/database');
  }
  return value;
}
