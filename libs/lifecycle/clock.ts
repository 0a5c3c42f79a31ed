/** Where time comes from. Injected, so that tests decide. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. For people and records, never for durations. */
  now(): number;
  /** Milliseconds of a clock that only goes forward. For every duration and deadline. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** `ms` moved by up to `fraction` of itself in either direction, evenly spread. */
export function jittered(ms: number, fraction: number, random: () => number = Math.random): number {
  return ms * (1 - fraction + 2 * fraction * random());
}
