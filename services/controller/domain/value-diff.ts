import { isObject } from '#libs/keyspace';

/** One value that differs. Undefined: the side has none. */
export interface ValueChange {
  /** JSONPath (RFC 9535). */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A name that may stand behind a dot. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What differs between two JSON values, in the order of names and places: each change at the deepest
 * value that is not the same, lists compared place by place. At most `max` changes.
 */
export function valueChanges(before: unknown, after: unknown, max: number): ValueChange[] {
  const changes: ValueChange[] = [];
  collect('$', before, after, { changes, max });
  return changes;
}

interface Collected {
  readonly changes: ValueChange[];
  readonly max: number;
}

function collect(path: string, before: unknown, after: unknown, into: Collected): void {
  if (into.changes.length >= into.max || Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let place = 0; place < length; place += 1) {
      collect(`${path}[${place}]`, before[place], after[place], into);
    }
  } else if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of [...names].toSorted()) {
      collect(memberPath(path, name), before[name], after[name], into);
    }
  } else {
    into.changes.push({ path, before, after });
  }
}

function memberPath(path: string, name: string): string {
  if (PLAIN_NAME.test(name)) return `${path}.${name}`;
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll(String.raw`\"`, '"');
  return `${path}['${escaped.replaceAll("'", String.raw`\'`)}']`;
}
