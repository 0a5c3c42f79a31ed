// What any config must be, whatever it says: an object that JSON, protobuf, MySQL and every agent hold
// in the same way.

import { CONTENT_BYTES_MAX, canonicalJson, isObject, type JsonObject } from '#libs/keyspace';
import type { Violations } from './violations.ts';

/**
 * Objects inside each other. An Ingress needs eight: the manifest, spec, rule, http, path, backend,
 * service, port. Lists count only inside lists.
 */
const NESTING_MAX = 8;
const STRING_BYTES_MAX = 4096;
/** Names that mean something to a JavaScript object. */
export const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Checks the content of a config and returns its canonical JSON, or undefined with violations. */
export function canonicalContent(config: JsonObject, violations: Violations): string | undefined {
  const before = violations.list.length;
  checkValue(config, 'config', 1, violations);
  if (violations.list.length > before) return undefined;
  const content = canonicalJson(config);
  const bytes = Buffer.byteLength(content);
  const fits = bytes <= CONTENT_BYTES_MAX;
  violations.require(
    fits,
    'config',
    `is ${bytes} bytes long, at most ${CONTENT_BYTES_MAX} are allowed`,
  );
  return fits ? content : undefined;
}

function checkValue(value: unknown, field: string, level: number, violations: Violations): void {
  if (typeof value === 'string') checkText(value, field, violations);
  else if (typeof value === 'number') {
    violations.require(Number.isFinite(value), field, 'must be a finite number');
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      const isNested = Array.isArray(each) || isObject(each);
      checkLevel(each, `${field}[${index}]`, isNested ? level + 1 : level, violations);
    }
  } else if (isObject(value)) {
    for (const [name, each] of Object.entries(value)) {
      const path = `${field}.${name}`;
      if (!checkName(name, field, violations)) continue;
      checkLevel(each, path, isObject(each) ? level + 1 : level, violations);
    }
  }
}

function checkLevel(value: unknown, field: string, level: number, violations: Violations): void {
  if (
    violations.require(level <= NESTING_MAX, field, `is nested deeper than ${NESTING_MAX} levels`)
  ) {
    checkValue(value, field, level, violations);
  }
}

function checkName(name: string, field: string, violations: Violations): boolean {
  if (RESERVED_NAMES.has(name)) {
    violations.add(field, `must not hold the name "${name}"`);
    return false;
  }
  const isText =
    name.isWellFormed() && !name.includes('\0') && Buffer.byteLength(name) <= STRING_BYTES_MAX;
  return violations.require(
    isText,
    field,
    'holds a name that is not a text of at most 4,096 bytes',
  );
}

function checkText(text: string, field: string, violations: Violations): void {
  violations.require(text.isWellFormed(), field, 'must be valid Unicode, without lone surrogates');
  violations.require(!text.includes('\0'), field, 'must not hold a NUL character');
  const fits = Buffer.byteLength(text) <= STRING_BYTES_MAX;
  violations.require(fits, field, `must be at most ${STRING_BYTES_MAX} bytes long`);
}
