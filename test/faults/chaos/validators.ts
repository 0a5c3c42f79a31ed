// One validator for each promise: pure functions over a history. `kept` is what MySQL holds at its end.

import { type Event, type History, type Kept, keyOf, type OnDisk, type Said } from './history.ts';

/** A promise that a history breaks. */
export interface Broken {
  readonly promise: string;
  readonly what: string;
  /** The event that breaks it. */
  readonly event: Event;
}

/** What an answer may take beyond its deadline. */
const MARGIN_MS = 3_000;
/** Faults that take something of what etcd or MySQL hold. */
const TAKING = /^(etcd: (wipe|restore|emptied|garbage)|mysql: restore)/;

/** Whether a fault takes something from etcd or MySQL that was there. */
export function isTaking(name: string): boolean {
  return TAKING.test(name);
}

type Validator = (history: History) => Iterable<Broken>;

/** Generations by config and mark: the lowest that brought it, since a mark can come again. */
class Generations {
  readonly #all = new Map<string, Kept[]>();

  constructor(kept: readonly Kept[]) {
    for (const entry of kept) {
      const list = this.#all.get(keyOf(entry)) ?? [];
      list.push(entry);
      this.#all.set(keyOf(entry), list);
    }
    for (const list of this.#all.values()) list.sort((a, b) => a.generation - b.generation);
  }

  get(key: string, generation: number): Kept | undefined {
    return this.#all.get(key)?.find((entry) => entry.generation === generation);
  }

  /** The highest generation with this content: what is on a disk is at most this new. */
  highest(key: string, mark: string): number {
    const found = this.#all.get(key)?.findLast((entry) => !entry.deleted && entry.mark === mark);
    return found?.generation ?? 0;
  }

  lowest(key: string, mark: string): number {
    const found = this.#all.get(key)?.find((entry) => !entry.deleted && entry.mark === mark);
    return found?.generation ?? 0;
  }

  hasDeleteBetween(key: string, above: number, upTo: number): boolean {
    return (this.#all.get(key) ?? []).some(
      ({ deleted, generation }) => deleted && generation > above && generation <= upTo,
    );
  }

  newest(key: string): Kept | undefined {
    return this.#all.get(key)?.at(-1);
  }
}

/** Every write that was acknowledged is in MySQL, as it was acknowledged. */
function* nothingLost(history: History): Iterable<Broken> {
  const generations = new Generations(history.of('kept'));
  for (const event of history.of('write')) {
    if (event.generation === undefined) continue;
    const kept = generations.get(keyOf(event), event.generation);
    const isRight =
      kept &&
      kept.deleted === (event.kind === 'delete') &&
      (kept.deleted || kept.mark === event.mark);
    if (isRight) continue;
    const found = kept?.deleted ? 'a delete' : (kept?.mark ?? 'nothing');
    const what = `${keyOf(event)} generation ${event.generation}: acknowledged ${event.kind} ${event.mark}, MySQL has ${found}`;
    yield { promise: 'nothing acknowledged is lost', what, event };
  }
}

/** Generations of a config only rise, for who writes it and on every disk. */
function* generationsRise(history: History): Iterable<Broken> {
  const promise = 'generations do not go back';
  const acknowledged = new Map<string, number>();
  for (const event of history.of('write')) {
    if (event.generation === undefined) continue;
    const before = acknowledged.get(keyOf(event)) ?? 0;
    const isRight = event.changed ? event.generation > before : event.generation >= before;
    if (!isRight) {
      const what = `${keyOf(event)}: generation ${event.generation} was acknowledged after ${before}`;
      yield { promise, what, event };
    }
    acknowledged.set(keyOf(event), Math.max(before, event.generation));
  }
  const generations = new Generations(history.of('kept'));
  const onDisk = new Map<string, number>();
  for (const event of history.of('disk')) {
    if (event.mark === undefined) continue;
    const at = `${event.agent} ${keyOf(event)}`;
    const before = onDisk.get(at) ?? 0;
    const now = generations.highest(keyOf(event), event.mark);
    if (now < before) yield { promise, what: `${at}: ${now} is on disk after ${before}`, event };
    onDisk.set(at, Math.max(before, generations.lowest(keyOf(event), event.mark)));
  }
}

/** A file goes only when its config was deleted, at a generation above the file's. */
function* nothingDeletedWrongly(history: History): Iterable<Broken> {
  const generations = new Generations(history.of('kept'));
  const before = new Map<string, OnDisk>();
  for (const event of history.of('disk')) {
    const at = `${event.agent} ${keyOf(event)}`;
    const last = before.get(at);
    before.set(at, event);
    if (event.mark !== undefined || last?.mark === undefined) continue;
    const was = generations.lowest(keyOf(event), last.mark);
    const asked = history
      .of('write')
      .some(
        (write) =>
          write.kind === 'delete' && keyOf(write) === keyOf(event) && write.startMs <= event.atMs,
      );
    if (asked && generations.hasDeleteBetween(keyOf(event), was, Number.POSITIVE_INFINITY))
      continue;
    const what = `${at}: generation ${was} is gone, and nobody deleted it`;
    yield { promise: 'no wrongful delete', what, event };
  }
}

/** Who says COMPLETE or DELETED is right about every agent that counts. */
function* nothingCompleteTooEarly(history: History): Iterable<Broken> {
  const generations = new Generations(history.of('kept'));
  for (const event of history.of('said')) {
    const isExact = event.state === 'COMPLETE' || event.state === 'DELETED';
    const isComplete = event.state.startsWith('COMPLETE');
    for (const [agent, mark] of Object.entries(event.disks)) {
      if (!isExact && !event.alive.includes(agent)) continue;
      const what = isComplete
        ? behind(generations, event, mark)
        : stillThere(generations, event, mark);
      if (what === undefined) continue;
      const said = `${keyOf(event)} ${event.state} ${event.generation}`;
      yield { promise: 'no false COMPLETE', what: `${said}: ${agent} ${what}`, event };
    }
  }
}

function behind(
  generations: Generations,
  said: Said,
  mark: string | undefined,
): string | undefined {
  const key = keyOf(said);
  if (mark === undefined) {
    // A later delete may have been as fast as the look at the disk.
    const isDeleted = generations.hasDeleteBetween(key, said.generation, Number.POSITIVE_INFINITY);
    return isDeleted ? undefined : 'has no file';
  }
  const has = generations.highest(key, mark);
  return has >= said.generation ? undefined : `has ${has} (${mark})`;
}

function stillThere(
  generations: Generations,
  said: Said,
  mark: string | undefined,
): string | undefined {
  if (mark === undefined) return undefined;
  const has = generations.highest(keyOf(said), mark);
  return has > said.generation ? undefined : `still has ${has} (${mark})`;
}

/** The same content again makes no new generation. */
function* equalIsNoChange(history: History): Iterable<Broken> {
  const last = new Map<string, { mark: string; generation: number }>();
  for (const event of history.of('write')) {
    const key = keyOf(event);
    const before = last.get(key);
    if (event.generation === undefined) {
      last.delete(key);
      continue;
    }
    const isSame = event.kind === 'set' && before?.mark === event.mark;
    if (isSame && event.generation !== before.generation) {
      const what = `${key}: ${event.generation} after ${before.generation}, with the same content`;
      yield { promise: 'equal content is no change', what, event };
    }
    if (event.kind === 'delete') last.delete(key);
    else last.set(key, { mark: event.mark, generation: event.generation });
  }
}

/** A wait ends by its deadline; SUPERSEDED only when there is something newer. */
function* waitsEnd(history: History): Iterable<Broken> {
  const generations = new Generations(history.of('kept'));
  for (const event of history.of('waited')) {
    const promise = 'waits end, and with the truth';
    const lateMs = event.endMs - event.deadlineMs;
    if (lateMs > MARGIN_MS) {
      yield { promise, what: `${keyOf(event)}: ended ${Math.round(lateMs)} ms late`, event };
    }
    const newest = generations.newest(keyOf(event))?.generation ?? 0;
    if (event.outcome === 'SUPERSEDED' && newest <= event.generation) {
      yield { promise, what: `${keyOf(event)} ${event.generation}: SUPERSEDED by nothing`, event };
    }
  }
}

/**
 * The epoch stays unless etcd or MySQL lost something, in this round or, if nobody has noticed it there,
 * in the last one: a pass may mend all that a restore took before the restore itself is noticed.
 */
function* epochStays(history: History): Iterable<Broken> {
  let before: number | undefined;
  let wasTaken = false;
  for (const event of history.of('rest')) {
    const isTaken = event.faults.some(isTaking);
    if (before !== undefined && event.epoch !== before && !isTaken && !wasTaken) {
      const what = `round ${event.round}: epoch ${event.epoch} after ${before}, faults: ${event.faults.join(', ')}`;
      yield { promise: 'no epoch change without a loss', what, event };
    }
    wasTaken = isTaken && (before === undefined || event.epoch === before);
    before = event.epoch;
  }
}

/** All promises, with their validators. */
export const VALIDATORS: Readonly<Record<string, Validator>> = {
  nothingLost,
  generationsRise,
  nothingDeletedWrongly,
  nothingCompleteTooEarly,
  equalIsNoChange,
  waitsEnd,
  epochStays,
};

/** Every promise that a history breaks, the earliest event first. */
export function validate(history: History): Broken[] {
  const order = new Map(history.events.map((event, index) => [event, index]));
  return Object.values(VALIDATORS)
    .flatMap((validator) => [...validator(history)])
    .sort((a, b) => (order.get(a.event) ?? 0) - (order.get(b.event) ?? 0));
}
