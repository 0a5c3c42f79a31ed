/**
 * Runs the same work for many callers, one run at a time. Each is answered by a run that began after it
 * asked; those that ask during a run share the next one.
 */
export class SharedRun<T> {
  readonly #work: () => Promise<T>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | undefined;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** Settles as the run does that answers it. */
  async ask(): Promise<T> {
    this.#next ??= this.#runAfter(this.#running);
    return await this.#next;
  }

  async #runAfter(before: Promise<unknown>): Promise<T> {
    await Promise.allSettled([before]);
    const run = this.#work();
    this.#running = run;
    this.#next = undefined;
    return await run;
  }
}
