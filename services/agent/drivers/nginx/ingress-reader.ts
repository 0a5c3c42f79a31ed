import { z } from 'zod';
import { DriverError } from '../driver.ts';
import { behaviourOf } from './annotations.ts';
import { addressOf, type BackendOptions } from './backends.ts';
import { keyOf, type Route, type RouteSet, type TlsClaim } from './routes.ts';

/** What verification answers on; no config may have it. */
export const RESERVED_PATH = '/.rollcall';

/** A percent sign is left out: nginx compares decoded paths, so that such a path would never match. */
const PATH = /^\/[A-Za-z0-9._~!&()*+,=:@/-]*$/;
const HOST =
  /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/;
const HOST_CHARS_MAX = 253;
/** Empty: none is named. */
const SECRET_NAME = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/;
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const name = z.string().regex(NAME);
const secretName = z.string().regex(SECRET_NAME).max(HOST_CHARS_MAX);
const backend = z.object({
  service: z.object({
    name,
    port: z.union([
      z.object({ number: z.int().min(1).max(65_535), name: z.never().optional() }),
      z.object({ name, number: z.never().optional() }),
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
    namespace: name.default('default'),
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
type Path = z.infer<typeof path>;

/**
 * The routes of a config that is a networking.k8s.io/v1 Ingress. Throws a DriverError with outcome
 * `rejected` for what cannot be served exactly as it is written.
 */
export function readIngress(content: string, options: BackendOptions): RouteSet {
  const parsed = ingress.safeParse(jsonOf(content));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.filter((part) => typeof part !== 'symbol').join('.');
    throw rejected('NOT_AN_INGRESS', `not an Ingress that can be served: see ${shown(field)}`);
  }
  const { metadata, spec } = parsed.data;
  const upstream = ({ service }: Backend) =>
    addressOf(
      {
        namespace: metadata.namespace,
        service: service.name,
        port: String(service.port.number ?? service.port.name),
      },
      options,
    );
  const routes = spec.rules.flatMap((rule) =>
    (rule.http?.paths ?? []).map((entry) => routeOf(rule.host, entry, upstream(entry.backend))),
  );
  if (spec.defaultBackend) {
    const address = upstream(spec.defaultBackend);
    // A rule without paths sends its whole host to the default backend.
    const bare = spec.rules.filter((rule) => rule.host !== '' && !rule.http?.paths.length);
    for (const { host } of bare) routes.push(everything(hostOf(host), address));
    routes.push(everything('', address));
  }
  checkRoutes(routes);
  const tls = spec.tls.map((entry) => tlsClaimOf(metadata.namespace, entry));
  return { routes, tls, behaviour: behaviourOf(metadata.annotations) };
}

function tlsClaimOf(
  namespace: string,
  { hosts, secretName: secret }: { hosts: readonly string[]; secretName: string },
): TlsClaim {
  if (secret === '') throw rejected('SECRET_REQUIRED', 'an entry of spec.tls names no secret');
  return { hosts: hosts.map(hostOf), secret: `${namespace}/${secret}` };
}

function checkRoutes(routes: readonly Route[]): void {
  if (routes.length === 0) throw rejected('NO_ROUTES', 'the Ingress routes nothing');
  if (new Set(routes.map(keyOf)).size !== routes.length) {
    throw rejected('DUPLICATE_ROUTE', 'the Ingress has a host and path twice');
  }
}

function everything(host: string, upstream: string): Route {
  return { host, path: '', match: 'prefix', upstream };
}

function routeOf(host: string, { path: text, pathType }: Path, upstream: string): Route {
  const written = text === '' && pathType === 'ImplementationSpecific' ? '/' : text;
  if (!PATH.test(written) || /\/\/|\/\.\.?(\/|$)/.test(written)) {
    throw rejected('UNSAFE_PATH', 'a path has characters or parts that cannot be served safely');
  }
  if (written === RESERVED_PATH || written.startsWith(`${RESERVED_PATH}/`)) {
    throw rejected('RESERVED_PATH', `paths below ${RESERVED_PATH} are reserved`);
  }
  const match = pathType === 'Exact' ? 'exact' : 'prefix';
  const trimmed = match === 'prefix' ? written.replace(/\/$/, '') : written;
  return { host: hostOf(host), path: trimmed, match, upstream };
}

function hostOf(host: string): string {
  if (host === '' || (host.length <= HOST_CHARS_MAX && HOST.test(host))) return host;
  throw rejected('UNSAFE_HOST', 'a host is not a DNS name in lower case');
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new DriverError('rejected', 'NOT_JSON', 'the config is not JSON', { cause });
  }
}

function shown(field: string | undefined): string {
  return field !== undefined && /^[A-Za-z0-9.]{1,80}$/.test(field) ? field : 'the object';
}

function rejected(reason: string, message: string): DriverError {
  return new DriverError('rejected', reason, message);
}
