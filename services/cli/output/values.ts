import { dateFromTimestamp } from '#libs/grpc';

type TimestampLike = Parameters<typeof dateFromTimestamp>[0];

/** ISO 8601 to the second, for people; empty when unknown. */
export function timeText(time: TimestampLike | null): string {
  return time ? `${dateFromTimestamp(time).toISOString().slice(0, 19)}Z` : '';
}

/** An enum's value without the name of the enum. */
export function withoutPrefix(value: string, prefix: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}
