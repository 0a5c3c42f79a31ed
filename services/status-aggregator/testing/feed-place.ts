import { setImmediate as turn } from 'node:timers/promises';
import type { Answer } from '../answers/answerer.ts';
import { type ConfigRef, completionOf } from '../domain/completion.ts';
import type { Accepted, Facts } from '../domain/facts.ts';
import { Story } from '../domain/testing/story.ts';
import { View } from '../domain/view.ts';
import type { AcceptedAnswer } from '../store/accepted-reader.ts';
import { ChangeLog } from '../streams/change-log.ts';
import { CompletionFeed, type FeedMessage, type FeedQuery } from '../streams/completion-feed.ts';

/** Turns of the event loop in which a feed without anything to wait for has told all it has to. */
const TURNS = 50;

/** A view that a story is told to, with a MySQL of rows and an ear for feeds. */
export class FeedPlace {
  readonly story = new Story().ready();
  readonly changes = new ChangeLog();
  readonly rows = new Map<string, Accepted>();
  minAgents = 1;
  unknownReason: string | undefined;
  /** Whether MySQL answers those who ask, and whether it answered when it was last looked at. */
  mysqlAnswers = true;
  acceptedKnown = true;
  nowMs = 0;
  /** Questions to MySQL. */
  asked = 0;
  /** Called at each question to MySQL, before it is answered. */
  onAsked: () => void = () => undefined;
  #view = new View();

  constructor() {
    this.relist();
  }

  get view(): View {
    return this.#view;
  }

  get isWhole(): boolean {
    return this.unknownReason === undefined && this.#view.isReady;
  }

  /** The watch brings what happened in the story. */
  watch(): void {
    this.changes.changed(this.#view.apply(this.story.take(), this.story.revision, 1));
  }

  /** A list brings it. */
  relist(): void {
    this.story.take();
    const before = this.#view;
    this.#view = new View();
    this.#view.load(this.story.list(), 1);
    this.#view.settle(this.story.revision, before);
    this.changes.listed(this.#view, before);
  }

  feed(query: Partial<FeedQuery> = {}): FeedReader {
    const { changes } = this;
    const answerer = {
      view: () => this.#view,
      isWhole: () => this.isWhole,
      unknownReason: () => this.unknownReason,
      accepted: async () => await this.#accepted(),
      answers: async (refs: readonly ConfigRef[], accepted: AcceptedAnswer) =>
        this.#answers(refs, accepted),
    };
    const feed = new CompletionFeed(
      {
        answerer: {
          ...answerer,
          get view() {
            return answerer.view();
          },
          get isWhole() {
            return answerer.isWhole();
          },
        },
        changes,
        refs: async ({ env, id }) => this.#refs(env, id),
        acceptedKnown: () => this.acceptedKnown,
        clock: { monotonicMs: () => this.nowMs },
      },
      { env: undefined, id: undefined, after: undefined, ...query },
    );
    return new FeedReader(feed);
  }

  async #accepted(): Promise<AcceptedAnswer> {
    this.asked += 1;
    const known = this.mysqlAnswers;
    this.onAsked();
    return {
      known,
      accepted: ({ env, id }) => (known ? this.rows.get(`${env}/${id}`) : undefined),
      minAgents: () => this.minAgents,
    };
  }

  #answers(refs: readonly ConfigRef[], accepted: AcceptedAnswer): Answer[] {
    const revision = Number(this.#view.revision);
    const asOf = { revision, epoch: this.#view.epoch ?? 0, lagMs: 0 };
    return refs.flatMap((ref) => {
      const facts: Facts = {
        unknownReason: this.unknownReason,
        acceptedKnown: accepted.known,
        accepted: accepted.accepted(ref),
        minAgents: accepted.minAgents(ref.env),
      };
      const completion = completionOf(this.#view, ref, facts);
      const about = { acceptedKnown: accepted.known, lostSince: new Map<string, Date>() };
      return completion ? [{ ...ref, completion, asOf, ...about }] : [];
    });
  }

  #refs(only: string | undefined, onlyId: string | undefined): ConfigRef[] {
    const keys = [...this.#view.envs].flatMap(({ name, ids }) => ids.map((id) => `${name}/${id}`));
    return [...new Set([...keys, ...this.rows.keys()])]
      .map((key) => ({ env: key.split('/')[0] ?? '', id: key.split('/')[1] ?? '' }))
      .filter(({ env, id }) => (only ?? env) === env && (onlyId ?? id) === id);
  }
}

/** A subscriber that reads when it is told to. Dispose it. */
export class FeedReader implements AsyncDisposable {
  readonly #feed: CompletionFeed;
  readonly #stop = new AbortController();
  readonly #messages: AsyncGenerator<FeedMessage>;
  #next: Promise<IteratorResult<FeedMessage>> | undefined;
  /** Of the newest `snapshot-end` or `bookmark`. */
  seq: number | undefined;

  constructor(feed: CompletionFeed) {
    this.#feed = feed;
    this.#messages = feed.messages(this.#stop.signal);
  }

  /** At most `max` messages in short words: all there are without waiting. */
  async read(max = Number.POSITIVE_INFINITY): Promise<string[]> {
    const words: string[] = [];
    while (words.length < max) {
      const message = await this.#soon();
      if (!message) break;
      words.push(this.#wordOf(message));
    }
    return words;
  }

  async #soon(): Promise<FeedMessage | undefined> {
    this.#next ??= this.#messages.next();
    const result = await Promise.race([this.#next, turns()]);
    if (!result) return undefined;
    this.#next = undefined;
    return result.value as FeedMessage;
  }

  #wordOf(message: FeedMessage): string {
    switch (message.kind) {
      case 'changed': {
        const { env, id, completion } = message.answer;
        return `${env}/${id} ${completion.generation} ${completion.state}`;
      }
      case 'removed':
        return `${message.ref.env}/${message.ref.id} removed`;
      case 'view': {
        const without = message.acceptedKnown ? '' : ' without mysql';
        return `view ${message.epoch} ${message.unknownReason || 'known'}${without}`;
      }
      case 'snapshot-begin':
        return 'begin';
      default:
        this.seq = message.seq;
        return message.kind === 'bookmark' ? 'bookmark' : 'end';
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#feed[Symbol.dispose]();
    await this.#next?.catch(() => undefined);
    await this.#messages.return(undefined);
  }
}

/** Resolves after enough turns of the event loop. */
async function turns(): Promise<undefined> {
  for (let count = 0; count < TURNS; count += 1) await turn();
}
