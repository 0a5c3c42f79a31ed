// Counters as 20 decimal digits: etcd compares values bytewise, so a fixed width turns a value
// compare into a numeric one.

const FIXED = /^[0-9]{20}$/;

/** Largest generation, epoch or pass: every one of them is also a JSON and protobuf number. */
export const COUNTER_MAX = Number.MAX_SAFE_INTEGER;

/** Whether `value` is a counter: a whole number from 0 to COUNTER_MAX. */
export function isCounter(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** 20 digits of a counter. A programmer's error throws. */
export function toFixed20(counter: number): string {
  if (!isCounter(counter)) throw new RangeError(`not a counter: ${String(counter)}`);
  return String(counter).padStart(20, '0');
}

/** The counter that a value holds, or undefined for anything else. */
export function fixed20FromValue(value: Uint8Array | string): number | undefined {
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
  if (!FIXED.test(text)) return undefined;
  const counter = Number(text);
  return isCounter(counter) ? counter : undefined;
}
