import type { KeyRef } from '#libs/keyspace';
import type { View } from './view.ts';
import type { ViewEvent } from './view-event.ts';

/** Sees what a view goes through. Called within the change, so it has to be quick. */
export interface ViewWatcher {
  /** Just before, and just after, each event that follows a list. */
  before(ref: KeyRef, event: ViewEvent, view: View): void;
  after(ref: KeyRef, event: ViewEvent, view: View): void;
  /** No more events of this batch: the view is that of a whole revision. */
  end(view: View): void;
  /** A list made a new view, in place of `before`; undefined: it is the first. */
  listed(view: View, before: View | undefined): void;
}
