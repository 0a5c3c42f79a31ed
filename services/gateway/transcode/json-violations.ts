import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Registry,
} from '@bufbuild/protobuf';
import type { FieldViolation } from '#libs/grpc';

/** A message that is one text in JSON and in a query, such as `generation,acceptTime`. */
export const FIELD_MASK = 'google.protobuf.FieldMask';

/** Deeper messages are named by the field that holds them. */
const DEPTH_MAX = 8;

/**
 * What keeps JSON from being a message: every bad field with its path, such as `requests[3].env`. The
 * library names but the first, and of some it names the type alone. Empty: nothing was found.
 */
export function jsonViolations(
  message: DescMessage,
  json: JsonObject,
  registry: Registry,
): FieldViolation[] {
  return violationsIn(message, json, { registry, path: '', depth: 0 });
}

interface Place {
  registry: Registry;
  /** Ends with a dot, or is empty. */
  path: string;
  depth: number;
}

function violationsIn(message: DescMessage, json: JsonObject, place: Place): FieldViolation[] {
  const { path } = place;
  const found = Object.entries(json).flatMap(([key, value]) => {
    const field = message.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    if (!field) return [{ field: path + key, description: 'is no field here' }];
    return partsOf(field, value, path + field.name).flatMap(({ inner, json: part, at }) =>
      inner && isObject(part) && place.depth < DEPTH_MAX
        ? violationsIn(inner, part, { ...place, path: `${at}.`, depth: place.depth + 1 })
        : leafViolations(message, field, { value: part, at, registry: place.registry }),
    );
  });
  if (found.length > 0) return found;
  return message.oneofs.flatMap((oneof) => {
    const given = oneof.fields.filter(({ name, jsonName }) => name in json || jsonName in json);
    const [first, second] = given;
    if (!first || !second) return [];
    const description = `must not come together with ${first.name}`;
    return [{ field: path + second.name, description }];
  });
}

/** The messages of ours in a value, each with its path; else the value as a whole. */
function partsOf(field: DescField, value: JsonValue, at: string) {
  const isOurs = field.message && !field.message.typeName.startsWith('google.protobuf.');
  if (isOurs && field.fieldKind === 'message') return [{ inner: field.message, json: value, at }];
  if (isOurs && field.fieldKind === 'list' && Array.isArray(value) && value.every(isObject)) {
    return value.map((json, index) => ({ inner: field.message, json, at: `${at}[${index}]` }));
  }
  return [{ inner: undefined, json: value, at }];
}

function leafViolations(
  message: DescMessage,
  field: DescField,
  { value, at, registry }: { value: JsonValue; at: string; registry: Registry },
): FieldViolation[] {
  try {
    fromJson(message, { [field.name]: value }, { registry });
    return [];
  } catch (error) {
    return [{ field: at, description: descriptionOf(field, error) }];
  }
}

function descriptionOf(field: DescField, error: unknown): string {
  if (field.enum) return `must be ${field.enum.values.map(({ name }) => name).join(' or ')}`;
  if (field.fieldKind === 'message') {
    const { typeName } = field.message;
    if (typeName === FIELD_MASK) return 'must be names in camelCase with commas between them';
    const isObjectToo = typeName === 'google.protobuf.Struct' || !typeName.startsWith('google.');
    return isObjectToo ? 'must be a JSON object' : `must be a ${typeName} as JSON`;
  }
  const text = error instanceof Error ? error.message : String(error);
  return /from JSON: (.*)$/s.exec(text)?.[1] ?? 'is no value of its type';
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
