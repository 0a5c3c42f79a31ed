import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonObject,
  ScalarType,
} from '@bufbuild/protobuf';
import { commentOf } from './comments.ts';

const INT64 = { type: 'string', format: 'int64', pattern: '^-?[0-9]+$' };
const INT32 = { type: 'integer', format: 'int32' };

const SCALARS: Readonly<Partial<Record<ScalarType, JsonObject>>> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64' },
  [ScalarType.DOUBLE]: { type: 'number' },
  [ScalarType.FLOAT]: { type: 'number' },
  [ScalarType.INT64]: INT64,
  [ScalarType.UINT64]: INT64,
  [ScalarType.INT32]: INT32,
  [ScalarType.UINT32]: INT32,
};

/** Messages with a JSON form of their own. */
const WELL_KNOWN: Readonly<Record<string, JsonObject>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: String.raw`^-?[0-9]+(\.[0-9]+)?s$` },
  'google.protobuf.FieldMask': { type: 'string', examples: ['generation,acceptTime'] },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array', items: {} },
};

/** The schemas of messages as proto3 JSON; collects those that are referred to. */
export class Schemas {
  /** By name; for `components.schemas`. */
  readonly collected: Record<string, JsonObject> = {};

  /** Of a message: a reference, or what a well-known type is in JSON. */
  message(desc: DescMessage): JsonObject {
    const known = WELL_KNOWN[desc.typeName];
    if (known) return known;
    const name = nameOf(desc);
    if (!(name in this.collected)) {
      // Noted first: a message may hold itself.
      const schema: JsonObject = { type: 'object' };
      this.collected[name] = schema;
      Object.assign(schema, described(commentOf(desc)), {
        properties: Object.fromEntries(desc.fields.map((f) => [f.jsonName, this.field(f)])),
      });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Of a field, its comment included. */
  field(field: DescField): JsonObject {
    return { ...this.#bare(field), ...described(commentOf(field)) };
  }

  #bare(field: DescField): JsonObject {
    if (field.fieldKind === 'scalar') return scalar(field.scalar);
    if (field.fieldKind === 'enum') return this.#enum(field.enum);
    if (field.fieldKind === 'message') return this.message(field.message);
    const items = this.#item(field);
    return field.fieldKind === 'list'
      ? { type: 'array', items }
      : { type: 'object', additionalProperties: items };
  }

  #item(field: DescField & { fieldKind: 'list' | 'map' }): JsonObject {
    if (field.message) return this.message(field.message);
    if (field.enum) return this.#enum(field.enum);
    return scalar(field.scalar ?? ScalarType.STRING);
  }

  #enum(desc: DescEnum): JsonObject {
    const name = nameOf(desc);
    this.collected[name] ??= {
      type: 'string',
      enum: desc.values.map((value) => value.name),
      ...described(commentOf(desc)),
    };
    return { $ref: `#/components/schemas/${name}` };
  }
}

function scalar(type: ScalarType): JsonObject {
  return SCALARS[type] ?? { type: 'string' };
}

/** Name without the package, nested names joined: `WatchAgentsResponse.Type`. */
function nameOf({ typeName, file }: DescMessage | DescEnum): string {
  return typeName.slice(file.proto.package.length + 1);
}

function described(comment: string): JsonObject {
  return comment === '' ? {} : { description: comment };
}
