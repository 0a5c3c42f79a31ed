import stringWidth from 'string-width';

const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cells of a terminal that a text without control characters takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text with spaces behind it, `width` cells wide; a wider one as it is. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text in at most `width` cells; what is cut ends in an ellipsis. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let used = widthOf(ELLIPSIS);
  if (used > width) return '';
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    cut += segment;
  }
  return cut + ELLIPSIS;
}
