/** What the demo prints: lines that stay, and on a terminal one line that is overwritten. */
export interface Show {
  line(this: void, text: string): void;
  live(this: void, text: string): void;
}

const CLEAR_LINE = '\r\u001B[K';

/** Writes to standard output. */
export function createShow(): Show {
  const { stdout } = process;
  let isLive = false;
  return {
    line: (text) => {
      stdout.write(`${isLive ? CLEAR_LINE : ''}${text}\n`);
      isLive = false;
    },
    live: (text) => {
      if (!stdout.isTTY) return;
      stdout.write(CLEAR_LINE + text.slice(0, stdout.columns - 1));
      isLive = true;
    },
  };
}

/** Milliseconds for people. */
export function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
