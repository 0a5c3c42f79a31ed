// google.protobuf.Struct to and from plain JSON objects.

import type { JsonObject } from '#libs/keyspace';

/** A google.protobuf.Value as proto-loader takes and gives it. */
interface ValueMessage {
  kind?: string;
  nullValue?: unknown;
  numberValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: StructMessage | null;
  listValue?: { values?: ValueMessage[] | null } | null;
}

interface StructMessage {
  fields?: { [name: string]: ValueMessage } | null;
}

/** A Struct out of a JSON object. */
export function structFromObject(object: JsonObject): { fields: Record<string, object> } {
  const fields = Object.entries(object).map(([name, value]) => [name, valueFrom(value)] as const);
  return { fields: Object.fromEntries(fields) };
}

function valueFrom(value: unknown): object {
  if (value === null || value === undefined) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(valueFrom) } };
  return { structValue: structFromObject(value as JsonObject) };
}

/** The JSON object that a Struct holds. Names such as `__proto__` stay plain data. */
export function objectFromStruct(struct: object): JsonObject {
  const object: JsonObject = Object.create(null) as JsonObject;
  for (const [name, value] of Object.entries((struct as StructMessage).fields ?? {})) {
    object[name] = valueOf(value);
  }
  return object;
}

function valueOf(value: ValueMessage): unknown {
  switch (value.kind) {
    case 'numberValue':
      return value.numberValue;
    case 'stringValue':
      return value.stringValue;
    case 'boolValue':
      return value.boolValue;
    case 'structValue':
      return objectFromStruct(value.structValue ?? {});
    case 'listValue':
      return (value.listValue?.values ?? []).map(valueOf);
    default:
      return null;
  }
}
