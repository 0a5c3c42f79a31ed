import { DriverError } from '../driver.ts';

/** What may stand in a quoted word: printable ASCII but for what nginx gives a meaning in quotes. */
const QUOTABLE = /^[ !#%-[\]-~]*$/;

/** Text of nginx's configuration language. Only this file makes it, so nothing passes unquoted. */
export type NginxText = string & { readonly nginxText: unique symbol };

/**
 * One word of a directive, always in quotes. Throws a DriverError for what cannot be quoted without a
 * meaning of its own: quotes, backslashes, `$`, control characters, anything beyond ASCII.
 */
export function quoted(word: string): NginxText {
  if (!QUOTABLE.test(word)) {
    throw new DriverError('rejected', 'UNSAFE_TEXT', 'a text cannot be written for nginx safely');
  }
  return `"${word}"` as NginxText;
}

/** A pattern for one label before a host, the only regular expression that is ever written. */
export function wildcardName(host: string): NginxText {
  const labels = host.split('.').slice(1);
  return quotedPattern(
    `~^[a-z0-9_-]+[.]${labels.map((label) => quoted(label).slice(1, -1)).join('[.]')}$`,
  );
}

/** A directive of constant name and of words that are quoted here. */
export function directive(name: string, ...words: readonly (string | NginxRaw)[]): string {
  const written = words.map((word) => (typeof word === 'string' ? quoted(word) : word.raw));
  return `${[name, ...written].join(' ')};`;
}

/** Words that are constant, or made here, and that must not be quoted again. */
export interface NginxRaw {
  readonly raw: string;
}

/** Marks words of the renderer's own, such as variables. Never for text of a config. */
export function constant(raw: string): NginxRaw {
  return { raw };
}

/** A block of constant opening. */
export function block(opening: string, lines: readonly string[]): string[] {
  return [`${opening} {`, ...lines.map((line) => `  ${line}`), '}'];
}

function quotedPattern(pattern: string): NginxText {
  return `"${pattern}"` as NginxText;
}
