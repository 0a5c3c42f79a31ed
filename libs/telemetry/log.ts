import { pino } from 'pino';

/** Structured log: a constant message and fields. An error goes into the field `err`. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A log that adds `fields` to every line. */
  child(fields: Record<string, unknown>): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  /** Program, such as `controller`. */
  service: string;
  /** Instance. */
  name: string;
  level: LogLevel;
}

/** One JSON line an entry on standard output, written at once. */
export function createLogger({ service, name, level }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, pino.destination({ fd: 1, sync: true }));
}

/** A log that keeps nothing. */
export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
