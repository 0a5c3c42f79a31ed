import { isObject, type JsonObject } from '#libs/keyspace';
import type { Violations } from './violations.ts';

/** The object at `field`, checked for fields beyond `known`; undefined with a violation otherwise. */
export function objectAt(
  value: unknown,
  field: string,
  known: readonly string[],
  violations: Violations,
): JsonObject | undefined {
  if (!isObject(value)) {
    violations.add(field, 'must be an object');
    return undefined;
  }
  for (const name of Object.keys(value)) {
    violations.require(known.includes(name), `${field}.${name}`, 'is not a field of an Ingress');
  }
  return value;
}

/** The entries of a list, each with its path. Absent and null are the empty list. */
export function entriesOf(
  value: unknown,
  field: string,
  violations: Violations,
): (readonly [field: string, entry: unknown])[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    violations.add(field, 'must be a list');
    return [];
  }
  return value.map((entry: unknown, index) => [`${field}[${index}]`, entry] as const);
}
