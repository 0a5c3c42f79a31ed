import { dateFromTimestamp, objectFromStruct } from '#libs/grpc';
import type { FieldChange, Generation } from '#proto';
import type { Entry } from './printer.ts';
import { timeText, withoutPrefix } from './values.ts';

export const GENERATION_HEADER = ['GENERATION', 'STATE', 'ACCEPTED', 'ACTOR', 'REQUEST', 'NOTE'];

/** A generation as a row of its config's history. */
export function generationEntry(generation: Generation): Entry {
  const { deleted, acceptTime, actor, requestId, note } = generation;
  const state = deleted ? 'DELETED' : 'SET';
  return {
    plain: plainGeneration(generation),
    row: [`${generation.generation}`, state, timeText(acceptTime), actor, requestId, note],
  };
}

/** A generation for programs; with its content when the answer has it. */
export function plainGeneration(generation: Generation): object {
  const { config: struct, configJson, completionPolicy, acceptTime, ...rest } = generation;
  const content: unknown = configJson ? JSON.parse(configJson) : struct && objectFromStruct(struct);
  return {
    ...rest,
    completionPolicy: withoutPrefix(completionPolicy, 'COMPLETION_POLICY_'),
    acceptTime: acceptTime && dateFromTimestamp(acceptTime).toISOString(),
    ...(content ? { config: content } : {}),
  };
}

/** A change for programs: values as they are, absent where there is none. */
export function plainChange({ type, path, oldJson, newJson }: FieldChange): object {
  return {
    type: withoutPrefix(type, 'TYPE_'),
    path,
    ...(oldJson === '' ? {} : { old: JSON.parse(oldJson) as unknown }),
    ...(newJson === '' ? {} : { new: JSON.parse(newJson) as unknown }),
  };
}
