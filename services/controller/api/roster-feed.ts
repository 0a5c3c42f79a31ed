import { raceSignal } from '#libs/lifecycle';
import type { RosterChange } from '../membership/roster-change.ts';
import type { RosterView } from '../membership/roster-view.ts';

/** A change that a watching caller is told of. */
export type FeedChange = Extract<RosterChange, { kind: 'agent' | 'left' | 'synced' }>;

/**
 * The roster as one caller has yet to hear it: a snapshot, `synced`, then changes. Changes of one
 * agent that the caller was too slow for are merged, so that it is bounded by the number of agents.
 * Disposal ends the subscription.
 */
export class RosterFeed implements Disposable {
  readonly #waiting = new Map<string, FeedChange>();
  readonly #env: string | undefined;
  readonly #unsubscribe: () => void;
  #wake: PromiseWithResolvers<void> | undefined;

  constructor(view: RosterView, env: string | undefined) {
    this.#env = env;
    this.#unsubscribe = view.subscribe((change) => this.#add(change));
    const revision = view.asOfRevision ?? 0n;
    for (const agent of view.agents(env)) this.#add({ kind: 'agent', agent, revision });
    this.#waiting.set('', { kind: 'synced', revision });
  }

  /** Waits for changes until the signal fires, and rejects then. */
  async *changes(signal: AbortSignal): AsyncGenerator<FeedChange> {
    for (;;) {
      for (const [key, change] of this.#waiting) {
        this.#waiting.delete(key);
        yield change;
      }
      if (this.#waiting.size > 0) continue;
      this.#wake = Promise.withResolvers();
      await raceSignal(this.#wake.promise, signal);
    }
  }

  #add(change: RosterChange): void {
    if (change.kind !== 'agent' && change.kind !== 'left') return;
    const { env, name } = change.kind === 'agent' ? change.agent : change;
    if (this.#env !== undefined && env !== this.#env) return;
    this.#waiting.set(`${env}/${name}`, change);
    this.#wake?.resolve();
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }
}
