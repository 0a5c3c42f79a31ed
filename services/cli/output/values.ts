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

// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Text of others on one line of a terminal: what an agent says cannot steer it. */
export function oneLine(text: string): string {
  return text.replaceAll(CONTROL, ' ');
}
