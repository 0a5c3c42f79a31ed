export {
  type Count,
  counter,
  currentTraceparent,
  gauge,
  isTraceparent,
  type Span,
  type SpanOptions,
  traceEvent,
  withSpan,
} from './instruments.ts';
export { createLogger, type Logger, type LoggerOptions, type LogLevel, silentLog } from './log.ts';
export { openTelemetry, type TelemetryOptions } from './open-telemetry.ts';
