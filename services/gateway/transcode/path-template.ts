/** One `{variable}`: a segment, without the colon that begins a custom verb. */
const VARIABLE = /\{([a-z][a-z0-9_.]*)\}/g;
const SPECIAL = /[.*+?^$()|[\]\\]/g;

/** A path of `google.api.http`, such as `/v1/envs/{env}/configs/{id}:diff`. */
export interface PathTemplate {
  readonly text: string;
  /** Names of the variables, in order. */
  readonly variables: readonly string[];
  /** Values of the variables, decoded; undefined: the path is another one, or badly encoded. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

/** Compiles a template. Throws for what no API of ours uses: wildcards and patterns in variables. */
export function createPathTemplate(text: string): PathTemplate {
  const variables = [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');
  const literal = text.replaceAll(VARIABLE, '');
  if (!text.startsWith('/') || /[{}*]/.test(literal)) {
    throw new Error(`path template ${text}: only literals and {variables} are known`);
  }
  const source = text.replaceAll(SPECIAL, String.raw`\$&`).replaceAll(VARIABLE, '([^/:]+)');
  const pattern = new RegExp(`^${source}$`);
  return {
    text,
    variables,
    match: (path) => {
      const found = pattern.exec(path);
      if (!found) return undefined;
      try {
        const values = found.slice(1).map(decodeURIComponent);
        return Object.fromEntries(variables.map((name, index) => [name, values[index] ?? '']));
      } catch {
        return undefined;
      }
    },
  };
}
