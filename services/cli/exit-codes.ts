import { RpcError } from '#libs/grpc';

/** What the command's exit code says. */
export const EXIT = {
  DONE: 0,
  ERROR: 1,
  USAGE: 2,
  SUPERSEDED: 3,
  FAILED: 4,
  TIMED_OUT: 5,
  INTERRUPTED: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that a person can do something about: one line, no stack. */
export class CliError extends Error {
  readonly code: ExitCode;
  /** More lines, each a detail of its own. */
  readonly details: readonly string[];

  constructor(
    message: string,
    { code = EXIT.ERROR, details = [] }: { code?: ExitCode; details?: readonly string[] } = {},
  ) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.details = details;
  }
}

/** What to print of an error, and the exit code. */
export function explainError(error: unknown): { lines: string[]; code: ExitCode } {
  if (error instanceof CliError) {
    return { lines: [`error: ${error.message}`, ...error.details.map(indented)], code: error.code };
  }
  if (error instanceof RpcError) {
    const { violations } = error;
    if (violations.length > 0) {
      const details = violations.map(({ field, description }) => `${field}: ${description}`);
      const line = `error: the request is wrong (${kindOf(error)})`;
      return { lines: [line, ...details.map(indented)], code: EXIT.ERROR };
    }
    return { lines: [`error: ${error.said} (${kindOf(error)})`], code: EXIT.ERROR };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { lines: [`error: ${message}`], code: EXIT.ERROR };
}

/** The code, and the reason of docs/errors.md where that says more. */
export function kindOf({ codeName, reason }: RpcError): string {
  return reason === undefined || reason === codeName ? codeName : `${codeName}, ${reason}`;
}

function indented(line: string): string {
  return `  ${line}`;
}
