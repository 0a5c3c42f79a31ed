import { canonicalJson, isConfigId, isObject } from '#libs/keyspace';

/** One JSON object with a line for each config, ordered by id: equal configs make equal bytes. */
export function mergedText(entries: ReadonlyMap<string, string>): string {
  const ids = [...entries.keys()].toSorted();
  const lines = ids.map((id) => `${JSON.stringify(id)}:${entries.get(id)}`);
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

/** The bytes that a config adds to the text, at most. */
export function entryBytes(id: string, content: string): number {
  return id.length + '"":,\n'.length + Buffer.byteLength(content);
}

/**
 * The canonical content of each config in a text. A value that is no config is kept as text, so that it
 * shows as changed. Empty when the text is no JSON object: nobody can read a config out of it.
 */
export function entriesFrom(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [id, value] of Object.entries(objectFrom(text))) {
    if (isConfigId(id)) entries.set(id, contentOf(value));
  }
  return entries;
}

/** Others may write what has no canonical form. */
function contentOf(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return '';
  }
}

function objectFrom(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
