// One real stream of etcd that many use, each as if it had one of its own.

import { type EtcdStream, EtcdUnavailableError } from '#libs/etcd';
import { raceSignal } from '#libs/lifecycle';

/** Answers that wait for a user who does not read; one more cuts it off. */
const UNREAD_MAX = 1_000;
/** A question without an answer for so long puts its stream in doubt: nobody joins it any more. */
const DOUBT_MS = 1_000;
/** Real streams at a time; beyond them the newest is joined, whatever its state. */
const STREAMS_MAX = 8;

/** Whose request and whose answer is whose, on one real stream. */
export interface Routes<Request, Response> {
  /** Sends a user's request on. What it throws breaks the stream for all. */
  send(user: Inbox<Response>, request: Request): void;
  /** Hands an answer to the user whom it is for. What it throws breaks the stream for all. */
  take(answer: Response): void;
  /** The user is gone, the others stay. */
  leave(user: Inbox<Response>): void;
  /** Since when the oldest question waits, on the clock of `performance.now`. */
  readonly askedAtMs: number | undefined;
}

export interface StreamPoolDeps<Request, Response> {
  /** For errors. */
  what: string;
  open: (signal: AbortSignal) => Promise<EtcdStream<Request, Response>>;
  routes: (write: (request: Request) => void) => Routes<Request, Response>;
}

/** What has come for one user and is not read yet. */
export class Inbox<Response> {
  readonly #what: string;
  #unread: Response[] = [];
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(what: string) {
    this.#what = what;
  }

  push(answer: Response): void {
    if (this.#failure) return;
    this.#unread.push(answer);
    if (this.#unread.length > UNREAD_MAX) {
      this.#unread = [];
      this.fail(new EtcdUnavailableError(this.#what, `${UNREAD_MAX} answers were not read`));
    }
    this.#wake();
  }

  /** What is unread can still be read; then reading throws. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** Ends by throwing. Read it once. */
  async *messages(): AsyncGenerator<Response> {
    for (;;) {
      while (this.#unread.length > 0) yield* this.#unread.splice(0);
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/**
 * Streams for users, over as few real ones as there can be: one, and a fresh one when that is in doubt.
 * A real stream that breaks breaks for all its users, and ends with the last of them.
 */
export class StreamPool<Request, Response> {
  readonly #deps: StreamPoolDeps<Request, Response>;
  readonly #streams = new Set<SharedStream<Request, Response>>();

  constructor(deps: StreamPoolDeps<Request, Response>) {
    this.#deps = deps;
  }

  async join(signal: AbortSignal): Promise<EtcdStream<Request, Response>> {
    return await this.#joinable().join(signal);
  }

  close(): void {
    const closed = new EtcdUnavailableError(this.#deps.what, 'client is closed');
    for (const stream of this.#streams) stream.end(closed);
  }

  #joinable(): SharedStream<Request, Response> {
    const newest = [...this.#streams].at(-1);
    if (newest && (!newest.isDoubtful || this.#streams.size >= STREAMS_MAX)) return newest;
    const fresh = new SharedStream(this.#deps, () => this.#streams.delete(fresh));
    this.#streams.add(fresh);
    return fresh;
  }
}

class SharedStream<Request, Response> {
  readonly #what: string;
  readonly #onEnd: () => void;
  readonly #users = new Set<Inbox<Response>>();
  readonly #closed = new AbortController();
  readonly #opened: Promise<EtcdStream<Request, Response>>;
  #routes: Routes<Request, Response> | undefined;

  constructor({ what, open, routes }: StreamPoolDeps<Request, Response>, onEnd: () => void) {
    this.#what = what;
    this.#onEnd = onEnd;
    this.#opened = open(this.#closed.signal).then((stream) => {
      this.#routes = routes((request) => stream.write(request));
      return stream;
    });
    void this.#read();
  }

  get isDoubtful(): boolean {
    const askedAtMs = this.#routes?.askedAtMs;
    return askedAtMs !== undefined && performance.now() - askedAtMs > DOUBT_MS;
  }

  async join(signal: AbortSignal): Promise<EtcdStream<Request, Response>> {
    const user = new Inbox<Response>(this.#what);
    this.#users.add(user);
    try {
      await raceSignal(this.#opened, signal);
    } catch (error) {
      this.#leave(user);
      throw error;
    }
    return {
      messages: user.messages(),
      write: (request) => this.#send(user, request),
      close: () => this.#leave(user),
    };
  }

  /** Breaks the stream for all. May be repeated. */
  end(error: Error): void {
    if (this.#closed.signal.aborted) return;
    this.#onEnd();
    this.#closed.abort();
    void this.#close();
    for (const user of this.#users) user.fail(error);
    this.#users.clear();
  }

  async #close(): Promise<void> {
    const stream = await this.#opened.catch(() => undefined);
    stream?.close();
  }

  async #read(): Promise<void> {
    try {
      for await (const answer of (await this.#opened).messages) this.#routes?.take(answer);
    } catch (error) {
      this.end(error as Error);
    }
  }

  #send(user: Inbox<Response>, request: Request): void {
    if (!this.#users.has(user)) return;
    try {
      this.#routes?.send(user, request);
    } catch (error) {
      this.end(error as Error);
    }
  }

  #leave(user: Inbox<Response>): void {
    if (!this.#users.delete(user)) return;
    const closed = new EtcdUnavailableError(this.#what, 'stream was closed');
    user.fail(closed);
    if (this.#users.size === 0) this.end(closed);
    else this.#routes?.leave(user);
  }
}
