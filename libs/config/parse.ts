import { readFileSync } from 'node:fs';

/** Any text but the empty one. */
export function text(value: string): string {
  if (value === '') throw new Error('must not be empty');
  return value;
}

/** Comma-separated, blanks around the parts removed, at least one part. */
export function list(value: string): readonly string[] {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new Error('must name at least one');
  return parts;
}

/** `key=value` pairs, comma-separated. A comma inside a value is written `\,`. */
export function pairs(value: string): Readonly<Record<string, string>> {
  const entries = value
    .split(/(?<!\\),/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.indexOf('=');
      if (at <= 0) throw new Error(`"${part}" is not key=value`);
      return [part.slice(0, at).trim(), part.slice(at + 1).replaceAll('\\,', ',')] as const;
    });
  return Object.fromEntries(entries);
}

/** A number between two bounds, both included. */
export function number(min: number, max: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (value.trim() === '' || !Number.isFinite(parsed) || parsed < min || parsed > max) {
      throw new Error(`must be a number from ${min} to ${max}, not "${value}"`);
    }
    return parsed;
  };
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): (value: string) => number {
  const parse = number(min, max);
  return (value) => {
    const parsed = parse(value);
    if (!Number.isInteger(parsed)) throw new Error(`must be a whole number, not "${value}"`);
    return parsed;
  };
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): (value: string) => W {
  return (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new Error(`must be one of ${words.join(', ')}, not "${value}"`);
    return word;
  };
}

/** `true` or `false`. */
export function boolean(value: string): boolean {
  return oneOf('true', 'false')(value) === 'true';
}

/** `host:port`; `[v6]:port` for IPv6. Port 0 picks a free one. */
export function address(value: string): string {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:[\]\s]+):(\d{1,5})$/.exec(value);
  if (!match || Number(match[2]) > 65_535) throw new Error(`must be host:port, not "${value}"`);
  return value;
}

/** The name of a file that can be read now. */
export function readableFile(value: string): string {
  try {
    readFileSync(value);
    return value;
  } catch (error) {
    throw new Error(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What `isValid` accepts; `rule` completes "must …". */
export function matching(isValid: (value: string) => boolean, rule: string) {
  return (value: string): string => {
    if (!isValid(value)) throw new Error(`"${value}" ${rule}`);
    return value;
  };
}
