declare global {
  interface JSON {
    /** What `JSON.stringify` prints as `text`; throws SyntaxError when that is no JSON. */
    rawJSON(text: string): object;
  }
}

/**
 * A number of YAML with all the digits that were written, for `JSON.stringify`; a double may keep
 * fewer. Throws for what JSON cannot say, such as `.inf`.
 */
export function jsonNumber({ value, source }: { value: unknown; source?: string | undefined }) {
  const text = source ?? String(value);
  if (!Number.isFinite(value) && /inf|nan/i.test(text)) {
    throw new Error(`JSON has no number ${text}`);
  }
  return JSON.rawJSON(spelledAsJson(text));
}

/** YAML also writes 0x1F, 0o17, +1, 007, .5 and 5. */
function spelledAsJson(text: string): string {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const plain = /^0[xo]/.test(digits)
    ? BigInt(digits).toString()
    : digits
        .replace(/^0+(?=\d)/, '')
        .replace(/^\./, '0.')
        .replace(/\.(?=e|$)/i, '');
  return `${sign === '-' ? '-' : ''}${plain}`;
}
