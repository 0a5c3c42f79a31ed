import type { z } from 'zod';

/** A value of `schema` out of JSON bytes, or undefined. Never throws. */
export function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>): T | undefined {
  return parseText(textOf(bytes), schema);
}

/** A value of `schema` out of JSON, or undefined. Never throws. */
export function parseText<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** UTF-8 as text; what is none is replaced. Copies no bytes. */
export function textOf(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  const whole = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength);
  return whole.toString('utf8');
}
