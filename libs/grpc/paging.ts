import type { z } from 'zod';
import { invalidArgument } from './status.ts';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;

/** Entries of a page: 100 when not given, at most 1,000. INVALID_ARGUMENT for a negative size. */
export function pageSize(requested: number): number {
  if (requested < 0) {
    throw invalidArgument([{ field: 'page_size', description: 'must not be negative' }]);
  }
  return requested === 0 ? PAGE_SIZE_DEFAULT : Math.min(requested, PAGE_SIZE_MAX);
}

/** An opaque token that holds where the next page begins. */
export function encodePageToken(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** What a token holds, undefined for the empty one. INVALID_ARGUMENT for anything foreign. */
export function decodePageToken<T>(
  token: string,
  schema: z.ZodType<T>,
  field = 'page_token',
): T | undefined {
  if (token === '') return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch (error) {
    throw Object.assign(
      invalidArgument([{ field, description: 'is not a token of this method; list again' }]),
      { cause: error },
    );
  }
}
