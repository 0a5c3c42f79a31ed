export { type Clock, jittered, systemClock } from './clock.ts';
export { type CompletedOptions, completedStream } from './completed-stream.ts';
export { mapBounded } from './map-bounded.ts';
export {
  GraceExceededError,
  ReturnedEarlyError,
  type Run,
  type RunAllOptions,
  runAll,
} from './run-all.ts';
export { shutdownSignal } from './shutdown.ts';
export {
  aborted,
  type DerivedSignal,
  deadlineSignal,
  deriveSignal,
  isAbortError,
  type Nap,
  openNap,
  raceSignal,
  sleep,
  sleepUntilAborted,
} from './signals.ts';
