/** google.protobuf.Timestamp or Duration: `seconds` since 1970 or of length, `nanos` 0 to 999,999,999. */
export interface SecondsAndNanos {
  seconds: number;
  nanos: number;
}

export function timestampFromDate(date: Date): SecondsAndNanos {
  return durationFromMs(date.getTime());
}

/** A Timestamp out of ISO 8601 text, or null when it is not a time. */
export function timestampFromIso(text: string): SecondsAndNanos | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : durationFromMs(ms);
}

export function dateFromTimestamp(timestamp: SecondsAndNanos): Date {
  return new Date(timestamp.seconds * 1000 + Math.floor(timestamp.nanos / 1e6));
}

export function durationFromMs(ms: number): SecondsAndNanos {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
