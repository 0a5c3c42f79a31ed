import { isObject, type JsonObject } from '#libs/keyspace';
import type { Violations } from './violations.ts';

/** A config and every escape of it; checked before anything is parsed. */
const TEXT_BYTES_MAX = 512 * 1024;

/** The object that `text` holds, or undefined with violations. No number may lose a digit. */
export function objectFromJson(
  text: string,
  field: string,
  violations: Violations,
): JsonObject | undefined {
  if (!violations.require(text.length <= TEXT_BYTES_MAX, field, 'is too long')) return undefined;
  const inexact = new Set<string>();
  const keepDigits = (_: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value === 'number' && context?.source !== undefined) {
      if (!isExact(context.source, value)) inexact.add(context.source.slice(0, 40));
    }
    return value;
  };
  let value: unknown;
  try {
    value = JSON.parse(text, keepDigits);
  } catch {
    violations.add(field, 'must be JSON text');
    return undefined;
  }
  for (const number of inexact) {
    violations.add(field, `the number ${number} does not fit a double exactly; make it a string`);
  }
  if (violations.require(isObject(value), field, 'must be a JSON object'))
    return value as JsonObject;
  return undefined;
}

/** Whether the double says the same digits as the text. */
function isExact(source: string, value: number): boolean {
  return Number.isFinite(value) && digitsOf(source) === digitsOf(String(value));
}

/** A decimal number as its significant digits and their exponent, so that 1.50 equals 15e-1. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^-/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${significant}e${power}`;
}
