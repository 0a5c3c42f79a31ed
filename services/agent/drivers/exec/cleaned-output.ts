/** Longest text of a command that reaches a status. */
const TEXT_CHARS_MAX = 200;
/** Words of the config shorter than this say nothing, such as "http" or a port. */
const WORD_CHARS_MIN = 6;
const HIDDEN = '…';

/**
 * One line of what a command printed, fit for a status that others read: no control characters, no
 * quoted text, no paths, and no word of the config itself. Empty when nothing is left.
 */
export function cleanedOutput(output: string, content: string): string {
  const line = output.split(/[\r\n]+/).find((part) => part.trim() !== '') ?? '';
  const cleaned = line
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, ' ')
    .replaceAll(/"[^"]*("|$)|`[^`]*(`|$)|(?<!\p{L})'[^']*('|$)/gu, HIDDEN)
    .replaceAll(/[^\s=:,;([{<]*\/[^\s,;:)\]}>]*/g, HIDDEN)
    .replaceAll(/[^\s,;:=()[\]{}<>]+/g, (word) => (isOfConfig(word, content) ? HIDDEN : word))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return cleaned.length > TEXT_CHARS_MAX ? `${cleaned.slice(0, TEXT_CHARS_MAX)}${HIDDEN}` : cleaned;
}

function isOfConfig(word: string, content: string): boolean {
  return word.length >= WORD_CHARS_MIN && content.includes(word);
}
