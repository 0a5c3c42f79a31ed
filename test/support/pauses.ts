const isLong = process.env['ROLLCALL_LONG_PAUSES'] === '1';

/** As long as a fault lasts in a test: briefly, or with ROLLCALL_LONG_PAUSES=1 as long as it may in life. */
export function pauseMs({ shortMs, longMs }: { shortMs: number; longMs: number }): number {
  return isLong ? longMs : shortMs;
}

/** How often a fault comes in a test: a few times, or with ROLLCALL_LONG_PAUSES=1 many times. */
export function times({ few, many }: { few: number; many: number }): number {
  return isLong ? many : few;
}
