import type { KeyValue, ListWatchSink, Revision, SnapshotSink, WatchEvent } from '#libs/etcd';

/**
 * A sink that keeps what a list-watch of one range tells it, and checks each call: lists complete
 * before events, revisions whole and rising, nothing twice.
 */
export class RecordingSink implements ListWatchSink {
  /** Values by key. */
  readonly content = new Map<string, string>();
  /** Revision of each commit. */
  readonly commits: Revision[] = [];
  readonly links: boolean[] = [];
  /** Broken promises, in words. */
  readonly broken: string[] = [];
  eventCount = 0;
  onCommit: (revision: Revision) => void = () => undefined;
  revision: Revision = 0n;

  begin(): SnapshotSink {
    const listed = new Map<string, string>();
    return {
      page: (kvs) => {
        for (const kv of kvs) {
          if (listed.has(kv.key)) this.broken.push(`${kv.key} listed twice`);
          listed.set(kv.key, text(kv));
        }
      },
      commit: (revision) => {
        this.content.clear();
        for (const [key, value] of listed) this.content.set(key, value);
        this.commits.push(revision);
        this.revision = revision;
        this.onCommit(revision);
      },
    };
  }

  events(events: readonly WatchEvent[], revision: Revision): void {
    if (this.commits.length === 0) this.broken.push('events before the first list');
    const first = this.revision;
    let last = first;
    for (const event of events) {
      this.eventCount += 1;
      const key = event.type === 'put' ? event.kv.key : event.key;
      const at = event.type === 'put' ? event.kv.modRevision : event.modRevision;
      if (at <= first) this.broken.push(`${key}: revision ${at} not above ${first}`);
      if (at < last) this.broken.push(`${key}: revision ${at} after ${last}`);
      last = at;
      if (event.type === 'put') this.content.set(key, text(event.kv));
      else if (!this.content.delete(key)) this.broken.push(`${key}: deleted but not there`);
    }
    if (revision !== last) this.broken.push(`said revision ${revision}, ends at ${last}`);
    this.revision = last;
  }

  connected(up: boolean): void {
    this.links.push(up);
  }
}

function text({ value }: KeyValue): string {
  return value.length > 64 ? `${value.length} bytes` : value.toString('utf8');
}
