import { createHash } from 'node:crypto';
import { deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Answer, Answerer } from '../answers/answerer.ts';
import type { ConfigRef } from '../domain/completion.ts';
import { type ChangeLog, type LoggedChange, refsOfChange } from './change-log.ts';

/** Configs answered for at once. */
const BATCH_MAX = 200;
/** Time alone makes a view unknown, and tells nobody. */
const LOOK_EVERY_MS = 500;

/** What a subscriber is told. */
export type FeedMessage =
  /** What was told before is void: the configs that follow up to `snapshot-end` are all there are. */
  | { kind: 'snapshot-begin' }
  | { kind: 'snapshot-end'; seq: number }
  | { kind: 'changed'; answer: Answer }
  /** Known nowhere any more. */
  | { kind: 'removed'; ref: ConfigRef }
  /** Everything up to this number has been told. */
  | { kind: 'bookmark'; seq: number }
  /** Whether the view is to be trusted; until it is, everything told is UNKNOWN. */
  | { kind: 'view'; unknownReason: string };

export interface FeedQuery {
  /** Undefined: all. */
  readonly env: string | undefined;
  readonly id: string | undefined;
  /** Go on after this change; undefined: begin with a snapshot. */
  readonly after: number | undefined;
}

export interface CompletionFeedDeps {
  answerer: Answerer;
  changes: ChangeLog;
  /** Every config that the query is about, also those that only MySQL knows. */
  refs: (query: FeedQuery) => Promise<readonly ConfigRef[]>;
}

/**
 * The states of many configs as one subscriber has yet to hear them. What changes while the subscriber
 * is busy is remembered once for each config, never queued: it is bounded by the number of configs,
 * and the newest state is what is told. Disposal ends the subscription.
 */
export class CompletionFeed implements Disposable {
  readonly #deps: CompletionFeedDeps;
  readonly #query: FeedQuery;
  readonly #dirty = new Map<string, ConfigRef>();
  /** What was told last of each config, as a hash. */
  readonly #told = new Map<string, string>();
  readonly #unsubscribe: () => void;
  #seq: number;
  #wake: (() => void) | undefined;
  #toldUnknown: string | undefined;

  constructor(deps: CompletionFeedDeps, query: FeedQuery) {
    this.#deps = deps;
    this.#query = query;
    this.#seq = deps.changes.seq;
    this.#unsubscribe = deps.changes.subscribe((change, seq) => {
      this.#seq = seq;
      this.#mark(change);
      this.#wake?.();
    });
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  /** Tells until the signal fires, and rejects then. */
  async *messages(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    yield* this.#viewMessages();
    const missed = this.#missed();
    if (missed) {
      for (const change of missed) this.#mark(change);
    } else {
      yield { kind: 'snapshot-begin' };
      yield* this.#snapshot(signal);
    }
    for (;;) {
      yield* this.#viewMessages();
      if (this.#toldUnknown === '' && this.#dirty.size > 0) {
        yield* this.#tellDirty(signal);
        continue;
      }
      await this.#pause(signal);
    }
  }

  /** Changes since the subscriber left; undefined: nobody knows them any more. */
  #missed(): readonly LoggedChange[] | undefined {
    const { after } = this.#query;
    return after === undefined ? undefined : this.#deps.changes.since(after);
  }

  async *#snapshot(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    // Nothing is known of a view that is not trusted: its snapshot would say so of each config.
    while (this.#toldUnknown !== '') {
      await this.#pause(signal);
      yield* this.#viewMessages();
    }
    for (const ref of await this.#deps.refs(this.#query)) this.#dirty.set(keyOf(ref), ref);
    let seq = this.#seq;
    while (this.#dirty.size > 0) {
      seq = this.#seq;
      yield* this.#tellBatch(signal);
    }
    yield { kind: 'snapshot-end', seq };
  }

  async *#tellDirty(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const seq = this.#seq;
    yield* this.#tellBatch(signal);
    if (this.#dirty.size === 0) yield { kind: 'bookmark', seq };
  }

  async *#tellBatch(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const { answerer } = this.#deps;
    const batch = [...this.#dirty.values()].slice(0, BATCH_MAX);
    for (const ref of batch) this.#dirty.delete(keyOf(ref));
    const accepted = await answerer.accepted(batch);
    signal.throwIfAborted();
    const answers = await answerer.answers(batch, accepted);
    const found = new Map(answers.map((answer) => [keyOf(answer), answer]));
    for (const ref of batch) {
      const answer = found.get(keyOf(ref));
      if (answer?.completion.state === 'UNKNOWN' && this.#deps.answerer.unknownReason()) {
        // The view was lost meanwhile: told as such, and the config once it is back.
        this.#dirty.set(keyOf(ref), ref);
        continue;
      }
      const message = answer ? this.#toTell(answer) : this.#toForget(ref);
      if (message) yield message;
    }
  }

  /** Undefined: it was told already. */
  #toTell(answer: Answer): FeedMessage | undefined {
    const key = keyOf(answer);
    const hash = hashOf(answer);
    if (this.#told.get(key) === hash) return undefined;
    this.#told.set(key, hash);
    return { kind: 'changed', answer };
  }

  /** A subscriber that came back may have heard of it before. */
  #toForget(ref: ConfigRef): FeedMessage | undefined {
    const isKnown = this.#told.delete(keyOf(ref)) || this.#query.after !== undefined;
    return isKnown ? { kind: 'removed', ref } : undefined;
  }

  *#viewMessages(): Generator<FeedMessage> {
    const { answerer } = this.#deps;
    const isRebuilt = answerer.view.isReady;
    const unknownReason =
      answerer.unknownReason() ?? (isRebuilt ? '' : 'etcd is being rebuilt or has no epoch');
    // How long it has been unknown changes all the time, and is no news.
    if (this.#toldUnknown !== undefined && (this.#toldUnknown === '') === (unknownReason === '')) {
      return;
    }
    this.#toldUnknown = unknownReason;
    yield { kind: 'view', unknownReason };
  }

  #mark(change: LoggedChange): void {
    const { env, id } = this.#query;
    if (env !== undefined && change.env !== undefined && change.env !== env) return;
    if (id !== undefined && change.id !== undefined && change.id !== id) return;
    const about = {
      ...((change.env ?? env) !== undefined && { env: change.env ?? env }),
      ...(change.id !== undefined && { id: change.id }),
    } as LoggedChange;
    for (const ref of refsOfChange(this.#deps.answerer.view, about)) {
      if (id === undefined || ref.id === id) this.#dirty.set(keyOf(ref), ref);
    }
    // Of a list that replaced the view: what was told and is not there any more is looked at, too.
    if (change.id === undefined) {
      for (const key of this.#told.keys()) {
        const ref = refOf(key);
        if (about.env === undefined || ref.env === about.env) this.#dirty.set(key, ref);
      }
    }
  }

  /** Until something changes, or it is time to look whether the view is still trusted. */
  async #pause(signal: AbortSignal): Promise<void> {
    using look = deadlineSignal(signal, LOOK_EVERY_MS);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await raceSignal(promise, look.signal).catch(() => undefined);
    this.#wake = undefined;
    signal.throwIfAborted();
  }
}

function keyOf({ env, id }: ConfigRef): string {
  return `${env}/${id}`;
}

function refOf(key: string): ConfigRef {
  const at = key.indexOf('/');
  return { env: key.slice(0, at), id: key.slice(at + 1) };
}

/** Of what a subscriber would call a change: not how new the answer is. */
function hashOf({ completion, acceptedKnown, lostSince }: Answer): string {
  const text = JSON.stringify([completion, acceptedKnown, [...lostSince]]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
