import { lookup } from 'node:dns/promises';
import { errorCode } from '#libs/files';
import { DriverError } from '../driver.ts';

/** What a backend's address may look like: a DNS name or an IPv4 address, and a port. */
const ADDRESS = /^[a-z0-9]([-.a-z0-9]{0,252}[a-z0-9])?:([1-9][0-9]{0,4})$/;
const PORT_MAX = 65_535;

export interface BackendOptions {
  /** With `{service}`, `{namespace}` and `{port}`. */
  readonly template: string;
  /** Address by `namespace/service:port`; comes before the template. */
  readonly upstreams: Readonly<Record<string, string>>;
  /** Number by the name of a port. */
  readonly ports: Readonly<Record<string, number>>;
}

export interface BackendRef {
  readonly namespace: string;
  readonly service: string;
  /** Number or name. */
  readonly port: string;
}

/** The address of a backend. Throws a DriverError when there is none. */
export function addressOf(
  { namespace, service, port }: BackendRef,
  { template, upstreams, ports }: BackendOptions,
): string {
  const ref = `${namespace}/${service}:${port}`;
  const number = /^[0-9]+$/.test(port) ? port : own(ports, port)?.toString();
  const address =
    own(upstreams, ref) ??
    (number === undefined
      ? undefined
      : template
          .replaceAll('{service}', () => service)
          .replaceAll('{namespace}', () => namespace)
          .replaceAll('{port}', () => number));
  if (address === undefined) {
    throw new DriverError('rejected', 'PORT_UNKNOWN', 'a named port has no number on this agent');
  }
  if (!isAddress(address)) {
    throw new DriverError('rejected', 'BAD_BACKEND', 'a backend leads to no host and port');
  }
  return address;
}

/** Whether a text is `host:port`, and nothing else. */
export function isAddress(text: string): boolean {
  const port = ADDRESS.exec(text)?.[2];
  return port !== undefined && Number(port) <= PORT_MAX;
}

/** Whether the name service says of a backend that it is not there; false while it says nothing. */
export async function hasUnknownName(
  routes: readonly { readonly upstream: string }[],
): Promise<boolean> {
  const hosts = new Set(routes.map(({ upstream }) => upstream.replace(/:[0-9]+$/, '')));
  hosts.delete('');
  for (const host of hosts) {
    const isUnknown = await lookup(host).then(
      () => false,
      (error: unknown) => errorCode(error) === 'ENOTFOUND',
    );
    if (isUnknown) return true;
  }
  return false;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
