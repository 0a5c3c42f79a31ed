import { z } from 'zod';
import { behaviourOf } from './annotations.ts';
import { addressOf, type BackendOptions } from './backends.ts';
import {
  checkRoutes,
  everything,
  HOST_CHARS_MAX,
  hostOf,
  nothing,
  type PathText,
  rejected,
  routeOf,
} from './route-reader.ts';
import type { RouteSet, TlsClaim } from './routes.ts';

/** Empty: none is named. */
const SECRET_NAME = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/;
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAMESPACE_DEFAULT = 'default';

const name = z.string().regex(NAME);
const secretName = z.string().regex(SECRET_NAME).max(HOST_CHARS_MAX);
const backend = z.object({
  service: z.object({
    name,
    port: z.union([
      z.object({ number: z.int().min(1).max(65_535), name: z.literal('').default('') }),
      z.object({ name, number: z.literal(0).default(0) }),
    ]),
  }),
});
const path = z.object({
  path: z.string().default(''),
  pathType: z.enum(['Exact', 'Prefix', 'ImplementationSpecific']),
  backend,
});
const ingress = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata: z.object({
    namespace: z.union([name, z.literal('')]).default(''),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    defaultBackend: backend.optional(),
    rules: z
      .array(
        z.object({
          host: z.string().default(''),
          http: z.object({ paths: z.array(path) }).optional(),
        }),
      )
      .default([]),
    tls: z
      .array(
        z.object({ hosts: z.array(z.string()).default([]), secretName: secretName.default('') }),
      )
      .default([]),
  }),
});

type Backend = z.infer<typeof backend>;

/**
 * The routes of a config that is a networking.k8s.io/v1 Ingress. Throws a DriverError with outcome
 * `rejected` for what cannot be served exactly as it is written.
 */
export function readIngress(config: unknown, options: BackendOptions): RouteSet {
  const parsed = ingress.safeParse(withoutNulls(config));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.filter((part) => typeof part !== 'symbol').join('.');
    throw rejected('NOT_AN_INGRESS', `not an Ingress that can be served: see ${shown(field)}`);
  }
  const { metadata, spec } = parsed.data;
  const namespace = metadata.namespace || NAMESPACE_DEFAULT;
  const upstream = ({ service }: Backend) =>
    addressOf(
      {
        namespace,
        service: service.name,
        port: service.port.name || String(service.port.number),
      },
      options,
    );
  const routes = spec.rules.flatMap((rule) =>
    withoutShadowed(rule.http?.paths ?? []).map((entry) =>
      routeOf(rule.host, entry, upstream(entry.backend)),
    ),
  );
  const bare = spec.rules.filter((rule) => rule.host !== '' && !rule.http?.paths.length);
  if (spec.defaultBackend) {
    const address = upstream(spec.defaultBackend);
    // A rule without paths sends its whole host to the default backend.
    for (const { host } of bare) routes.push(everything(hostOf(host), address));
    routes.push(everything('', address));
  } else for (const { host } of bare) routes.push(nothing(hostOf(host)));
  checkRoutes(routes);
  const tls = spec.tls.map((entry) => tlsClaimOf(namespace, entry));
  return { routes, tls, behaviour: behaviourOf(metadata.annotations) };
}

/** For Kubernetes a field that is null is absent, also where a list or an object belongs. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(present.map(([key, each]) => [key, withoutNulls(each)]));
}

/** The prefixes `/a` and `/a/` match the same requests, and the longer path has them. */
function withoutShadowed<T extends PathText>(paths: readonly T[]): T[] {
  const prefixes = new Set(
    paths.filter((each) => each.pathType !== 'Exact').map((each) => each.path),
  );
  return paths.filter(
    ({ path: text, pathType }) => pathType === 'Exact' || !prefixes.has(`${text}/`),
  );
}

function tlsClaimOf(
  namespace: string,
  { hosts, secretName: secret }: { hosts: readonly string[]; secretName: string },
): TlsClaim {
  if (secret === '') throw rejected('SECRET_REQUIRED', 'an entry of spec.tls names no secret');
  return { hosts: hosts.map(hostOf), secret: `${namespace}/${secret}` };
}

function shown(field: string | undefined): string {
  return field !== undefined && /^[A-Za-z0-9.]{1,80}$/.test(field) ? field : 'the object';
}
