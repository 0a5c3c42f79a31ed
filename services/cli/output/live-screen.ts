import type { Screen } from './printer.ts';

/** Between two drawings: more often nobody reads. */
const DRAW_EVERY_MS = 100;
/** The clock on the screen goes on. */
const TICK_MS = 1_000;

/** The other screen, empty; without a cursor, and without wrapping lines. */
const ENTER = '\u001B[?1049h\u001B[?25l\u001B[?7l';
const LEAVE = '\u001B[?7h\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal without a size is taken for the usual one. */
const USUAL: Size = { columns: 80, rows: 24 };

/**
 * Draws a frame on a terminal again and again, in place. Its disposal gives the terminal back as it was,
 * with the last frame below what was there.
 */
export class LiveScreen implements Disposable {
  readonly #stdout: Screen;
  readonly #frame: (size: Size) => readonly string[];
  readonly #ticking: NodeJS.Timeout;
  readonly #onResize = () => this.#draw();
  #waiting: NodeJS.Timeout | undefined;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  /** `frame`: at most so many lines of at most so many cells, without line ends. */
  constructor(stdout: Screen, frame: (size: Size) => readonly string[]) {
    this.#stdout = stdout;
    this.#frame = frame;
    stdout.write(ENTER);
    stdout.on('resize', this.#onResize);
    this.#ticking = setInterval(() => this.changed(), TICK_MS);
    this.#draw();
  }

  /** What is to be shown has changed. */
  changed(): void {
    if (this.#waiting) return;
    const inMs = this.#drawnAtMs + DRAW_EVERY_MS - performance.now();
    if (inMs <= 0) this.#draw();
    else this.#waiting = setTimeout(() => this.#draw(), inMs);
  }

  #draw(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#drawnAtMs = performance.now();
    const lines = this.#lines().map((line) => line + CLEAR_LINE);
    this.#stdout.write(HOME + lines.join('\r\n') + CLEAR_BELOW);
  }

  #lines(): readonly string[] {
    const { columns = USUAL.columns, rows = USUAL.rows } = this.#stdout;
    return this.#frame({ columns: columns || USUAL.columns, rows: rows || USUAL.rows });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#waiting);
    clearInterval(this.#ticking);
    this.#stdout.off('resize', this.#onResize);
    this.#stdout.write(`${LEAVE}${this.#lines().join('\n')}\n`);
  }
}
