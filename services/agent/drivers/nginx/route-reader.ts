import { DriverError } from '../driver.ts';
import { keyOf, type Route } from './routes.ts';

/** What verification answers on; no config may have it. */
export const RESERVED_PATH = '/.rollcall';

const PATH = /^\/(?:[A-Za-z0-9._~!&()*+,=:@/-]|%[0-9A-Fa-f]{2})*$/;
/** Escaped slashes are none for a backend and are some for nginx; the others cannot be written for it. */
const UNSAFE_ESCAPE = /%(?:2f|22|24|5c|7f|[01][0-9a-f]|[89a-f][0-9a-f])/i;
const HOST =
  /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/;
export const HOST_CHARS_MAX = 253;

/** Where a path is written, whatever the kind of config. */
export interface PathText {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
}

/** The content as a value. Throws a DriverError. */
export function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new DriverError('rejected', 'NOT_JSON', 'the config is not JSON', { cause });
  }
}

/** Throws a DriverError when nothing is routed, or one host and path twice. */
export function checkRoutes(routes: readonly Route[]): void {
  if (routes.length === 0) throw rejected('NO_ROUTES', 'nothing is routed');
  if (new Set(routes.map(keyOf)).size !== routes.length) {
    throw rejected('DUPLICATE_ROUTE', 'a host and path are there twice');
  }
}

/** Every path of a host; of every host when it is empty. */
export function everything(host: string, upstream: string): Route {
  return { host, path: '', match: 'prefix', upstream };
}

/** No path of a host: it is answered with 404 where no other config routes it. */
export function nothing(host: string): Route {
  return { host, path: '', match: 'none', upstream: '' };
}

/** Throws a DriverError for what cannot be written or compared safely. */
export function routeOf(host: string, { path: text, pathType }: PathText, upstream: string): Route {
  const written = text === '' && pathType === 'ImplementationSpecific' ? '/' : text;
  const path = decoded(written);
  if (path === RESERVED_PATH || path.startsWith(`${RESERVED_PATH}/`)) {
    throw rejected('RESERVED_PATH', `paths below ${RESERVED_PATH} are reserved`);
  }
  const match = pathType === 'Exact' ? 'exact' : 'prefix';
  const trimmed = match === 'prefix' ? path.replace(/\/$/, '') : path;
  return { host: hostOf(host), path: trimmed, match, upstream };
}

/** As nginx compares it: without escapes. Throws a DriverError. */
function decoded(written: string): string {
  const path =
    PATH.test(written) && !UNSAFE_ESCAPE.test(written) ? decodeURIComponent(written) : '';
  if (path === '' || /\/\/|\/\.\.?(\/|$)/.test(path)) {
    throw rejected('UNSAFE_PATH', 'a path has characters or parts that cannot be served safely');
  }
  return path;
}

/** The host, which is a DNS name in lower case, a wildcard or empty. Throws a DriverError. */
export function hostOf(host: string): string {
  if (host === '' || (host.length <= HOST_CHARS_MAX && HOST.test(host))) return host;
  throw rejected('UNSAFE_HOST', 'a host is not a DNS name in lower case');
}

/** A config that this driver never serves. */
export function rejected(reason: string, message: string): DriverError {
  return new DriverError('rejected', reason, message);
}
