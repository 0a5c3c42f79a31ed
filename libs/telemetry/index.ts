export { createLogger, type Logger, type LoggerOptions, type LogLevel, silentLog } from './log.ts';
