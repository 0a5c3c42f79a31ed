import type { ServiceDefinition } from '@grpc/grpc-js';
import type { FieldViolation } from './status.ts';

/** What a decoder puts where bytes are no UTF-8; also a character of its own right. */
const REPLACEMENT = '\u{fffd}';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/** Requests with such texts. protobufjs does not refuse them, and a refusal here would be INTERNAL. */
const broken = new WeakMap<object, readonly FieldViolation[]>();

/** The service for a server that then asks `textViolations` about each request. */
export function withTextCheck(service: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      const request: unknown = method.requestDeserialize(bytes);
      remember(bytes, request as object);
      return request;
    };
    return [name, { ...method, requestDeserialize }] as const;
  });
  return Object.fromEntries(methods);
}

/** The fields of a request whose bytes were no UTF-8: what stands there is not what was sent. */
export function textViolations(request: object): readonly FieldViolation[] {
  return broken.get(request) ?? [];
}

function remember(bytes: Buffer, request: object): void {
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
  if (typeof value === 'string') return value.split(REPLACEMENT).length - 1;
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
