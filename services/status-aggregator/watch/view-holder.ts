import type { KeyValue, ListWatchSink, SnapshotSink, WatchEvent } from '#libs/etcd';
import type { Clock } from '#libs/lifecycle';
import { View, type ViewChange } from '../domain/view.ts';
import type { ViewWatcher } from '../domain/view-watcher.ts';
import { StatusBounds } from './status-bounds.ts';

/** Told what the view goes through; called when the view shows it already. */
export interface ViewListener {
  /** A whole list replaced the view `before`; undefined: it is the first. */
  listed(list: ListedView, before: View | undefined): void;
  changed(change: ViewChange): void;
  /** The watch broke, or is up again. */
  connected(up: boolean): void;
  /** Everything up to this revision is shown. */
  shown(revision: bigint): void;
  /** A put of the own key was seen, at this revision of the key. */
  ownKeySeen(modRevision: bigint): void;
  /** etcd has another history than the one that the view shows. A list follows. */
  rewound?(): void;
}

/** The list behind a view. */
export interface ListedView {
  readonly revision: bigint;
  /** Where it has the own key; undefined: nowhere. */
  readonly ownRevision: bigint | undefined;
}

export interface ViewHolderDeps {
  /** Key of the own registration. */
  ownKey: string;
  listener: ViewListener;
  /** Sees what happens to the view. */
  watcher?: ViewWatcher;
  clock: Pick<Clock, 'now'>;
}

/** Keeps the current view: replaced as a whole by each list, moved on by events. */
export class ViewHolder implements ListWatchSink {
  readonly #deps: ViewHolderDeps;
  #view = new View();
  #isListed = false;

  constructor(deps: ViewHolderDeps) {
    this.#deps = deps;
  }

  /** Empty before the first list; the same object until the next one. */
  get view(): View {
    return this.#view;
  }

  /** Whether there was a list. */
  get isListed(): boolean {
    return this.#isListed;
  }

  begin(): SnapshotSink {
    const { ownKey, listener, watcher, clock } = this.#deps;
    const view = new View();
    const bounds = new StatusBounds(view);
    let ownRevision: bigint | undefined;
    return {
      boundAfter: (key) => bounds.after(key),
      page: (kvs: readonly KeyValue[]) => {
        view.load(kvs, clock.now());
        ownRevision ??= kvs.find(({ key }) => key === ownKey)?.modRevision;
      },
      commit: (revision) => {
        const before = this.#isListed ? this.#view : undefined;
        view.settle(revision, this.#view);
        watcher?.listed(view, before);
        this.#view = view;
        this.#isListed = true;
        if (ownRevision !== undefined) listener.ownKeySeen(ownRevision);
        listener.listed({ revision, ownRevision }, before);
      },
    };
  }

  events(events: readonly WatchEvent[], revision: bigint): void {
    const { ownKey, listener, watcher, clock } = this.#deps;
    // One by one: what holds at one revision and no longer at the next is seen, too.
    for (const batch of byRevision(events, revision)) {
      listener.changed(this.#view.apply(batch.events, batch.revision, clock.now(), watcher));
    }
    for (const event of events) {
      if (event.type === 'put' && event.kv.key === ownKey) {
        listener.ownKeySeen(event.kv.modRevision);
      }
    }
    listener.shown(revision);
  }

  progress(revision: bigint): void {
    this.#deps.listener.shown(revision);
  }

  connected(up: boolean): void {
    this.#deps.listener.connected(up);
  }

  rewound(): void {
    this.#deps.listener.rewound?.();
  }
}

/** The events of each revision, in order; the last are as of `revision`. */
function byRevision(
  events: readonly WatchEvent[],
  revision: bigint,
): { events: readonly WatchEvent[]; revision: bigint }[] {
  const groups: { events: readonly WatchEvent[]; revision: bigint }[] = [
    ...Map.groupBy(events, revisionOf),
  ].map(([at, of]) => ({ events: of, revision: at }));
  const last = groups.at(-1);
  if (last) last.revision = revision;
  else groups.push({ events, revision });
  return groups;
}

function revisionOf(event: WatchEvent): bigint {
  return event.type === 'put' ? event.kv.modRevision : event.modRevision;
}
