/**
 * The exclusive end of the range of keys that start with `prefix`, which must end in "/": without
 * it the range of environment 1 would hold the keys of environment 10.
 */
export function prefixEnd(prefix: string): string {
  if (!prefix.endsWith('/')) throw new RangeError(`not a prefix: ${prefix}`);
  // "0" is the byte after "/".
  return `${prefix.slice(0, -1)}0`;
}
