import { UsageError } from './errors.ts';

/** TLS material of a gRPC server as settings give it. */
export interface ServerTlsValues {
  tlsCert?: Buffer | undefined;
  tlsKey?: Buffer | undefined;
  tlsClientCa?: Buffer | undefined;
}

export interface EtcdValues {
  etcdEndpoints: readonly string[];
  etcdCa?: Buffer | undefined;
  etcdCert?: Buffer | undefined;
  etcdKey?: Buffer | undefined;
  etcdUser?: string | undefined;
  etcdPassword?: string | undefined;
}

export interface ServerTls {
  cert: Buffer;
  key: Buffer;
  clientCa?: Buffer;
}

/** TLS of the server, or undefined for plaintext. Throws UsageError for half of a pair. */
export function serverTlsFromValues(
  program: string,
  values: ServerTlsValues,
): ServerTls | undefined {
  const { tlsCert, tlsKey, tlsClientCa } = values;
  if (!tlsCert && !tlsKey && !tlsClientCa) return undefined;
  if (!tlsCert || !tlsKey) {
    throw new UsageError(program, ['--tls-cert and --tls-key: TLS needs both']);
  }
  return { cert: tlsCert, key: tlsKey, ...(tlsClientCa && { clientCa: tlsClientCa }) };
}

export interface EtcdConnection {
  endpoints: readonly string[];
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer };
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
