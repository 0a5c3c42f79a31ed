import { isIP } from 'node:net';
import { z } from 'zod';
import { DriverError } from '../driver.ts';
import type { Behaviour } from './routes.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';
/** A JSON object of header values by name; nginx-ingress has them in a ConfigMap, which is not here. */
const HEADERS = 'rollcall.io/response-headers';
const HEADERS_MAX = 32;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;
const HEADER_VALUE = /^[ -~]{0,1024}$/;
/** They are nginx's own business. */
const RESERVED_HEADERS =
  /^(connection|content-length|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;
/** Longest time-out that is no mistake: a day. */
const TIMEOUT_MAX_S = 86_400;
const PATH = /^\/[A-Za-z0-9._~!&()*+,=:@/-]*$/;
/** Backends disagree about what these mean. */
const AMBIGUOUS = /\/\/|\/\.\.?(\/|$)/;

type Reader = (text: string) => Behaviour | undefined;

/** A Map, so that a name like `constructor` finds nothing. */
const READERS = new Map<string, Reader>([
  [
    'proxy-body-size',
    (text) => (/^[0-9]{1,9}[kmg]?$/i.test(text) ? { bodySize: text } : undefined),
  ],
  ['proxy-connect-timeout', (text) => timeout(text, (s) => ({ connectTimeoutSeconds: s }))],
  ['proxy-read-timeout', (text) => timeout(text, (s) => ({ readTimeoutSeconds: s }))],
  ['proxy-send-timeout', (text) => timeout(text, (s) => ({ sendTimeoutSeconds: s }))],
  ['whitelist-source-range', allowed],
  ['allowlist-source-range', allowed],
  ['rewrite-target', rewrite],
  ['ssl-redirect', (text) => redirect(text, 'false', 'never')],
  ['force-ssl-redirect', (text) => redirect(text, 'true', 'always')],
]);

/**
 * What the annotations for nginx ask for. Throws a DriverError naming the first that this driver does
 * not know or cannot read: to ignore it would be to serve something else. Others' are theirs.
 */
export function behaviourOf(annotations: Readonly<Record<string, string>>): Behaviour {
  let behaviour: Behaviour = {};
  for (const [key, text] of Object.entries(annotations)) {
    if (key === HEADERS) behaviour = { ...behaviour, responseHeaders: headers(text) };
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    const reader = READERS.get(name);
    if (!reader) throw refused('ANNOTATION_UNSUPPORTED', name, 'is not supported');
    // As ingress-nginx has it: no value is no annotation.
    if (text === '') continue;
    const read = reader(text);
    if (!read) throw refused('ANNOTATION_INVALID', name, 'has a value that cannot be used');
    behaviour = { ...behaviour, ...read };
  }
  return behaviour;
}

function headers(text: string): Readonly<Record<string, string>> {
  const parsed = z.record(z.string(), z.string()).safeParse(valueOf(text));
  const entries = Object.entries(parsed.data ?? {});
  const isGood = ([name, value]: readonly [string, string]) =>
    HEADER_NAME.test(name) && !RESERVED_HEADERS.test(name) && HEADER_VALUE.test(value);
  if (!parsed.success || entries.length > HEADERS_MAX || !entries.every(isGood)) {
    throw refused('ANNOTATION_INVALID', 'response-headers', 'has a value that cannot be used');
  }
  return parsed.data;
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function rewrite(text: string): Behaviour | undefined {
  return PATH.test(text) && !AMBIGUOUS.test(text) ? { rewriteTarget: text } : undefined;
}

/** The other word of the two leaves it as it is. */
function redirect(text: string, word: string, tlsRedirect: 'never' | 'always') {
  if (text === word) return { tlsRedirect };
  return text === 'true' || text === 'false' ? {} : undefined;
}

function timeout(text: string, use: (seconds: number) => Behaviour): Behaviour | undefined {
  const seconds = Number(text);
  return /^[0-9]+$/.test(text) && seconds >= 1 && seconds <= TIMEOUT_MAX_S
    ? use(seconds)
    : undefined;
}

function allowed(text: string): Behaviour | undefined {
  const ranges = text.split(',').map((range) => range.trim());
  return ranges.every(isRange) ? { allowed: ranges } : undefined;
}

function isRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return (
    bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function refused(reason: string, name: string, what: string): DriverError {
  const shown = /^[A-Za-z0-9._-]{1,63}$/.test(name) ? name : '(not a name)';
  return new DriverError('rejected', reason, `annotation ${shown} ${what}`);
}
