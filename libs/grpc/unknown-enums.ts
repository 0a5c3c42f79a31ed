import type { MessageTypeDefinition } from '@grpc/proto-loader';
import type { FieldViolation } from './status.ts';

/** What of a message's descriptor is used here. */
interface Descriptor {
  field?: { name: string; type: string }[];
}

/** Fields of a message that hold an enum, by their names in our types. */
export function enumFieldsOf(
  type: MessageTypeDefinition<object, object> | undefined,
): readonly string[] {
  const { field = [] } = (type?.type ?? {}) as Descriptor;
  return field.filter((each) => each.type === 'TYPE_ENUM').map((each) => each.name);
}

/**
 * Values that a newer caller may know and this server does not: they arrive as numbers, where the types
 * promise names. Only a request's own fields are looked at, not those of messages in it.
 */
export function enumViolations(fields: readonly string[], request: object): FieldViolation[] {
  const values = request as Readonly<Record<string, unknown>>;
  return fields.flatMap((name) => {
    const value = values[name];
    const isUnknown = Array.isArray(value)
      ? value.some((each) => typeof each === 'number')
      : typeof value === 'number';
    if (!isUnknown) return [];
    const field = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [{ field, description: 'holds a value that this server does not know' }];
  });
}
