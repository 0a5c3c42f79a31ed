import { type Clock, deadlineSignal, raceSignal } from '#libs/lifecycle';
import type { Answer, Answerer } from '../answers/answerer.ts';
import type { ConfigRef } from '../domain/completion.ts';
import { Backlog } from './backlog.ts';
import type { ChangeLog, LoggedChange } from './change-log.ts';
import { ToldStates } from './told-states.ts';

/** Configs answered for at once. */
const BATCH_MAX = 200;
/** Time alone makes a view unknown, and tells nobody. Also between two questions to MySQL that failed. */
const LOOK_EVERY_MS = 500;
/** Changes elsewhere after which a subscriber gets a newer number: its own would soon be forgotten. */
const BOOKMARK_AFTER = 1_000;

/** What a subscriber is told. */
export type FeedMessage =
  /** What was told before is void: the configs that follow up to `snapshot-end` are all there are. */
  | { kind: 'snapshot-begin' }
  | { kind: 'snapshot-end'; seq: number }
  | { kind: 'changed'; answer: Answer }
  /** Not listed any more. */
  | { kind: 'removed'; ref: ConfigRef }
  /** Everything up to this number has been told. */
  | { kind: 'bookmark'; seq: number }
  | ({ kind: 'view' } & ViewNews);

/** What holds for every config at once. */
export interface ViewNews {
  /** Why the view is not to be trusted, and everything told is UNKNOWN; empty: it is. */
  readonly unknownReason: string;
  readonly epoch: number;
  /** Whether MySQL answers. */
  readonly acceptedKnown: boolean;
}

export interface FeedQuery {
  /** Undefined: all. */
  readonly env: string | undefined;
  readonly id: string | undefined;
  /** Go on after this change; undefined: begin with a snapshot. */
  readonly after: number | undefined;
}

export interface CompletionFeedDeps {
  answerer: Pick<Answerer, 'view' | 'unknownReason' | 'isWhole' | 'accepted' | 'answers'>;
  changes: Pick<ChangeLog, 'seq' | 'since' | 'subscribe'>;
  /** Every config that the query is about, also those that only MySQL knows. */
  refs: (query: FeedQuery) => Promise<readonly ConfigRef[]>;
  /** Whether MySQL answered when it was last asked. */
  acceptedKnown: () => boolean;
  clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * The states of many configs as one subscriber has yet to hear them: never a queue of messages, always
 * the newest state. While the view is not trusted no config is told of. Disposal ends the subscription.
 */
export class CompletionFeed implements Disposable {
  readonly #deps: CompletionFeedDeps;
  readonly #query: FeedQuery;
  readonly #backlog = new Backlog();
  readonly #told = new ToldStates();
  /** Told of without MySQL: looked at again once it answers. */
  readonly #unsure = new Backlog();
  #unsureAtMs = 0;
  readonly #unsubscribe: () => void;
  /** Number of the newest change that is in the backlog or told. */
  #seq: number;
  /** Number that the subscriber got last. */
  #given = 0;
  #isResumed = false;
  #wake: (() => void) | undefined;
  #toldView: ViewNews | undefined;

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
    yield* this.#viewNews();
    const { after } = this.#query;
    const missed = after === undefined ? undefined : this.#deps.changes.since(after);
    if (missed) await this.#resume(missed);
    else yield* this.#snapshot(signal);
    for (;;) {
      yield* this.#viewNews();
      this.#lookAgain();
      if (this.#backlog.isEmpty) yield* this.#bookmark(this.#seq, BOOKMARK_AFTER);
      if (this.#backlog.isEmpty || !this.#deps.answerer.isWhole) await this.#pause(signal);
      else yield* this.#tellBacklog(signal);
    }
  }

  /** `missed`: what changed since the subscriber left. */
  async #resume(missed: readonly LoggedChange[]): Promise<void> {
    this.#isResumed = true;
    this.#given = this.#query.after ?? 0;
    for (const change of missed) this.#mark(change);
    // A change of their environment does not find those that only MySQL knows.
    const { view } = this.#deps.answerer;
    for (const ref of await this.#deps.refs(this.#query)) {
      if (!view.env(ref.env)?.entries.has(ref.id)) this.#backlog.add(ref);
    }
  }

  async *#snapshot(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    while (!this.#deps.answerer.isWhole) {
      await this.#pause(signal);
      yield* this.#viewNews();
    }
    yield { kind: 'snapshot-begin' };
    const seq = this.#seq;
    this.#backlog.clear();
    yield* this.#tell(await this.#deps.refs(this.#query), signal);
    // What was told without MySQL has to be told again to who comes back.
    this.#given = this.#unsure.isEmpty ? seq : 0;
    yield { kind: 'snapshot-end', seq: this.#given };
  }

  async *#tellBacklog(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    // Whatever changes from now on is for the next time: every time comes to its end.
    const seq = this.#seq;
    const refs = this.#backlog.take(this.#deps.answerer.view, this.#told);
    let isNews = false;
    for await (const message of this.#tell(
      refs.filter((ref) => this.#concerns(ref)),
      signal,
    )) {
      isNews = true;
      yield message;
    }
    yield* this.#bookmark(seq, isNews ? 1 : BOOKMARK_AFTER);
  }

  async *#tell(refs: readonly ConfigRef[], signal: AbortSignal): AsyncGenerator<FeedMessage> {
    for (let from = 0; from < refs.length; from += BATCH_MAX) {
      const batch = refs.slice(from, from + BATCH_MAX);
      let answers = await this.#answers(batch, signal);
      while (!answers) {
        yield* this.#viewNews();
        await this.#pause(signal);
        yield* this.#viewNews();
        answers = await this.#answers(batch, signal);
      }
      const found = new Map(answers.map((answer) => [`${answer.env}/${answer.id}`, answer]));
      for (const ref of batch) {
        const message = this.#toTell(ref, found.get(`${ref.env}/${ref.id}`));
        if (message) yield message;
      }
    }
  }

  /** As of a moment at which the view was trusted; undefined: it is not now. */
  async #answers(
    batch: readonly ConfigRef[],
    signal: AbortSignal,
  ): Promise<readonly Answer[] | undefined> {
    const { answerer } = this.#deps;
    if (!answerer.isWhole) return undefined;
    const accepted = await answerer.accepted(batch);
    signal.throwIfAborted();
    if (!answerer.isWhole) return undefined;
    for (const ref of batch) {
      this.#backlog.delete(ref);
      if (!accepted.known) this.#unsure.add(ref);
    }
    return await answerer.answers(batch, accepted);
  }

  /** Undefined: nothing that was not told already. */
  #toTell(ref: ConfigRef, answer: Answer | undefined): FeedMessage | undefined {
    if (answer && !this.#isGone(answer)) {
      return this.#told.isNews(answer) ? { kind: 'changed', answer } : undefined;
    }
    // Who came back may have heard of it before.
    return this.#told.forget(ref) || this.#isResumed ? { kind: 'removed', ref } : undefined;
  }

  /** Deleted, and nothing of it is in etcd any more: lists do not have it, either. */
  #isGone({ env, id, completion }: Answer): boolean {
    const { deleted, state } = completion;
    if (!deleted || state === 'PENDING' || state === 'UNKNOWN') return false;
    return !this.#deps.answerer.view.env(env)?.entries.has(id);
  }

  *#viewNews(): Generator<FeedMessage> {
    const { answerer, acceptedKnown } = this.#deps;
    const { view } = answerer;
    const reason = answerer.unknownReason() ?? (view.isReady ? '' : 'etcd is being rebuilt');
    const before = this.#toldView;
    // How long it has been unknown changes all the time, and is no news.
    const wasSame = before && (before.unknownReason === '') === (reason === '');
    const unknownReason = wasSame ? before.unknownReason : reason;
    const now = { unknownReason, epoch: view.epoch ?? 0, acceptedKnown: acceptedKnown() };
    if (wasSame && before.epoch === now.epoch && before.acceptedKnown === now.acceptedKnown) return;
    this.#toldView = now;
    yield { kind: 'view', ...now };
  }

  /** Everything up to `seq` is told: says so when the subscriber's own number is at least so much older. */
  *#bookmark(seq: number, older: number): Generator<FeedMessage> {
    if (!this.#unsure.isEmpty || seq - this.#given < older) return;
    this.#given = seq;
    yield { kind: 'bookmark', seq };
  }

  /** MySQL may answer for what was told without it. */
  #lookAgain(): void {
    const { answerer, acceptedKnown, clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#unsure.isEmpty || !acceptedKnown()) return;
    if (nowMs - this.#unsureAtMs < LOOK_EVERY_MS) return;
    this.#unsureAtMs = nowMs;
    for (const ref of this.#unsure.take(answerer.view, this.#told)) this.#backlog.add(ref);
  }

  #mark(change: LoggedChange): void {
    const { env, id } = this.#query;
    if (!this.#concerns(change)) return;
    // All of it is no more than the one environment, or the one config of one, that is asked for.
    const isOne = env !== undefined && id !== undefined;
    if (isOne) this.#backlog.add({ env, id });
    else this.#backlog.add(change.env === undefined && env !== undefined ? { env } : change);
  }

  #concerns(change: LoggedChange): boolean {
    const { env, id } = this.#query;
    if (env !== undefined && change.env !== undefined && change.env !== env) return false;
    return id === undefined || change.id === undefined || change.id === id;
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
