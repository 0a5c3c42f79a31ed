import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '@bufbuild/protobuf';
import { HttpError } from '../api/problem.ts';

/** What the services take; a larger body would be refused there. */
export const BODY_BYTES_MAX = 512 * 1024;

/** Reads a JSON body; undefined for none. Throws HttpError for what is too large or no JSON. */
export async function readJsonBody(request: IncomingMessage): Promise<JsonValue | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = 'the body must be application/json';
    throw new HttpError(415, { code: 'INVALID_ARGUMENT', reason: 'MEDIA_TYPE', message });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return JSON.parse(text) as JsonValue;
  } catch {
    const message = 'the body is no JSON in UTF-8';
    throw new HttpError(400, { code: 'INVALID_ARGUMENT', reason: 'BAD_JSON', message });
  }
}

function tooLarge(): HttpError {
  const message = `the body must have at most ${BODY_BYTES_MAX} bytes`;
  // The rest is not read: the connection cannot be used again.
  const headers = { connection: 'close' };
  const reason = 'BODY_TOO_LARGE';
  return new HttpError(413, { code: 'RESOURCE_EXHAUSTED', reason, message }, headers);
}
