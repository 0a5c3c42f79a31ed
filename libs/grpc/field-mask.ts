// Field masks (google.protobuf.FieldMask), held to the descriptors of what they are about.

import { messageType } from './protos.ts';
import { type FieldViolation, invalidArgument } from './status.ts';

/** As requests have it: paths of names as in the .proto file, joined by dots. */
export type FieldMask = { readonly paths: readonly string[] } | null | undefined;

interface Field {
  name: string;
  label: string;
  type: string;
  typeName: string;
}

const ALL = '*';
/** No message has as many fields. */
const PATHS_MAX = 100;
/** Of a path in an error; no field is as deep. */
const SHOWN_MAX = 100;

/**
 * What `read_mask` leaves of a message of the package, such as `IngressConfig`; without a mask, with an
 * empty one and with `*` all of it. Throws StatusError INVALID_ARGUMENT naming each path that is no field.
 */
export function readMask(mask: FieldMask, message: string): <T extends object>(value: T) => T {
  const paths = mask?.paths ?? [];
  refuse('read_mask', paths, (path) => pathProblem(path, message));
  if (paths.length === 0 || paths[0] === ALL) return (value) => value;
  const wanted = paths.map((path) => path.split('.').map(camelCase));
  return <T extends object>(value: T) => pick(value as Record<string, unknown>, wanted) as T;
}

/**
 * Checks `update_mask` of a message, of which only `writable` may change. Throws StatusError
 * INVALID_ARGUMENT naming each path that is no field, or none that may change.
 */
export function checkUpdateMask(
  mask: FieldMask,
  message: string,
  writable: readonly string[],
): void {
  const problem = (path: string) =>
    pathProblem(path, message) ??
    (path === ALL || writable.includes(path) ? undefined : 'cannot be changed');
  refuse('update_mask', mask?.paths ?? [], problem);
}

function refuse(
  field: string,
  paths: readonly string[],
  problemOf: (path: string) => string | undefined,
): void {
  if (paths.length > PATHS_MAX) {
    throw invalidArgument([{ field, description: `must be at most ${PATHS_MAX} paths` }]);
  }
  const violations = paths.flatMap((path): FieldViolation[] => {
    const problem = path === ALL && paths.length > 1 ? 'must stand alone' : problemOf(path);
    return problem === undefined
      ? []
      : [{ field, description: `"${path.slice(0, SHOWN_MAX)}" ${problem}` }];
  });
  if (violations.length > 0) throw invalidArgument(violations);
}

function pathProblem(path: string, message: string): string | undefined {
  if (path === ALL) return undefined;
  let at: string | undefined = message;
  for (const name of path.split('.')) {
    const field = at === undefined ? undefined : fieldsOf(at).get(name);
    if (!field) return `is no field of ${message}`;
    at = insideOf(field);
  }
  return undefined;
}

/** The message that a field holds, if a path may go on in it: not in lists, maps, or Google's types. */
function insideOf({ label, type, typeName }: Field): string | undefined {
  const isOurs = type === 'TYPE_MESSAGE' && !typeName.startsWith('google.');
  return isOurs && label !== 'LABEL_REPEATED' ? typeName : undefined;
}

/** By their names in the .proto file; the loaded types have them in camel case. */
function fieldsOf(message: string): Map<string, Field> {
  const { field } = messageType(`rollcall.v1.${message}`).type as unknown as { field: Field[] };
  return new Map(field.map((each) => [snakeCase(each.name), each]));
}

function pick(value: Record<string, unknown>, paths: readonly string[][]): object {
  const kept: Record<string, unknown> = {};
  for (const [name = '', some] of Map.groupBy(paths, ([head]) => head)) {
    const inner = value[name];
    if (inner === undefined) continue;
    const isWhole = some.some((path) => path.length === 1);
    if (isWhole || inner === null || typeof inner !== 'object') kept[name] = inner;
    else kept[name] = pick(inner as Record<string, unknown>, rest(some));
  }
  return kept;
}

function rest(paths: readonly string[][]): string[][] {
  return paths.map((path) => path.slice(1));
}

/** The name of a field in our types and in JSON. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
