/** As long as a fault lasts in a test: briefly, or with ROLLCALL_LONG_PAUSES=1 as long as it may in life. */
export function pauseMs({ shortMs, longMs }: { shortMs: number; longMs: number }): number {
  return process.env['ROLLCALL_LONG_PAUSES'] === '1' ? longMs : shortMs;
}
