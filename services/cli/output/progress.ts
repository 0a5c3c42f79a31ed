import type { Screen } from './printer.ts';
import { oneLine } from './values.ts';

/** Where nobody watches, a line that changes all the time only fills a log. */
const PLAIN_EVERY_MS = 5_000;
const CLEAR_LINE = '\r\u001B[K';

/** Progress of long work on standard error: one live line on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #stderr: Screen;
  readonly #nowMs: () => number;
  #isShown = false;
  #last = '';
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(stderr: Screen, nowMs: () => number = () => performance.now()) {
    this.#stderr = stderr;
    this.#nowMs = nowMs;
  }

  show(line: string): void {
    const text = oneLine(line);
    if (this.#stderr.isTTY) {
      const width = (this.#stderr.columns ?? 80) - 1;
      this.#stderr.write(`${CLEAR_LINE}${text.slice(0, width)}`);
      this.#isShown = true;
      return;
    }
    const nowMs = this.#nowMs();
    if (text === this.#last || nowMs - this.#lastAtMs < PLAIN_EVERY_MS) return;
    this.#last = text;
    this.#lastAtMs = nowMs;
    this.#stderr.write(`${text}\n`);
  }

  /** Takes the live line away, before anything else is printed. */
  clear(): void {
    if (this.#isShown) this.#stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
