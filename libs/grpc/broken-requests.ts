import type { ServiceDefinition } from '@grpc/grpc-js';
import type { FieldViolation } from './status.ts';

/** What a decoder puts where bytes are no UTF-8; also a character of its own right. */
const REPLACEMENT = '\u{fffd}';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/**
 * What is wrong with requests as they came. protobufjs mends such texts, and a decoder that throws
 * would make grpc-js answer INTERNAL.
 */
const broken = new WeakMap<object, readonly FieldViolation[]>();

/** The service for a server that then asks `requestViolations` about each request. */
export function withRequestCheck(service: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(service).map(
    ([name, { requestDeserialize: decode, ...method }]) => {
      const requestDeserialize = (bytes: Buffer): unknown => {
        const request = decoded(decode, bytes);
        if (!broken.has(request)) rememberTexts(bytes, request);
        return request;
      };
      return [name, { ...method, requestDeserialize }] as const;
    },
  );
  return Object.fromEntries(methods);
}

/** Why a request must not be read: bytes that are no message, or fields that are not what was sent. */
export function requestViolations(request: object): readonly FieldViolation[] {
  return broken.get(request) ?? [];
}

function decoded(decode: (bytes: Buffer) => unknown, bytes: Buffer): object {
  try {
    return decode(bytes) as object;
  } catch {
    const nothing = decode(Buffer.alloc(0)) as object;
    const description =
      'must be a message of its type, with no more than 100 messages inside each other';
    broken.set(nothing, [{ field: 'request', description }]);
    return nothing;
  }
}

function rememberTexts(bytes: Buffer, request: object): void {
  const replaced = Object.entries(request)
    .map(([name, value]) => ({ name, count: replacementsIn(value) }))
    .filter(({ count }) => count > 0);
  const total = replaced.reduce((sum, { count }) => sum + count, 0);
  // As many as were sent: each is a character of its own.
  if (total === 0 || total <= countOf(bytes, REPLACEMENT_BYTES)) return;
  const fields = replaced.map(({ name }) =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  broken.set(
    request,
    fields.map((field) => ({ field, description: 'must be valid UTF-8' })),
  );
}

/** In every text of a value, names of fields and of map entries included. */
function replacementsIn(value: unknown): number {
  if (typeof value === 'string') {
    return value.includes(REPLACEMENT) ? value.split(REPLACEMENT).length - 1 : 0;
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 0;
  let count = 0;
  for (const [name, each] of Object.entries(value)) {
    count += replacementsIn(name) + replacementsIn(each);
  }
  return count;
}

function countOf(bytes: Buffer, part: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(part); at >= 0; at = bytes.indexOf(part, at + part.length))
    count += 1;
  return count;
}
