import type { Readable } from 'node:stream';
import type { Variables } from './config.ts';
import type { Printer } from './output/printer.ts';
import type { Progress } from './output/progress.ts';
import type { Services } from './services.ts';

/** What a command works with. */
export interface CommandContext {
  readonly services: Services;
  readonly print: Printer;
  readonly progress: Progress;
  /** One line for people, beside the answer: on standard error. */
  readonly note: (line: string) => void;
  readonly stdin: Readable;
  readonly env: Variables;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}
