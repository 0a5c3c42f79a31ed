import type { IWatchRequest, IWatchResponse } from 'etcd3';
import { EtcdUnavailableError } from '#libs/etcd';
import type { Inbox, Routes } from './shared-stream.ts';

/** Users who ask for progress within this time share a question, and its answer. */
const GATHER_MS = 200;
/** Watches of one stream. */
const WATCHES_MAX = 100_000;

type User = Inbox<IWatchResponse>;

/** Gives every watch an id of its own on the real stream; its user sees the id that it chose. */
export class WatchRoutes implements Routes<IWatchRequest, IWatchResponse> {
  readonly #write: (request: IWatchRequest) => void;
  /** By the id on the real stream. */
  readonly #watches = new Map<string, { user: User; watch: string }>();
  /** Ids on the real stream by the user's own. */
  readonly #idsOf = new Map<User, Map<string, string>>();
  /** When each watch that is not created yet was asked for, the oldest first. */
  readonly #creating = new Map<string, number>();
  readonly #progress: ProgressQuestions;
  #created = 0;

  constructor(write: (request: IWatchRequest) => void) {
    this.#write = write;
    this.#progress = new ProgressQuestions(() => write({ progress_request: {} }));
  }

  get askedAtMs(): number | undefined {
    const [creatingAtMs] = this.#creating.values();
    return creatingAtMs ?? this.#progress.askedAtMs;
  }

  send(user: User, { create_request, cancel_request, progress_request }: IWatchRequest): void {
    if (create_request) this.#create(user, create_request);
    if (cancel_request) {
      const id = this.#idsOf.get(user)?.get(String(cancel_request.watch_id));
      if (id !== undefined) this.#write({ cancel_request: { watch_id: id } });
    }
    if (progress_request) this.#progress.ask(user);
  }

  take(answer: IWatchResponse): void {
    if (Number(answer.watch_id) <= 0) {
      this.#takeForNoWatch(answer);
      return;
    }
    const found = this.#watches.get(answer.watch_id);
    if (answer.created || answer.canceled) this.#creating.delete(answer.watch_id);
    // Of a user who has left, between the cancel and its answer.
    if (!found) return;
    const { user, watch } = found;
    if (answer.canceled) this.#forget(user, watch);
    user.push({ ...answer, watch_id: watch });
  }

  leave(user: User): void {
    this.#progress.leave(user);
    for (const [watch, id] of this.#idsOf.get(user) ?? []) {
      this.#forget(user, watch);
      this.#write({ cancel_request: { watch_id: id } });
    }
  }

  #create(user: User, request: NonNullable<IWatchRequest['create_request']>): void {
    if (this.#watches.size >= WATCHES_MAX) {
      throw new EtcdUnavailableError('watch', `more than ${WATCHES_MAX} watches on a stream`);
    }
    // 0 would mean "choose one": so ids begin at 1.
    this.#created += 1;
    const id = String(this.#created);
    const watch = String(request.watch_id);
    const ids = this.#idsOf.get(user) ?? new Map<string, string>();
    this.#idsOf.set(user, ids.set(watch, id));
    this.#watches.set(id, { user, watch });
    this.#creating.set(id, performance.now());
    this.#write({ create_request: { ...request, watch_id: id } });
  }

  #takeForNoWatch(answer: IWatchResponse): void {
    if (answer.canceled) throw new EtcdUnavailableError('watch', answer.cancel_reason);
    this.#progress.answer(answer);
  }

  #forget(user: User, watch: string): void {
    const ids = this.#idsOf.get(user);
    const id = ids?.get(watch) ?? '';
    ids?.delete(watch);
    if (ids?.size === 0) this.#idsOf.delete(user);
    this.#watches.delete(id);
    this.#creating.delete(id);
  }
}

/** Makes one question of those that come shortly after each other. */
class ProgressQuestions {
  readonly #send: () => void;
  /** Whose question is gathered, and whose is on its way. */
  readonly #asking = new Set<User>();
  readonly #asked = new Set<User>();
  askedAtMs: number | undefined;

  constructor(send: () => void) {
    this.#send = send;
  }

  ask(user: User): void {
    this.#asking.add(user);
    if (this.#asking.size === 1) setTimeout(() => this.#askNow(), GATHER_MS);
  }

  answer(answer: IWatchResponse): void {
    for (const user of this.#asked) user.push(answer);
    this.#asked.clear();
    this.askedAtMs = undefined;
  }

  leave(user: User): void {
    this.#asking.delete(user);
    this.#asked.delete(user);
  }

  #askNow(): void {
    if (this.#asking.size === 0) return;
    for (const user of this.#asking) this.#asked.add(user);
    this.#asking.clear();
    this.askedAtMs ??= performance.now();
    this.#send();
  }
}
