// The Ingress specification of Kubernetes, read without a look at what renders it: which backend a
// request belongs to. https://kubernetes.io/docs/concepts/services-networking/ingress/

export interface IngressBackend {
  service?: { name: string; port: { number?: number; name?: string } };
}

export interface IngressPath {
  path?: string;
  pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  backend: IngressBackend;
}

export interface IngressManifest {
  metadata: { name?: string; namespace?: string; annotations?: Record<string, string> };
  spec: {
    defaultBackend?: IngressBackend;
    rules?: { host?: string; http?: { paths: IngressPath[] } }[];
    tls?: { hosts?: string[]; secretName?: string }[];
  };
}

/** `namespace/service:port` of a backend. */
export function backendName({ metadata }: IngressManifest, { service }: IngressBackend): string {
  const port = service?.port.number ?? service?.port.name;
  return `${metadata.namespace ?? 'default'}/${service?.name}:${port}`;
}

/** The backend that a request belongs to, by name; undefined when there is none. */
export function backendFor(
  ingress: IngressManifest,
  host: string,
  path: string,
): string | undefined {
  const rules = ingress.spec.rules ?? [];
  // The more precise a host, the earlier it is asked; one that leaves the path open passes it on.
  const levels = [
    rules.filter((rule) => rule.host === host),
    rules.filter((rule) => rule.host?.startsWith('*.') && isBelow(host, rule.host.slice(2))),
    rules.filter((rule) => !rule.host),
  ];
  for (const level of levels) {
    const matching = level
      .flatMap((rule) => rule.http?.paths ?? [])
      .filter((candidate) => matches(candidate, path));
    const [best] = matching.toSorted(byPrecedence);
    if (best) return backendName(ingress, best.backend);
  }
  const { defaultBackend } = ingress.spec;
  return defaultBackend && backendName(ingress, defaultBackend);
}

/** A wildcard covers one label. */
function isBelow(host: string, domain: string): boolean {
  const at = host.indexOf('.');
  return at > 0 && host.slice(at + 1) === domain;
}

function matches({ path: rule = '', pathType }: IngressPath, path: string): boolean {
  if (pathType === 'Exact') return path === rule;
  // Element by element, and a slash at the end makes no difference.
  const wanted = elements(rule);
  const given = elements(path);
  return wanted.every((element, index) => given[index] === element);
}

function elements(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

/** The longest path comes first, of two as long the exact one. */
function byPrecedence(one: IngressPath, other: IngressPath): number {
  const longer = (other.path ?? '').length - (one.path ?? '').length;
  if (longer !== 0) return longer;
  return Number(other.pathType === 'Exact') - Number(one.pathType === 'Exact');
}

export interface IngressRequest {
  readonly host: string;
  readonly path: string;
}

/** Requests that tell one reading of an Ingress from another. */
export function requestsFor({ spec }: IngressManifest): IngressRequest[] {
  const rules = spec.rules ?? [];
  const paths = new Set(['/', '/nothing/here']);
  for (const { path = '/' } of rules.flatMap((rule) => rule.http?.paths ?? [])) {
    const bare = path.replace(/\/$/, '');
    for (const at of [path, bare, `${bare}/`, `${bare}/below`, `${bare}x`]) {
      if (at.startsWith('/')) paths.add(at);
    }
  }
  const hosts = new Set(['nobody.invalid']);
  for (const { host } of rules) {
    if (host?.startsWith('*.')) {
      for (const label of ['one', 'one.two']) hosts.add(`${label}${host.slice(1)}`);
      hosts.add(host.slice(2));
    } else if (host) hosts.add(host);
  }
  return [...hosts].flatMap((host) => [...paths].map((path) => ({ host, path })));
}
