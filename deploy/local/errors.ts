/** What a run needs cannot be found or installed on this machine. The message says what to do. */
export class SetupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SetupError';
  }
}

/** A started process ended, or did not serve in time. */
export class StartError extends Error {
  constructor(what: string, why: string, logTail: string) {
    super(
      `${what} did not start: ${why}${logTail === '' ? '' : `; its log ends with:\n${logTail}`}`,
    );
    this.name = 'StartError';
  }
}
