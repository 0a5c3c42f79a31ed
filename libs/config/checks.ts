import { UsageError } from './errors.ts';

/** TLS files of a gRPC server as settings give them. */
export interface ServerTlsValues {
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  tlsClientCa?: string | undefined;
}

export interface EtcdValues {
  etcdEndpoints: readonly string[];
  etcdCa?: string | undefined;
  etcdCert?: string | undefined;
  etcdKey?: string | undefined;
  etcdUser?: string | undefined;
  etcdPassword?: string | undefined;
}

/** Files (PEM) of a server; `ca`: clients must be signed by it. */
export interface ServerTlsPaths {
  cert: string;
  key: string;
  ca?: string;
}

/** TLS files of the server, or undefined for plaintext. Throws UsageError for half of a pair. */
export function serverTlsFromValues(
  program: string,
  values: ServerTlsValues,
): ServerTlsPaths | undefined {
  const { tlsCert, tlsKey, tlsClientCa } = values;
  if (!tlsCert && !tlsKey && !tlsClientCa) return undefined;
  if (!tlsCert || !tlsKey) {
    throw new UsageError(program, ['--tls-cert and --tls-key: TLS needs both']);
  }
  return { cert: tlsCert, key: tlsKey, ...(tlsClientCa && { ca: tlsClientCa }) };
}

export interface EtcdConnection {
  endpoints: readonly string[];
  /** Files (PEM). */
  tls?: { ca?: string; cert?: string; key?: string };
  auth?: { user: string; password: string };
}

/** How to reach etcd. Throws UsageError for half of a pair. */
export function etcdConnectionFromValues(program: string, values: EtcdValues): EtcdConnection {
  const { etcdEndpoints, etcdCa, etcdCert, etcdKey, etcdUser, etcdPassword } = values;
  const problems: string[] = [];
  if (!etcdCert !== !etcdKey) problems.push('--etcd-cert and --etcd-key: each needs the other');
  if (!etcdUser !== !etcdPassword) {
    problems.push('--etcd-user / ETCD_USER and ETCD_PASSWORD: each needs the other');
  }
  if (problems.length > 0) throw new UsageError(program, problems);
  const tls = {
    ...(etcdCa && { ca: etcdCa }),
    ...(etcdCert && { cert: etcdCert }),
    ...(etcdKey && { key: etcdKey }),
  };
  return {
    endpoints: etcdEndpoints,
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(etcdUser && etcdPassword && { auth: { user: etcdUser, password: etcdPassword } }),
  };
}

/** A beat must be answered, or repeated, within the lease. */
const HEARTBEATS_PER_TTL_MIN = 2;

export interface LeaseValues {
  /** Seconds. */
  leaseTtl: number;
  /** Seconds. */
  heartbeat: number;
}

export interface LeaseTimes {
  leaseTtlSeconds: number;
  heartbeatMs: number;
}

/** The times of a registration. Throws UsageError when its lease would end between two heartbeats. */
export function leaseTimesFromValues(
  program: string,
  { leaseTtl, heartbeat }: LeaseValues,
): LeaseTimes {
  if (heartbeat * HEARTBEATS_PER_TTL_MIN > leaseTtl) {
    throw new UsageError(program, ['--heartbeat: must be at most half of --lease-ttl']);
  }
  return { leaseTtlSeconds: leaseTtl, heartbeatMs: heartbeat * 1_000 };
}

/** What every check answers. Throws one UsageError with the problems of all of them. */
export function checkAll<C extends Record<string, () => unknown>>(
  program: string,
  checks: C,
): { [K in keyof C]: ReturnType<C[K]> } {
  const problems: string[] = [];
  const checked = Object.entries(checks).map(([name, check]) => {
    try {
      return [name, check()] as const;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
      return [name, undefined] as const;
    }
  });
  if (problems.length > 0) throw new UsageError(program, problems);
  return Object.fromEntries(checked) as { [K in keyof C]: ReturnType<C[K]> };
}
