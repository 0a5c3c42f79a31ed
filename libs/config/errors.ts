/** The settings are wrong; `problems` names each. */
export class UsageError extends Error {
  readonly problems: readonly string[];

  constructor(program: string, problems: readonly string[]) {
    super(`${program}: ${problems.join('; ')}`);
    this.name = 'UsageError';
    this.problems = problems;
  }
}

/** Somebody asked for `--help`; `text` is the answer. */
export class HelpRequested extends Error {
  readonly text: string;

  constructor(text: string) {
    super('help requested');
    this.name = 'HelpRequested';
    this.text = text;
  }
}

/** Ends the process with a code of its own, after its resources were released. */
export class ExitError extends Error {
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExitError';
    this.code = code;
  }
}
