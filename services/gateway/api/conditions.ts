import type { IncomingHttpHeaders } from 'node:http';
import type { DescMessage } from '@bufbuild/protobuf';
import { invalidArgument } from '#libs/grpc';

/** The field that an entity tag stands for. */
const EXPECTED = 'expected_generation';
const TAG = /^"(\d{1,16})"$/;

/** The entity tag of a generation. */
export function entityTag(generation: string): string {
  return `"${generation}"`;
}

/** Whether the caller made the write conditional. */
export function isConditional(headers: IncomingHttpHeaders): boolean {
  return headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
}

/**
 * What If-Match (`"7"`: generation 7 is the current one) and If-None-Match (`*`: there is none) ask of a
 * method that takes `expected_generation`; nothing for the others. Throws StatusError for any other tag.
 */
export function conditionFields(
  headers: IncomingHttpHeaders,
  input: DescMessage,
): Record<string, string> {
  if (!isConditional(headers)) return {};
  if (!input.fields.some(({ name }) => name === EXPECTED)) return {};
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && noneMatch !== undefined) {
    throw invalidArgument([
      { field: 'if-match', description: 'must not come together with if-none-match' },
    ]);
  }
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return { [EXPECTED]: '0' };
    throw invalidArgument([{ field: 'if-none-match', description: 'must be *' }]);
  }
  const [, generation] = TAG.exec(match?.trim() ?? '') ?? [];
  if (generation !== undefined) return { [EXPECTED]: generation };
  throw invalidArgument([
    { field: 'if-match', description: 'must be the ETag of an answer, such as "7"' },
  ]);
}
