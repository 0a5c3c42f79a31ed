import { CertificateTable, type CertifiedClaim } from './certificates.ts';
import type { TlsOptions } from './nginx-options.ts';
import { block, constant, directive, wildcardName } from './nginx-text.ts';
import { RESERVED_PATH } from './route-reader.ts';
import { type Behaviour, merged, type Route } from './routes.ts';

/** Of a config that is rendered. */
export interface RenderedClaim extends CertifiedClaim {
  /** What only this version of this config answers with. */
  readonly marker: string;
}

export interface RenderOptions {
  /** `host:port` or a port. */
  readonly listen: string;
  readonly tls?: TlsOptions | undefined;
  /** What only this rendering answers with. */
  readonly marker: string;
}

type Owned = Route & Pick<RenderedClaim, 'behaviour' | 'marker'>;

/** Longer than any line of names: a host has at most 253 characters. */
const NAMES_BUCKET_BYTES = 512;
/** Room for 50 hosts in each of 1,000 configs without a warning. */
const NAMES_TABLE_MAX = 65_536;
const CONNECTIONS_MAX = 1_024;
const TLS_PORT = 443;
/** How each server works. Nothing is ever spilled to a disk, which may be full. */
const SERVING_LINES = [
  'merge_slashes off;',
  'proxy_http_version 1.1;',
  'proxy_request_buffering off;',
  'proxy_max_temp_file_size 0;',
  'proxy_set_header Host $http_host;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  'proxy_set_header X-Forwarded-Proto $scheme;',
  'ssl_protocols TLSv1.2 TLSv1.3;',
];

/**
 * The whole configuration as one file, so that one rename puts all of it in force or none. Claims
 * must be free of conflicts. Paths are relative to nginx's prefix.
 */
export function render(claims: readonly RenderedClaim[], options: RenderOptions): string {
  const lines = [...httpLines(), ...SERVING_LINES, ...servers(claims, options, [])];
  return [
    'worker_processes 1;',
    'pid nginx.pid;',
    'error_log stderr error;',
    ...block('events', [`worker_connections ${CONNECTIONS_MAX};`]),
    ...block('http', lines),
    '',
  ].join('\n');
}

/** The same for the `http` block of another configuration, which has its own settings of that block. */
export function renderIncluded(claims: readonly RenderedClaim[], options: RenderOptions): string {
  return [...servers(claims, options, SERVING_LINES), ''].join('\n');
}

function servers(
  claims: readonly RenderedClaim[],
  options: RenderOptions,
  settings: readonly string[],
): string[] {
  const byHost = new Map<string, Owned[]>([['', []]]);
  for (const { routes, behaviour, marker } of claims) {
    for (const route of routes) {
      const list = byHost.get(route.host) ?? [];
      byHost.set(route.host, list);
      list.push({ ...route, behaviour, marker });
    }
  }
  const certificates = new CertificateTable(claims);
  const hosts = [...byHost.keys()].toSorted();
  return hosts.flatMap((host) => server(host, byHost, { ...options, certificates, settings }));
}

function httpLines(): string[] {
  const temporaries = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    ...temporaries.map((kind) => `${kind}_temp_path tmp-${kind};`),
    'access_log off;',
    'server_tokens off;',
    `server_names_hash_bucket_size ${NAMES_BUCKET_BYTES};`,
    `server_names_hash_max_size ${NAMES_TABLE_MAX};`,
  ];
}

interface ServerOptions extends RenderOptions {
  readonly certificates: CertificateTable;
  /** Lines that no block above gives. */
  readonly settings: readonly string[];
}

function server(
  host: string,
  byHost: ReadonlyMap<string, readonly Owned[]>,
  { listen, tls, marker, certificates, settings }: ServerOptions,
): string[] {
  const own = byHost.get(host) ?? [];
  const wildcard = host.startsWith('*.') ? '' : `*${host.slice(Math.max(host.indexOf('.'), 0))}`;
  const levels = host === '' ? [own] : [own, byHost.get(wildcard) ?? [], byHost.get('') ?? []];
  const markers = [...new Set([marker, ...own.map((route) => route.marker)])];
  const routes = merged(levels);
  const redirectPort = { own: certificates.of(host) && tls?.redirectPort, any: tls?.redirectPort };
  return block('server', [
    directive('listen', constant(`${listen}${host === '' ? ' default_server' : ''}`)),
    ...tlsLines(host, tls, certificates),
    directive('server_name', nameOf(host)),
    ...settings,
    ...markers.flatMap((text) =>
      block(`location = ${RESERVED_PATH}/${text}`, [directive('return', constant('200'), text)]),
    ),
    ...block(`location ^~ ${RESERVED_PATH}/`, ['return 404;']),
    ...routes.flatMap((route) => locations(route, routes, redirectPort)),
    ...(routes.some(isEverything) ? [] : block('location /', ['return 404;'])),
  ]);
}

/** Who has no certificate for a name does not shake hands. */
function tlsLines(
  host: string,
  tls: TlsOptions | undefined,
  certificates: CertificateTable,
): string[] {
  if (!tls) return [];
  const found = certificates.of(host);
  if (!found && host !== '') return [];
  return [
    directive('listen', constant(`${tls.listen} ssl${host === '' ? ' default_server' : ''}`)),
    ...(found
      ? [
          directive('ssl_certificate', found.certificateFile),
          directive('ssl_certificate_key', found.keyFile),
        ]
      : ['ssl_reject_handshake on;']),
  ];
}

/** Port of TLS for a host: where it has a certificate, and where anybody has. */
interface RedirectPort {
  readonly own: number | undefined;
  readonly any: number | undefined;
}

function redirectLines({ tlsRedirect }: Behaviour, { own, any }: RedirectPort): string[] {
  const port = tlsRedirect === 'always' ? (any ?? TLS_PORT) : own;
  if (tlsRedirect === 'never' || port === undefined) return [];
  const suffix = port === TLS_PORT ? '' : `:${port}`;
  return block('if ($scheme = http)', [`return 308 https://$host${suffix}$request_uri;`]);
}

function nameOf(host: string) {
  if (host === '') return constant('""');
  return host.startsWith('*.') ? constant(wildcardName(host)) : host;
}

/** A prefix is its own path and what is below it; an exact route of the same path goes before. */
function locations(route: Owned, all: readonly Owned[], port: RedirectPort): string[] {
  const lines = [...redirectLines(route.behaviour, port), ...serving(route)];
  const at = (kind: string, path: string) =>
    block(directive('location', constant(kind), path).slice(0, -1), lines);
  if (route.match === 'none') return [];
  if (route.match === 'exact') return at('=', route.path);
  const isTaken = (path: string) =>
    all.some((other) => other.match === 'exact' && other.path === path);
  const itself = route.path === '' || isTaken(route.path) ? [] : at('=', route.path);
  return [...itself, ...at('^~', `${route.path}/`)];
}

function serving({ behaviour, upstream }: Owned): string[] {
  return [
    ...limits(behaviour),
    ...(behaviour.rewriteTarget === undefined
      ? []
      : [directive('rewrite', '^', behaviour.rewriteTarget, constant('break'))]),
    ...Object.entries(behaviour.responseHeaders ?? {}).map(([name, value]) =>
      directive('add_header', name, value, constant('always')),
    ),
    directive('proxy_pass', `http://${upstream}`),
  ];
}

function limits(behaviour: Behaviour): string[] {
  const { bodySize, connectTimeoutSeconds, readTimeoutSeconds, sendTimeoutSeconds, allowed } =
    behaviour;
  const seconds = (name: string, value: number | undefined) =>
    value === undefined ? [] : [directive(name, `${value}s`)];
  return [
    ...(bodySize === undefined ? [] : [directive('client_max_body_size', bodySize)]),
    ...seconds('proxy_connect_timeout', connectTimeoutSeconds),
    ...seconds('proxy_read_timeout', readTimeoutSeconds),
    ...seconds('proxy_send_timeout', sendTimeoutSeconds),
    ...(allowed ?? []).map((range) => directive('allow', range)),
    ...(allowed === undefined ? [] : ['deny all;']),
  ];
}

function isEverything(route: Route): boolean {
  return route.match === 'prefix' && route.path === '';
}
