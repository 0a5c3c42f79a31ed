import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { invalidArgument } from '#libs/grpc';

/** Of a method that answers once, when the caller names none. */
const CALL_MS = 30_000;
/** Proxies on the way rarely hold a request for longer. */
export const WAIT_MS_MAX = 600_000;

/** Headers that the services read as metadata. */
const PASSED_ON = ['authorization', 'x-rollcall-actor', 'traceparent'] as const;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** A time such as `30s`, `500ms` or `2m`, at most 10 minutes. Throws StatusError that names the field. */
export function durationMs(field: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (ms > 0 && ms <= WAIT_MS_MAX) return ms;
  const description = 'must be a time such as 30s, 500ms or 2m, at most 10m';
  throw invalidArgument([{ field, description }]);
}

/** How long the caller wants to wait for an answer: the header `Request-Timeout`, else 30 s. */
export function timeoutOf(request: IncomingMessage): number {
  const text = request.headers['request-timeout'];
  return typeof text === 'string' ? durationMs('request-timeout', text) : CALL_MS;
}

/** Metadata of the call: what the caller sent, and with mutual TLS who it is. */
export function metadataOf(request: IncomingMessage): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = request.headers[name];
    if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) metadata[name] = value;
  }
  const { CN } = certificateOf(request)?.subject ?? {};
  if (typeof CN === 'string') metadata['x-rollcall-actor'] = CN;
  return metadata;
}

function certificateOf({ socket }: IncomingMessage) {
  return 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : undefined;
}
