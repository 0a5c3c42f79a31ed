import { parseText, textOf } from './json-value.ts';
import { plainStatus } from './plain-status.ts';
import { type StatusValue, statusSchema } from './status-schema.ts';

/** The order in which every status has its fields, at each level: `plainStatus` counts on it. */
const FIELDS = [
  ...['instance', 'epoch', 'phase', 'applied', 'last_attempt', 'proof'],
  ...['level', 'method'],
  ...['generation', 'digest', 'result', 'reason', 'message', 'attempts', 'final', 'at'],
  'traceparent',
];

export function encodeStatus(value: StatusValue): string {
  return JSON.stringify(value, FIELDS);
}

/** A status, or undefined for anything else. Never throws. */
export function decodeStatus(bytes: Uint8Array): StatusValue | undefined {
  const text = textOf(bytes);
  return plainStatus(text) ?? parseText(text, statusSchema);
}
